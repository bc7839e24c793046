import { givesRecords } from '../connections/facts.ts'
import { mappingOf, numberRequired, recordMapping } from '../connections/mapping.ts'
import { recordFormat } from '../connections/records.ts'
import type { ConnectionSettings } from '../connections/schema.ts'
import type { ByteSource, RowBatch } from '../core/bytes.ts'
import { type CheckedContact, type CheckRules, checkFile } from '../core/checking.ts'
import { Failure } from '../core/failure.ts'
import type { Fields } from '../core/field.ts'
import type { SourceSettings } from '../core/source.ts'
import { shapeFor } from '../core/table-shape.ts'
import type { Env } from '../env.ts'
import { tableOpener } from '../formats/table.ts'
import { randomSeed } from '../security/random.ts'
import { readErased } from '../store/erasures.ts'
import { userIds } from '../store/users.ts'
import { yieldThread } from '../yield-thread.ts'
import { detailsView } from './contact-view.ts'
import type { TestView } from './views.ts'

const CONTACTS = 10
/** The most rows that a test reads. A run or a preview reads all of them. */
const MOST_ROWS = 20_000

/** What of a source's settings decides how its rows are read. */
export type TestedSettings = Pick<SourceSettings, 'format' | 'mapping' | 'rows' | 'smsStatus'>

interface TestedFile {
  source: ByteSource
  connection: ConnectionSettings
  settings: TestedSettings
  /** The names of the columns. */
  columns: readonly string[]
  fields: Fields
  /** Whether the file goes on after the bytes of `source`, and whether these may end inside a row. */
  goesOn: boolean
  cut: boolean
  /** The saved source; null if it is not saved. */
  sourceId: string | null
}

/**
 * Reads the rows of a tested file as an import into an empty directory would: the first contacts, the counts, and the
 * problems by their causes. Throws `Failure`, and the signal's reason.
 */
export async function testContacts(
  env: Env,
  { source, connection, settings, columns, fields, goesOn, cut, sourceId }: TestedFile,
  signal: AbortSignal,
): Promise<Pick<TestView, 'contacts' | 'counts' | 'causes' | 'partial'>> {
  const { format, rows, smsStatus } = settings
  const records = givesRecords(connection)
  const own = mappingOf(connection, settings.mapping)
  const opening = { shapeOf: shapeFor(own, rows), turn: yieldThread, signal }
  const open = tableOpener(source, records ? recordFormat(format) : format, opening)
  const { people } = await readErased(env, sourceId ?? '')
  const rules: CheckRules = {
    mapping: records && own !== null ? recordMapping(own, columns) : own,
    rows,
    defaultCountry: format.defaultCountry,
    fields,
    smsStatus,
    userIds: await userIds(env),
    ...(people && { erased: people }),
    ...(records && { records: { numberRequired: numberRequired(connection) } }),
    most: 0,
    mostContacts: CONTACTS,
    seed: randomSeed(),
  }
  let partial = goesOn
  const opened = async () => {
    const table = await open()
    return { ...table, batches: beginning(table.batches, cut, () => (partial = true)) }
  }
  const { contacts, groups, counts, causes } = await checkFile(opened, rules, () => undefined)
  return { contacts: contacts.map((contact) => viewOf(contact, groups)), counts, causes, partial }
}

function viewOf({ id, details, sms, rows }: CheckedContact, groups: ReadonlyMap<string, string>) {
  return { id, ...detailsView(details, groups), sms: { status: sms }, rows: [...rows] }
}

/**
 * Yields the rows of the first batches. Of a file that is `cut`, the last batch, whose last row may not be whole, is left
 * out. Calls `onMore` if there are more rows.
 */
async function* beginning(
  batches: AsyncIterable<RowBatch>,
  cut: boolean,
  onMore: () => void,
): AsyncGenerator<RowBatch> {
  let read = 0
  let waiting: RowBatch | null = null
  try {
    for await (const batch of batches) {
      if (read >= MOST_ROWS) {
        onMore()
        return
      }
      read += batch.cells.length
      await yieldThread()
      if (!cut) yield batch
      else if (waiting !== null) yield waiting
      waiting = batch
    }
  } catch (error) {
    // The bytes end inside a row, a quoted cell or an archive only because a test reads no more of them.
    if (!cut || !(error instanceof Failure) || error.code !== 'truncated') throw error
  }
}
