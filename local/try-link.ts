import { openHttps } from '../worker/src/connections/https/open.ts'
import { httpsSchema } from '../worker/src/connections/https/schema.ts'
import { shareLink } from '../worker/src/connections/https/share-link.ts'
import { Failure } from '../worker/src/core/failure.ts'
import { formatSchema } from '../worker/src/core/source.ts'
import { openTable } from '../worker/src/formats/table.ts'

/*
 * Fetches an address as an import would, and says what it found: `npm run try-link -- URL`. It shows whether a service
 * still answers its share links as Muster expects. It sends no credentials, and prints the headers of the columns and the
 * number of the rows, but no row.
 */

/** The longest file that is tried, in bytes. */
const MOST_BYTES = 64 * 1024 * 1024

const [, , address] = process.argv
if (address === undefined) {
  console.error('Usage: npm run try-link -- URL')
  process.exit(2)
}
process.exitCode = await tryLink(address)

/** Returns the exit code: 0 if the address gives a file that can be read. */
async function tryLink(pasted: string): Promise<number> {
  const settings = httpsSchema.safeParse({ kind: 'https', url: pasted })
  if (!settings.success) {
    for (const { message } of settings.error.issues) console.error(message)
    return 2
  }
  const link = shareLink(new URL(pasted))
  console.log(link === null ? 'No share link that is known by its address.' : `A link of ${link.service}.`)
  if (link !== null && 'url' in link) console.log(`Fetches  ${link.url.href}`)
  try {
    const context = { allowLoopback: true, maxBytes: MOST_BYTES }
    const file = await openHttps(settings.data, context).open({ signal: AbortSignal.timeout(120_000), since: null })
    if (file === 'not_modified') throw new Error('An unconditional request was answered as unmodified')
    const bytes = new Uint8Array(await new Response(file.body).arrayBuffer())
    console.log(
      `Got      ${file.name}, ${bytes.length.toLocaleString('en')} bytes, changed ${file.modifiedAt ?? 'at an unknown time'}`,
    )
    await describe(file.name, bytes)
    return 0
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    console.error(`Failed   ${error.code}: ${error.message}\n         ${error.advice}`)
    return 1
  }
}

async function describe(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const source = {
    name,
    size: bytes.length,
    read: async (offset = 0, length = bytes.length - offset) =>
      new Blob([bytes.subarray(offset, offset + length)]).stream(),
  }
  const { type, details, batches } = await openTable(source, formatSchema.parse({}))
  let rows = 0
  let header: readonly string[] | undefined
  for await (const { cells } of batches) {
    header ??= cells[0]
    rows += cells.length
  }
  console.log(
    `Read as  ${type}${details.encoding === undefined ? '' : `, ${details.encoding}`}: ${rows} rows, the first one included`,
  )
  console.log(`Row 1    ${(header ?? []).join(' | ').slice(0, 500)}`)
}
