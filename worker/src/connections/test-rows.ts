import type { ByteSource, RowBatch } from '../core/bytes.ts'
import type { Cause } from '../core/causes.ts'
import { type CheckedContact, type CheckRules, checkFile } from '../core/checking.ts'
import type { ContactDetails, SmsStatus } from '../core/contact.ts'
import type { RunCounts } from '../core/counts.ts'
import { Failure } from '../core/failure.ts'
import type { Fields } from '../core/field.ts'
import type { SourceSettings } from '../core/source.ts'
import { shapeFor } from '../core/table-shape.ts'
import { tableOpener } from '../formats/table.ts'
import { givesRecords } from './facts.ts'
import { mappingOf, numberRequired, recordMapping } from './mapping.ts'
import { recordFormat } from './records.ts'
import type { ConnectionDraft } from './schema.ts'

const CONTACTS = 10
/** The most rows that a test reads. A run or a preview reads all of them. */
const MOST_ROWS = 20_000

/** The settings of a source that decide how its rows are read. */
export type TestedSettings = Pick<SourceSettings, 'format' | 'mapping' | 'rows' | 'smsStatus'>

/** What a test knows of the directory besides the fields. */
type Known = Pick<CheckRules, 'userIds' | 'erased'>

interface TestedFile {
  source: ByteSource
  connection: ConnectionDraft
  settings: TestedSettings
  /** The names of the columns. */
  columns: readonly string[]
  fields: Fields
  known: Known
  /** Whether the file goes on after the bytes of `source`, and whether these may end inside a row. */
  goesOn: boolean
  cut: boolean
  /** A random integer of 32 bits; see `KnownContacts`. */
  seed: number
  /** Awaited between pieces of longer work. */
  turn: () => Promise<void>
  signal: AbortSignal
}

/** What an import into an empty directory would bring. `partial`: only the beginning of the file was read. */
interface TestedRows {
  contacts: (Omit<CheckedContact, 'details' | 'sms' | 'rows'> &
    ContactDetails & { sms: { status: SmsStatus }; rows: number[] })[]
  counts: RunCounts
  causes: Omit<Cause, 'newRows'>[]
  partial: boolean
}

/**
 * Reads the rows of a tested file as an import into an empty directory would: the first contacts, the counts, and the
 * problems by their causes. The pages do the same with a file that is not uploaded yet. Throws `Failure`, and the
 * signal's reason.
 */
export async function testRows(file: TestedFile): Promise<TestedRows> {
  const { source, connection, settings, columns, fields, known, goesOn, cut, seed, turn, signal } = file
  const { format, rows, smsStatus } = settings
  const records = givesRecords(connection)
  const own = mappingOf(connection, settings.mapping)
  const opening = { shapeOf: shapeFor(own, rows), turn, signal }
  const open = tableOpener(source, records ? recordFormat(format) : format, opening)
  const rules: CheckRules = {
    mapping: records && own !== null ? recordMapping(own, columns) : own,
    rows,
    defaultCountry: format.defaultCountry,
    fields,
    smsStatus,
    ...known,
    ...(records && { records: { numberRequired: numberRequired(connection) } }),
    most: 0,
    mostContacts: CONTACTS,
    seed,
  }
  let partial = goesOn
  const opened = async () => {
    const table = await open()
    return { ...table, batches: beginning(table.batches, { cut, turn, onMore: () => (partial = true) }) }
  }
  const { contacts, groups, counts, causes } = await checkFile(opened, rules, () => undefined)
  const found = causes.map(({ newRows: _, ...cause }) => cause)
  return { contacts: contacts.map((contact) => viewOf(contact, groups)), counts, causes: found, partial }
}

function viewOf({ id, details, sms, rows }: CheckedContact, names: ReadonlyMap<string, string>) {
  const groups = details.groups.map((key) => names.get(key) ?? key)
  return { id, ...details, groups, sms: { status: sms }, rows: [...rows] }
}

interface Beginning extends Pick<TestedFile, 'cut' | 'turn'> {
  /** Called if there are more rows. */
  onMore: () => void
}

/**
 * Yields the rows of the first batches. Of a file that is `cut`, the last batch, whose last row may not be whole, is left
 * out.
 */
async function* beginning(
  batches: AsyncIterable<RowBatch>,
  { cut, turn, onMore }: Beginning,
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
      await turn()
      if (!cut) yield batch
      else if (waiting !== null) yield waiting
      waiting = batch
    }
  } catch (error) {
    // The bytes end inside a row, a quoted cell or an archive only because a test reads no more of them.
    if (!cut || !(error instanceof Failure) || error.code !== 'truncated') throw error
  }
}
