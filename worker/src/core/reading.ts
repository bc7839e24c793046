import type { ContactDetails, ContactNumber } from './contact.ts'
import type { Problem } from './problem.ts'
import { raggedRow } from './ragged.ts'
import { CustomFields, Emails, Groups } from './reading/lists.ts'
import { Numbers } from './reading/numbers.ts'
import { type CellReaders, cellReaders, OneContact, type ReadingRules } from './reading/one-contact.ts'
import { SmsColumn } from './reading/sms-column.ts'
import { Texts } from './reading/texts.ts'
import type { Row } from './row.ts'
import type { SmsReading } from './sms.ts'
import type { GroupName } from './values/groups.ts'

/** The contact that the rows of one ID describe. */
interface Reading {
  /**
   * Attributes and custom fields that are left out keep their stored values: the file has no column for them, or a cell
   * could not be read. A field without values is blank.
   */
  provided: Partial<ContactDetails>
  /** The groups as the file spells them, row by row. */
  groups: GroupName[]
  /**
   * The SMS status; null if the file has no column for it. For a contact that failed it can only be an opt-out, which
   * counts whatever else is wrong with the rows (invariant 8).
   */
  sms: SmsReading | null
  problems: Problem[]
  /** Returns warnings about numbers that another ID has too, for a contact that is added or changed. */
  sharing(numbers: readonly ContactNumber[]): Problem[]
  /** Whether an error leaves the whole contact unchanged (invariant 2). */
  failed: boolean
}

/** Reads all rows of one ID, in the order of the file. `fresh`: the directory does not have the contact. */
export type ContactReader = (id: string, rows: readonly Row[], fresh: boolean) => Reading

/** Returns the reader for the contacts of one file. */
export function contactReader(rules: ReadingRules): ContactReader {
  const readers = cellReaders()
  return (id, rows, fresh) => readContact(id, rows, rules, readers, fresh)
}

function readContact(
  id: string,
  rows: readonly Row[],
  rules: ReadingRules,
  readers: CellReaders,
  fresh: boolean,
): Reading {
  const contact = new OneContact(id, rules, readers, fresh)
  const texts = new Texts(contact)
  const sms = new SmsColumn(contact)
  const numbers = new Numbers(contact)
  const emails = new Emails(contact)
  const groups = new Groups(contact)
  const fields = new CustomFields(contact)
  for (const row of rows) {
    const ragged = rules.fullRows ? raggedRow(row.cells, rules.columns) : null
    if (ragged !== null) contact.report(row, -1, 'warning', ragged)
    texts.read(row)
    sms.read(row)
    numbers.read(row)
    emails.read(row)
    groups.read(row)
    fields.read(row)
  }
  for (const candidate of contact.candidates.all) contact.reportConflict(candidate)
  numbers.reportConflicts()
  const failed = contact.problems.some((problem) => problem.severity === 'error')
  const provided: Partial<ContactDetails> = {}
  if (!failed) {
    texts.provide(provided)
    numbers.provide(provided)
    emails.provide(provided)
    groups.provide(provided)
    fields.provide(provided)
  }
  return {
    provided,
    groups: groups.all,
    sms: sms.status(failed),
    problems: contact.problems,
    sharing: (changed) => numbers.sharing(changed),
    failed,
  }
}
