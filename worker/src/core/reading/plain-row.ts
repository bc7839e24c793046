import type { NumberColumns } from '../columns.ts'
import type { ProvidedDetails, ProvidedNumber } from '../contact.ts'
import type { RowLengths } from '../ragged.ts'
import type { Reading } from '../reading.ts'
import { type Row, textAt } from '../row.ts'
import type { SmsReading } from '../sms.ts'
import { readEmails } from '../values/email.ts'
import type { GroupName } from '../values/groups.ts'
import { shortenedId } from '../values/id.ts'
import { fullName, readName } from '../values/name.ts'
import { readNumbers } from '../values/phone.ts'
import type { Value } from '../values/value.ts'
import { groupKeys, readFieldCell } from './lists.ts'
import type { CellReaders, ReadingRules } from './one-contact.ts'

/*
 * The short way to read a new contact of one row in which nothing is wrong, as nearly every row of a first import is. It
 * uses the same readers of cells as the long way (`readContact`), but prepares nothing for what such a row does not have:
 * problems, rows that conflict, and stored values that stay. It declines all that is not that simple, such as two numbers
 * in one cell, so the rules for these cases are only in the long way. A test compares the two on generated rows.
 */

/** What cannot be read the short way. Null stands for a blank cell. */
const DECLINED = undefined
/** Far fewer than the most groups that a contact can have. */
const MANY_GROUPS = 100

/** Reads the plain rows of a file. */
export class PlainRows {
  readonly #rules: ReadingRules
  readonly #readers: CellReaders
  readonly #full: boolean
  readonly #width: number
  /** Whether the file has a column that is read only the long way. */
  readonly #declines: boolean

  /** `lengths`: null if the rows need not be as long as the header. */
  constructor(rules: ReadingRules, lengths: RowLengths | null, readers: CellReaders) {
    const { header, joined, rows, numbers } = rules.columns
    this.#rules = rules
    this.#readers = readers
    this.#full = lengths !== null
    this.#width = header.length
    this.#declines = joined.length + rows.length > 0 || numbers.some(({ country }) => country !== -1)
  }

