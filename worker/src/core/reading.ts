import { type Candidate, Candidates, contradiction } from './agreeing.ts'
import { CandidateNumbers } from './candidate-numbers.ts'
import type { Columns, NumberColumns } from './columns.ts'
import type { ContactDetails, ContactNumber, Priority } from './contact.ts'
import type { Fields } from './field.ts'
import type { Problem, Severity } from './problem.ts'
import { raggedRow } from './ragged.ts'
import type { SharedNumbers } from './shared-numbers.ts'
import { readSms, type SmsReading, type SmsValues } from './sms.ts'
import { readEmails } from './values/email.ts'
import { readField } from './values/field.ts'
import { type GroupName, readGroups } from './values/groups.ts'
import { memoized } from './values/memoized.ts'
import { fullName, readName } from './values/name.ts'
import { readNumberType } from './values/number-type.ts'
import { readNumber } from './values/phone.ts'
import { readPriority } from './values/priority.ts'
import { type RequiredCode, requiredBlank } from './values/required.ts'
import { quote, readText } from './values/text.ts'
import type { Finding, Value } from './values/value.ts'

/** One row of the file; `number` as a spreadsheet shows it. */
export interface Row {
  number: number
  cells: readonly string[]
}

export interface ReadingRules {
  columns: Columns
  /** Whether rows ought to be as long as the header: a workbook leaves out what is empty. */
  fullRows: boolean
  /** Two capital letters. */
  defaultCountry: string
  fields: Fields
  /** Mobile numbers that more than one ID has; null until a pass has found out. */
  shared: SharedNumbers | null
  /** The User ID of every user; null where that is not known, so that nothing is said of those who match nobody. */
  userIds: ReadonlySet<string> | null
  smsStatus: SmsValues
}

/**
 * What the rows of one ID say of the contact. An attribute or a custom field that is left out stays as it is stored: its
 * column is absent, or its cell could not be read. A field without values is blank.
 */
interface Reading {
  provided: Partial<ContactDetails>
  /** The groups as the file spells them, row by row. */
  groups: GroupName[]
  /**
   * The SMS status; null where there is no column for it. Of a contact that failed only an opt-out is given, which counts
   * whatever else is wrong with its rows (invariant 8).
   */
  sms: SmsReading | null
  problems: Problem[]
  /** Warnings of those of a contact's numbers that another ID has too: for one that is added or changed. */
  sharing(numbers: readonly ContactNumber[]): Problem[]
  /** Whether an error leaves the whole contact as it was (invariant 2). */
  failed: boolean
}

type Single = 'name' | 'firstName' | 'lastName' | 'organization' | 'title' | 'assignedUser'

/** Readers of the columns that say one of a few things in row after row. */
function cellReaders() {
  return {
    text: memoized(readText),
    numberType: memoized(readNumberType),
    priority: memoized(readPriority),
    groups: memoized(readGroups),
  }
}
type CellReaders = ReturnType<typeof cellReaders>

/** Reads all rows of one ID, in the order of the file. `fresh`: the directory does not have the contact. */
export type ContactReader = (id: string, rows: readonly Row[], fresh: boolean) => Reading

/** The reader for the contacts of one file. */
export function contactReader(rules: ReadingRules): ContactReader {
  const cells = cellReaders()
  return (id, rows, fresh) => new OneContact(id, rows, rules, cells, fresh).read()
}

class OneContact {
  readonly #id: string
  readonly #rows: readonly Row[]
  readonly #rules: ReadingRules
  readonly #cells: CellReaders
  readonly #fresh: boolean
  readonly #columns: Columns
  readonly #problems: Problem[] = []
  // Arrays and not maps: a contact has one or two of each, and there are hundreds of thousands of contacts.
  readonly #unreadable: (keyof ContactDetails | `field:${string}`)[] = []
  readonly #groups: GroupName[] = []
  readonly #numbers = new CandidateNumbers()
  readonly #emails: string[] = []
  readonly #singles = new Candidates()
  readonly #sms: SmsReading[] = []
  readonly #lists: { key: string; values: string[] }[] = []

  constructor(id: string, rows: readonly Row[], rules: ReadingRules, cells: CellReaders, fresh: boolean) {
    this.#cells = cells
    this.#fresh = fresh
    this.#id = id
    this.#rows = rows
    this.#rules = rules
    this.#columns = rules.columns
  }

