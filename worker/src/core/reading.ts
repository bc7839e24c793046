import type { ProvidedDetails } from './contact.ts'
import type { Problem } from './problem.ts'
import type { RaggedRow, RowLengths } from './ragged.ts'
import { CustomFields, Emails, Groups } from './reading/lists.ts'
import { Numbers } from './reading/numbers.ts'
import { type CellReaders, cellReaders, OneContact, type ReadingRules } from './reading/one-contact.ts'
import { PlainRows } from './reading/plain-row.ts'
import { SmsColumn } from './reading/sms-column.ts'
import { Texts } from './reading/texts.ts'
import type { Row } from './row.ts'
import type { Place } from './shared-numbers.ts'
import type { SmsReading } from './sms.ts'
import type { GroupName } from './values/groups.ts'
import { shortenedId } from './values/id.ts'
import type { Finding } from './values/value.ts'

/** The contact that the rows of one ID describe. */
export interface Reading {
  /**
   * Attributes and custom fields that are left out keep their stored values: the file has no column for them, or a cell
   * could not be read. A field without values is blank. A contact that failed has at most the numbers of an opt-out.
   */
  provided: ProvidedDetails
  /** The groups as the file spells them, row by row. */
  groups: readonly GroupName[]
  /**
   * The SMS status; null if the file has no column for it. For a contact that failed it can only be an opt-out, which
   * counts whatever else is wrong with the rows (invariant 8).
   */
  sms: SmsReading | null
  problems: Problem[]
  /** Returns the cells that have a number (E.164). */
  placesOf(number: string): readonly Place[]
  /** Whether an error leaves the whole contact unchanged (invariant 2). */
  failed: boolean
  /** The rows whose cells do not count, except for an opt-out: each may be the row of another contact. */
  shifted: readonly Row[]
}

/** Reads all rows of one ID, in the order of the file. `fresh`: the directory does not have the contact. */
export type ContactReader = (id: string, rows: readonly Row[], fresh: boolean) => Reading

/**
 * Returns the reader for the contacts of one file, which reads plain rows the short way. `lengths`: null if the rows need
 * not be as long as the header.
 */
export function contactReader(rules: ReadingRules, lengths: RowLengths | null): ContactReader {
  const readers = cellReaders(rules)
  const plainRows = new PlainRows(rules, lengths, readers)
  return (id, rows, fresh) => {
    const [row] = rows
    const plain = fresh && rows.length === 1 && row !== undefined ? plainRows.read(id, row) : null
    return plain ?? readContact(id, rows, { rules, lengths, readers }, fresh)
  }
}

/**
 * The most numbers, e-mails or groups of a contact. The directory keeps a contact in one row, with a search word for each
 * of them.
 */
const MOST_VALUES = 1000

const TOO_MANY_VALUES: Finding = {
  code: 'contact_too_large',
  message:
    'The rows of this ID have more than 1,000 numbers, e-mails or groups, the most that a contact can have. ' +
    'Check whether the same ID was given to many people, or whether a column of long texts is read as a list.',
}

interface File {
  rules: ReadingRules
  lengths: RowLengths | null
  readers: CellReaders
}

function readContact(id: string, rows: readonly Row[], { rules, lengths, readers }: File, fresh: boolean): Reading {
  const contact = new OneContact(id, rules, readers, fresh)
  const { columns } = rules
  const texts = new Texts(contact)
  const sms = new SmsColumn(contact)
  const numbers = new Numbers(contact)
  const emails = new Emails(contact)
  const groups = new Groups(contact)
  const fields = new CustomFields(contact, lengths !== null)
  // A known contact has had such an ID from its first import on, and keeps it.
  const shortened = fresh ? shortenedId(id) : null
  let shifted: Row[] | null = null
  for (const row of rows) {
    if (row.leftOut === true) {
      sms.readLeftOut(row)
      continue
    }
    const ragged = row.number === rules.ignoredRow ? IGNORED : (lengths?.judge(row.cells, fresh) ?? null)
    if (ragged !== null) contact.report(row, -1, ragged.severity, ragged.finding)
    if (ragged?.shifted === true) {
      shifted ??= []
      shifted.push(row)
      sms.readOptOut(row)
      continue
    }
    if (shortened !== null) contact.report(row, columns.id, 'error', shortened)
    contact.startRow(row, lengths !== null)
    if (columns.joined.length > 0 || columns.rows.length > 0) contact.reportUnclear(row)
    texts.read(row)
    sms.read(row)
    numbers.read(row)
    emails.read(row)
    groups.read(row)
    fields.read(row)
  }
  for (const candidate of contact.candidates.all) contact.reportConflict(candidate)
  numbers.reportConflicts()
  const [first] = rows
  const tooMany = numbers.count > MOST_VALUES || emails.count > MOST_VALUES || groups.exceed(MOST_VALUES)
  if (tooMany && first !== undefined) contact.report(first, -1, 'error', TOO_MANY_VALUES)
  const failed = contact.problems.some((problem) => problem.severity === 'error')
  const status = sms.status(failed)
  const provided: ProvidedDetails = {}
  // Of a contact that failed, only whom the rows name can matter: for an opt-out, and for a person who was erased.
  texts.provide(provided)
  numbers.provide(provided)
  emails.provide(provided)
  if (!failed) {
    groups.provide(provided)
    fields.provide(provided)
  }
  return {
    provided,
    groups: groups.all,
    sms: status,
    problems: contact.problems,
    placesOf: (number) => numbers.placesOf(number),
    failed,
    shifted: shifted ?? NO_ROWS,
  }
}

const NO_ROWS: readonly Row[] = []
const IGNORED: RaggedRow = {
  severity: 'error',
  finding: {
    code: 'row_ignored',
    message:
      'This is the last row of a file that may have been cut, so it was ignored, and its contact stays as it was. ' +
      'Import the complete file. If it is complete, the next import takes the row.',
  },
  shifted: true,
}