  /** Reads the only row of a new contact as the long way does. Returns null if it is not plain. */
  read(id: string, row: Row): Reading | null {
    const { cells } = row
    const { columns, ignoredRow } = this.#rules
    if (this.#declines || row.leftOut === true || row.number === ignoredRow) return null
    if ((this.#full && cells.length !== this.#width) || shortenedId(id) !== null) return null
    const provided: ProvidedDetails = {}
    const sms = this.#sms(cells)
    const groups = this.#groups(cells)
    if (sms === DECLINED || groups === DECLINED) return null
    const numbers = this.#numbers(cells)
    if (numbers === DECLINED || !this.#texts(cells, provided)) return null
    if (!this.#emails(cells, provided) || !this.#fields(cells, provided)) return null
    if (columns.numbers.length > 0) provided.numbers = numbers.map(({ number }) => number)
    if (columns.groups.length > 0) provided.groups = groupKeys(groups)
    const placesOf = (number: string) =>
      numbers.filter((one) => one.number.number === number).map(({ index }) => ({ row: row.number, index }))
    return { provided, groups, sms, problems: NO_PROBLEMS, placesOf, failed: false, shifted: NO_ROWS }
  }

  #cell(cells: readonly string[], index: number): string {
    return textAt(cells, index, this.#rules.columns)
  }

  #sms(cells: readonly string[]): SmsReading | null | undefined {
    const { smsStatus } = this.#rules.columns
    if (smsStatus === -1) return null
    const { findings, ...reading } = this.#readers.sms(this.#cell(cells, smsStatus))
    return findings.length > 0 ? DECLINED : reading
  }

  /** Adds the name, the texts and the priority. Returns whether they are plain. */
  #texts(cells: readonly string[], provided: ProvidedDetails): boolean {
    const { columns, userIds } = this.#rules
    for (const { key, index, required } of columns.texts) {
      const value = plain(this.#readers.text(this.#cell(cells, index)))
      if (value === DECLINED || (value === null && required !== null)) return false
      if (key === 'assignedUser' && value !== null && userIds?.has(value) === false) return false
      provided[key] = value
    }
    const name =
      columns.name === -1
        ? fullName(provided.firstName ?? null, provided.lastName ?? null)
        : plain(readName(this.#cell(cells, columns.name)))
    if (name === DECLINED || name === null) return false
    provided.name = name
    const priority = columns.priority === -1 ? '' : this.#cell(cells, columns.priority)
    if (priority === '') return true
    const level = plain(this.#readers.priority(priority))
    if (level === DECLINED || level === null) return false
    provided.priority = level
    return true
  }

  /** Returns the numbers with the columns that they are in. */
  #numbers(cells: readonly string[]): { number: ProvidedNumber; index: number }[] | undefined {
    const numbers: { number: ProvidedNumber; index: number }[] = []
    for (const column of this.#rules.columns.numbers) {
      const number = this.#number(cells, column)
      if (number === DECLINED) return DECLINED
      if (number === null) continue
      if (numbers.some((other) => other.number.number === number.number)) return DECLINED
      numbers.push({ number, index: column.number })
    }
    return numbers
  }

  #number(cells: readonly string[], columns: NumberColumns): ProvidedNumber | null | undefined {
    const { template } = this.#rules.columns
    const cell = this.#cell(cells, columns.number)
    const typeCell = columns.type === -1 ? '' : this.#cell(cells, columns.type)
    if (cell === '') return columns.required || (template && typeCell !== '') ? DECLINED : null
    // A cell with several lines may have a type for each.
    if (columns.type !== -1 && cell.includes('\n')) return DECLINED
    const type = typeCell === '' ? null : plain(this.#readers.numberType(typeCell))
    if (type === DECLINED || (type === null && template && columns.type !== -1)) return DECLINED
    const description =
      columns.description === -1 ? null : plain(this.#readers.text(this.#cell(cells, columns.description)))
    const read = plain(readNumbers(cell, this.#rules.defaultCountry))
    if (description === DECLINED || read === DECLINED || read === null) return DECLINED
    const [only] = read
    if (only === undefined || read.length > 1) return DECLINED
    const { number, extension } = only
    return { number, type: type ?? columns.fixedType ?? 'mobile', description, extension }
  }

  #emails(cells: readonly string[], provided: ProvidedDetails): boolean {
    const { columns } = this.#rules
    if (columns.emails.length === 0) return true
    const emails: string[] = []
    for (const index of columns.emails) {
      const read = plain(readEmails(this.#cell(cells, index)))
      if (read === DECLINED) return false
      if (read === null) continue
      // Addresses of several cells could be the same.
      if (emails.length > 0 || read.length > 1) return false
      for (const email of read) emails.push(email)
    }
    provided.emails = emails
    return true
  }

  #fields(cells: readonly string[], provided: ProvidedDetails): boolean {
    const { columns, fields, defaultCountry } = this.#rules
    if (columns.fields.length === 0) return true
    provided.fields = {}
    for (const column of columns.fields) {
      const { key, index } = column
      const rule = fields.get(key)
      if (rule === undefined) continue
      const values = plain(readFieldCell(this.#cell(cells, index), column, rule, this.#full, defaultCountry))
      if (values === DECLINED || (values === null && rule.required) || key in provided.fields) return false
      provided.fields[key] = values ?? []
    }
    return true
  }

  #groups(cells: readonly string[]): readonly GroupName[] | undefined {
    const { template, groups } = this.#rules.columns
    const [index, ...more] = groups
    if (index === undefined) return NO_GROUPS
    if (more.length > 0) return DECLINED
    const named = plain(this.#readers.groups(this.#cell(cells, index)))
    if (named === null) return template ? DECLINED : NO_GROUPS
    return named === DECLINED || named.length > MANY_GROUPS ? DECLINED : named
  }
}

/** Returns the value of a cell, and null for a blank one. Declines a cell with findings. */
function plain<T>(value: Value<T>): T | null | undefined {
  if (value.findings.length > 0) return DECLINED
  return value.kind === 'value' ? value.value : null
}

const NO_GROUPS: readonly GroupName[] = []
const NO_PROBLEMS: Reading['problems'] = []
const NO_ROWS: readonly Row[] = []