  read(): Reading {
    const columns = this.#columns
    for (const row of this.#rows) {
      this.#checkLength(row)
      this.#readNames(row)
      this.#readSingle(row, 'organization', columns.organization)
      this.#readSingle(row, 'title', columns.title)
      this.#readAssignedUser(row)
      this.#readPriority(row)
      this.#readSms(row)
      for (const number of columns.numbers) this.#readNumber(row, number)
      for (const index of columns.emails) this.#readEmails(row, index)
      for (const index of columns.groups) this.#readGroups(row, index)
      for (const field of columns.fields) this.#readField(row, field)
    }
    for (const candidate of this.#singles.all) this.#insistOn(candidate)
    for (const { type, description } of this.#numbers.all) {
      if (type !== null) this.#insistOn(type)
      if (description !== null) this.#insistOn(description)
    }
    const failed = this.#problems.some((problem) => problem.severity === 'error')
    return {
      provided: failed ? {} : this.#provided(),
      groups: this.#groups,
      sms: this.#smsStatus(failed),
      problems: this.#problems,
      sharing: (numbers) => this.#sharing(numbers),
      failed,
    }
  }

  #sharing(numbers: readonly ContactNumber[]): Problem[] {
    const { shared } = this.#rules
    if (shared?.complete !== true) return []
    const mobiles = new Set(numbers.filter(({ type }) => type === 'mobile').map(({ number }) => number))
    return [...mobiles].flatMap((number) => {
      const other = shared.holders.get(number)?.find((id) => id !== this.#id)
      if (other === undefined) return []
      const message =
        `The mobile number ${number} of ${quote(this.#id)} is also that of ${quote(other)}. ` +
        'If they are one person, keep one ID; if not, check whose number it is.'
      const places = this.#numbers.all.filter((one) => one.number.number === number).flatMap((one) => one.places)
      return places.map(({ row, index }) => this.#problem(row, index, 'warning', { code: 'number_shared', message }))
    })
  }

  #displayName(row: Row): string | null {
    const whole = this.#columns.name === -1 ? '' : this.#cell(row, this.#columns.name)
    const parts = `${this.#cell(row, this.#columns.firstName)} ${this.#cell(row, this.#columns.lastName)}`
    return whole.trim() || parts.trim() || null
  }

  #cell(row: Row, index: number): string {
    return row.cells[index] ?? ''
  }

