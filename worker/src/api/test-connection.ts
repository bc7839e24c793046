import { HostKeyFailure } from '../../../sftp-bridge/hostkey.ts'
import type { Choice, Choices, GivenFile } from '../connections/connection.ts'
import { givesRecords } from '../connections/facts.ts'
import { lookAt } from '../connections/first-look.ts'
import { type RecordColumn, recordColumns } from '../connections/mapping.ts'
import { openSource } from '../connections/open.ts'
import type { ConnectionSettings } from '../connections/schema.ts'
import type { ByteSource } from '../core/bytes.ts'
import { Failure } from '../core/failure.ts'
import type { MappingColumn, RowRule } from '../core/mapping.ts'
import type { SourceSettings } from '../core/source.ts'
import { suggestColumns } from '../core/suggestion.ts'
import type { Env } from '../env.ts'
import { readFields } from '../store/fields.ts'
import type { TestView } from './views.ts'

/** The most bytes of a file that a test reads. Only a run fetches a larger workbook whole. */
const MOST = 32 * 1024 * 1024
/** The most attributes of a CRM that a test without a mapping requests. */
const MOST_LIKELY = 20
/** How long a test may take, in milliseconds. */
const PATIENCE = 20_000

/**
 * Connects to the remote side, signs in, finds the file, reads its first rows and names its columns. `given` is the last
 * file of a source whose file is uploaded.
 */
export async function testConnection(
  env: Env,
  connection: ConnectionSettings,
  { format, mapping, rows }: Pick<SourceSettings, 'format' | 'mapping' | 'rows'>,
  given?: GivenFile,
): Promise<TestView> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(tooSlow()), PATIENCE)
  let choices: Choices = {}
  try {
    const remote = openSource(connection, env)
    const offered = await remote.choices?.(stop.signal)
    choices = offered?.choices ?? {}
    if (offered?.chosen === false) return { ok: true, ...choices, columns: [], rows: [] }
    const records = { columns: columnsToShow(choices, mapping, rows), changedSince: null }
    const fetched = await remote.open({ signal: stop.signal, since: null, records, ...(given && { given }) })
    if (fetched === 'not_modified') throw new Error('An unconditional request was answered as unmodified')
    const bytes = await beginning(fetched.body, givesRecords(connection) ? 1 : MOST)
    const { fields } = await readFields(env)
    const by = { connection, format, mapping, rows, fields: fields.values() }
    const { sheet, wrong, ...table } = await lookAt(held(fetched.name, bytes), by, stop.signal)
    return {
      ok: true,
      ...choices,
      file: {
        name: fetched.name,
        bytes: bytes.length,
        modifiedAt: fetched.modifiedAt,
        ...(sheet !== undefined && { sheet }),
      },
      ...table,
      ...(wrong !== null && failed(wrong)),
    }
  } catch (error) {
    return { ...choices, columns: [], rows: [], ...failed(error) }
  } finally {
    clearTimeout(timer)
    stop.abort()
  }
}

/**
 * Returns the columns to request from a service. If it lists its attributes, they are the mapped ones or, before
 * anything is mapped, those that look like an attribute of a contact. Otherwise returns null, for all attributes.
 */
function columnsToShow(
  { attributes }: Choices,
  mapping: MappingColumn[] | null,
  rules: readonly RowRule[],
): RecordColumn[] | null {
  if (attributes === undefined) return null
  return mapping === null ? likelyColumns(attributes) : recordColumns(mapping, rules)
}

function likelyColumns(attributes: readonly Choice[]): RecordColumn[] {
  const suggestions = suggestColumns(
    attributes.map(({ name }) => ({ name, values: [] })),
    'US',
  )
  return attributes
    .filter((_, i) => suggestions[i] !== null)
    .slice(0, MOST_LIKELY)
    .map(({ name }) => ({ name, list: false }))
}

function failed(error: unknown): Pick<TestView, 'ok' | 'code' | 'detail' | 'advice' | 'hostKey'> {
  if (!(error instanceof Failure)) throw error
  const shown = error instanceof HostKeyFailure ? { hostKey: error.hostKey } : {}
  return { ok: false, code: error.code, detail: error.message, advice: error.advice, ...shown }
}

function tooSlow(): Failure {
  return new Failure('timeout', 'The file did not arrive within 20 seconds.', 'A run waits longer; try Import now.')
}

/** Reads a file up to so many bytes; of records only the first block, since each block may cost a request. */
async function beginning(body: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body.getReader()
  while (size < most) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    size += value.length
  }
  await reader.cancel()
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function held(name: string, bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (offset = 0, length = bytes.length - offset) =>
      new Blob([bytes.subarray(offset, offset + length)]).stream(),
  }
}
