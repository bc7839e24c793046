import type { TestView } from '../../../worker/src/api/views/source.ts'
import { lookAt } from '../../../worker/src/connections/first-look.ts'
import type { ConnectionDraft } from '../../../worker/src/connections/schema.ts'
import { type TestedSettings, testRows } from '../../../worker/src/connections/test-rows.ts'
import { Failure } from '../../../worker/src/core/failure.ts'
import type { Fields } from '../../../worker/src/core/field.ts'
import { bytesOfFile } from '../check/read.ts'

interface LookedAtBy extends TestedSettings {
  connection: ConnectionDraft
  fields: Fields
}

/**
 * Tests a file on the viewer’s own machine as the API tests a fetched one: its columns, and the contacts of its first rows.
 * The file is not sent anywhere. Throws only the signal’s reason.
 */
export async function lookAtFile(file: File, by: LookedAtBy, signal: AbortSignal): Promise<TestView> {
  const source = bytesOfFile(file)
  const { connection, fields, ...settings } = by
  let view: TestView = { ok: false, columns: [], rows: [] }
  try {
    const { sheet, wrong, ...table } = await lookAt(source, { ...by, fields: fields.values() }, signal)
    const modifiedAt = new Date(file.lastModified).toISOString()
    view = {
      ok: true,
      file: { name: file.name, bytes: file.size, modifiedAt, ...(sheet !== undefined && { sheet }) },
      ...table,
    }
    if (wrong !== null) return { ...view, ...refused(wrong) }
    const rows = await testRows({
      source,
      connection,
      settings,
      columns: table.columns.map(({ name }) => name),
      fields,
      known: {},
      goesOn: false,
      cut: false,
      seed: crypto.getRandomValues(new Int32Array(1))[0] ?? 0,
      turn: nextTurn,
      signal,
    })
    return { ...view, ...rows }
  } catch (error) {
    signal.throwIfAborted()
    return { ...view, ...refused(error instanceof Failure ? error : GONE) }
  }
}

/** Lets the page answer between pieces of longer work. */
function nextTurn(): Promise<void> {
  return new Promise((done) => setTimeout(done))
}

/** A browser reads a file only as long as it stays as it was when it was chosen. */
const GONE = new Failure(
  'unreachable',
  'The file could not be read.',
  'It may have been moved or changed meanwhile. Choose it again.',
)

function refused({ code, message, advice }: Failure) {
  return { ok: false, code, detail: message, advice }
}