  #report(row: Row, index: number, severity: Severity, finding: Finding): void {
    this.#problems.push(this.#problem(row, index, severity, finding))
  }

  #problem(row: Row, index: number, severity: Severity, finding: Finding): Problem {
    const cell = this.#cell(row, index)
    return {
      row: row.number,
      id: this.#id,
      name: this.#displayName(row),
      column: this.#columns.header[index]?.trim() ?? null,
      severity,
      code: finding.code,
      message: finding.message,
      value: cell === '' ? null : cell.slice(0, 200),
    }
  }

  /** Reports what a cell has wrong with it; gives its value, null where it is blank, undefined where it stays as it is. */
  #take<T>(
    row: Row,
    index: number,
    value: Value<T>,
    required: RequiredCode | null,
    label?: string,
  ): T | null | undefined {
    const severity: Severity = required !== null && value.kind !== 'value' ? 'error' : 'warning'
    for (const finding of value.findings) this.#report(row, index, severity, finding)
    if (value.kind === 'value') return value.value
    if (value.kind === 'unreadable') return undefined
    if (required !== null && value.findings.length === 0) {
      this.#report(row, index, 'error', requiredBlank(required, label))
    }
    return null
  }

  #checkLength(row: Row): void {
    const finding = this.#rules.fullRows ? raggedRow(row.cells, this.#columns) : null
    if (finding !== null) this.#report(row, -1, 'warning', finding)
  }

  #readNames(row: Row): void {
    const { name, firstName, lastName } = this.#columns
    if (name !== -1) {
      const value = readName(this.#cell(row, name))
      if (value.kind === 'value') this.#singles.add(row, name, 'name', value.value)
      for (const finding of value.findings)
        this.#report(row, name, value.kind === 'value' ? 'warning' : 'error', finding)
    }
    this.#readSingle(row, 'firstName', firstName, name === -1 ? 'first_name_blank' : null)
    this.#readSingle(row, 'lastName', lastName, name === -1 ? 'last_name_blank' : null)
  }

  #readSingle(row: Row, attribute: Single, index: number, required: RequiredCode | null = null): void {
    if (index === -1) return
    const value = this.#take(row, index, this.#cells.text(this.#cell(row, index)), required)
    if (value === undefined) this.#unreadable.push(attribute)
    else if (value !== null) this.#singles.add(row, index, attribute, value)
  }

  /** The User ID as it stands, whoever has it: assignment follows when users change (design: Assigned user). */
  #readAssignedUser(row: Row): void {
    const index = this.#columns.assignedUser
    if (index === -1) return
    this.#readSingle(row, 'assignedUser', index)
    const { userIds } = this.#rules
    const value = userIds === null ? null : this.#cells.text(this.#cell(row, index))
    if (value?.kind !== 'value' || userIds?.has(value.value) === true) return
    const message =
      `No user has the User ID ${quote(value.value)}, so this contact is assigned to nobody. ` +
      'Give a user this ID on the Users page, or correct it here.'
    this.#report(row, index, 'warning', { code: 'assigned_user_unmatched', message })
  }

  #readPriority(row: Row): void {
    const index = this.#columns.priority
    if (index === -1 || this.#cell(row, index).trim() === '') return
    const value = this.#take(row, index, this.#cells.priority(this.#cell(row, index)), null)
    if (value === undefined) this.#unreadable.push('priority')
    else if (value !== null) this.#singles.add(row, index, 'priority', value)
  }

  #readSms(row: Row): void {
    const index = this.#columns.smsStatus
    if (index === -1) return
    const { findings, ...reading } = readSms(this.#cell(row, index), this.#rules.smsStatus)
    for (const finding of findings) this.#report(row, index, 'warning', finding)
    if (reading.value !== '') this.#singles.add(row, index, 'smsStatus', reading.means ?? reading.value)
    this.#sms.push(reading)
  }

  /** What the rows say together: an opt-out goes before all else, and a blank contradicts nothing. */
  #smsStatus(failed: boolean): SmsReading | null {
    const sorted = this.#sms.toSorted((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0))
    const optOut = sorted.find(({ means }) => means === 'opted_out')
    if (optOut !== undefined) return optOut
    return failed ? null : (sorted.find(({ value }) => value !== '') ?? sorted[0] ?? null)
  }

  #insistOn(first: Candidate): void {
    const found = contradiction(first, this.#columns.header)
    if (found === null) return
    const { all, message } = found
    for (const { row, index } of all) this.#report(row, index, 'error', { code: 'rows_contradict', message })
  }

  #readNumber(row: Row, columns: NumberColumns): void {
    const strict = this.#columns.template
    const numberCell = this.#cell(row, columns.number)
    const blank = numberCell.trim() === '' && (columns.type === -1 || this.#cell(row, columns.type).trim() === '')
    if (blank && !columns.required) return
    const must = columns.required || (strict && !blank)
    const read = this.#take(
      row,
      columns.number,
      readNumber(numberCell, this.#rules.defaultCountry),
      must ? 'number_blank' : null,
    )
    let type = columns.fixedType
    if (columns.type !== -1) {
      const value = this.#take(
        row,
        columns.type,
        this.#cells.numberType(this.#cell(row, columns.type)),
        must ? 'number_type_blank' : null,
      )
      if (value === undefined) this.#unreadable.push('numbers')
      if (value !== null && value !== undefined) type = value
    }
    if (read === undefined) this.#unreadable.push('numbers')
    if (read === null || read === undefined) return
    const text = this.#describe(row, columns.description)
    this.#numbers.add({
      row,
      index: columns.number,
      ...read,
      type: type === null ? null : { value: type, index: columns.type === -1 ? columns.number : columns.type },
      description: text === null ? null : { value: text, index: columns.description },
    })
  }

  #describe(row: Row, index: number): string | null {
    if (index === -1) return null
    return this.#take(row, index, this.#cells.text(this.#cell(row, index)), null) ?? null
  }

  #readEmails(row: Row, index: number): void {
    const value = readEmails(this.#cell(row, index))
    const emails = this.#take(row, index, value, null)
    // Of several addresses in one cell some may be unreadable: then the stored ones stay as well.
    const unreadable = emails === undefined || value.findings.some((finding) => finding.code !== 'placeholder')
    if (unreadable) this.#unreadable.push('emails')
    for (const email of emails ?? []) {
      const key = email.toLowerCase()
      if (!this.#emails.some((other) => other.toLowerCase() === key)) this.#emails.push(email)
    }
  }

  #readGroups(row: Row, index: number): void {
    const groups = this.#take(
      row,
      index,
      this.#cells.groups(this.#cell(row, index)),
      this.#columns.template ? 'groups_blank' : null,
    )
    if (groups === undefined) this.#unreadable.push('groups')
    // Each row's spelling counts, so that a new group's does not depend on which row comes first.
    this.#groups.push(...(groups ?? []))
  }

  #readField(row: Row, column: { key: string; index: number; list: boolean }): void {
    const rule = this.#rules.fields.get(column.key)
    if (rule === undefined) return
    const list = rule.list || column.list
    const read = readField(this.#cell(row, column.index), { type: rule.type, list }, this.#rules.defaultCountry)
    const values = this.#take(row, column.index, read, rule.required ? 'field_blank' : null, rule.label)
    // Of several values in one cell some may be unreadable: then the stored ones stay as well.
    const unreadable = values === undefined || read.findings.some((finding) => finding.code !== 'placeholder')
    if (unreadable) this.#unreadable.push(`field:${column.key}`)
    if (values === null || values === undefined) return
    if (list) this.#lists.push({ key: column.key, values })
    else this.#singles.add(row, column.index, `field:${column.key}`, values[0] ?? '')
  }

  #provided(): Partial<ContactDetails> {
    const columns = this.#columns
    const provided: Partial<ContactDetails> = {}
    if (this.#has('firstName', columns.firstName)) provided.firstName = this.#singles.of('firstName')
    if (this.#has('lastName', columns.lastName)) provided.lastName = this.#singles.of('lastName')
    if (this.#has('organization', columns.organization)) provided.organization = this.#singles.of('organization')
    if (this.#has('title', columns.title)) provided.title = this.#singles.of('title')
    if (this.#has('assignedUser', columns.assignedUser)) provided.assignedUser = this.#singles.of('assignedUser')
    if (columns.name !== -1) provided.name = this.#singles.of('name') ?? ''
    else if (columns.firstName !== -1 || columns.lastName !== -1) {
      provided.name = fullName(this.#singles.of('firstName'), this.#singles.of('lastName'))
    }
    if (this.#has('priority', columns.priority))
      provided.priority = (this.#singles.of('priority') as Priority | null) ?? 'normal'
    if (this.#has('numbers', columns.numbers.length - 1))
      provided.numbers = this.#numbers.all.map(({ number }) => number)
    if (this.#has('emails', columns.emails.length - 1)) provided.emails = this.#emails
    if (this.#has('groups', columns.groups.length - 1)) provided.groups = this.#groupKeys()
    if (columns.fields.length > 0) provided.fields = this.#fields()
    return provided
  }

  /** Whether the file says what the attribute is; of a new contact, what could be read is better than nothing. */
  #has(attribute: keyof ContactDetails | `field:${string}`, column: number): boolean {
    return column !== -1 && (this.#fresh || !this.#unreadable.includes(attribute))
  }

  #groupKeys(): string[] {
    const [first, ...others] = this.#groups
    if (first === undefined) return []
    return others.length === 0 ? [first.key] : [...new Set(this.#groups.map(({ key }) => key))].sort()
  }

  #fields(): Record<string, string[]> {
    const fields: Record<string, string[]> = {}
    for (const { key, index } of this.#columns.fields) {
      if (!this.#rules.fields.has(key) || !this.#has(`field:${key}`, index)) continue
      const single = this.#singles.of(`field:${key}`)
      const lists = this.#lists.filter((list) => list.key === key)
      const listed = [...new Set(lists.flatMap((list) => list.values))]
      // In the order of the cell, but not in that of the rows.
      fields[key] = single !== null ? [single] : lists.length > 1 ? listed.sort() : listed
    }
    return fields
  }
}
