import type { FieldColumn } from '../columns.ts'
import type { ProvidedDetails } from '../contact.ts'
import type { FieldDefinition } from '../field.ts'
import { KeyedList } from '../keyed-list.ts'
import type { Row } from '../row.ts'
import { readEmails } from '../values/email.ts'
import { readField } from '../values/field.ts'
import type { GroupName } from '../values/groups.ts'
import type { Value } from '../values/value.ts'
import type { OneContact } from './one-contact.ts'

/**
 * Returns whether a cell could not be read, so that the stored values stay. If a part of a list can be read, the good parts
 * count: an address that is always misspelt must not keep the others as they are for good.
 */
function isUnreadable(read: Value<unknown>): boolean {
  return read.kind === 'unreadable' || read.findings.some(({ code }) => code === 'text_undecodable')
}

/** Reads the e-mail addresses of a contact, in the order of its rows. */
export class Emails {
  readonly #contact: OneContact
  readonly #addresses = new KeyedList<string>()

  constructor(contact: OneContact) {
    this.#contact = contact
  }

  /** The number of different addresses. */
  get count(): number {
    return this.#addresses.all.length
  }

  read(row: Row): void {
    const contact = this.#contact
    for (const index of contact.rules.columns.emails) {
      if (contact.lacks(index, 'emails')) continue
      const read = readEmails(contact.cell(row, index))
      const emails = contact.take(row, index, read, null)
      if (isUnreadable(read)) contact.noteUnreadable('emails')
      for (const email of emails ?? []) {
        const key = email.toLowerCase()
        if (this.#addresses.get(key) === undefined) this.#addresses.add(key, email)
      }
    }
  }

  /** Adds the addresses to the provided attributes. */
  provide(provided: ProvidedDetails): void {
    if (this.#contact.rules.columns.emails.length > 0 && this.#contact.provides('emails'))
      provided.emails = this.#addresses.all
  }
}

/** Reads the groups of a contact. */
export class Groups {
  readonly #contact: OneContact
  /** The spellings of each row, so that the spelling of a new group does not depend on which row comes first. */
  readonly all: GroupName[] = []

  constructor(contact: OneContact) {
    this.#contact = contact
  }

  /** Returns whether the contact has more different groups than `most`. */
  exceed(most: number): boolean {
    return this.all.length > most && new Set(this.all.map(({ key }) => key)).size > most
  }

  read(row: Row): void {
    const contact = this.#contact
    const { template, groups } = contact.rules.columns
    for (const index of groups) {
      if (contact.lacks(index, 'groups')) continue
      const read = contact.readers.groups(contact.cell(row, index))
      const named = contact.take(row, index, read, template ? 'groups_blank' : null)
      if (named === undefined) contact.noteUnreadable('groups')
      else if (named !== null) for (const group of named) this.all.push(group)
    }
  }

  /** Adds the keys of the groups, sorted, to the provided attributes. */
  provide(provided: ProvidedDetails): void {
    if (this.#contact.rules.columns.groups.length > 0 && this.#contact.provides('groups'))
      provided.groups = groupKeys(this.all)
  }
}

/** Returns the keys of groups as a contact has them: each once, sorted. */
export function groupKeys(groups: readonly GroupName[]): string[] {
  const keys = groups.map(({ key }) => key)
  return keys.length < 2 ? keys : [...new Set(keys)].sort()
}

/** Returns whether a column of a custom field may have several values. */
function isList(column: FieldColumn, rule: FieldDefinition): boolean {
  return rule.list || column.list
}

/** Reads a cell of a custom field. `isText`: whether the file is a text; see `readField`. */
export function readFieldCell(
  cell: string,
  column: FieldColumn,
  rule: FieldDefinition,
  isText: boolean,
  defaultCountry: string,
): Value<string[]> {
  const list = isList(column, rule)
  const translated = column.translate === null ? cell : column.translate(cell, list)
  return readField(translated, { type: rule.type, list, isText }, defaultCountry)
}

/** Reads the custom fields of a contact. */
export class CustomFields {
  readonly #contact: OneContact
  readonly #isText: boolean
  /** By field: its values row by row. */
  readonly #lists = new Map<string, string[][]>()

  /** `isText`: whether the file is a text; see `readField`. */
  constructor(contact: OneContact, isText: boolean) {
    this.#contact = contact
    this.#isText = isText
  }

  read(row: Row): void {
    for (const column of this.#contact.rules.columns.fields) this.#readField(row, column)
  }

  /**
   * Adds the fields that the file has and that are defined to the provided attributes. A field without values is blank.
   */
  provide(provided: ProvidedDetails): void {
    const { candidates, rules } = this.#contact
    if (rules.columns.fields.length === 0) return
    const fields = new Map<string, string[]>()
    for (const { key } of rules.columns.fields) {
      const single = candidates.of(`field:${key}`)
      if (!rules.fields.has(key) || !this.#contact.provides(`field:${key}`, single !== null)) continue
      const lists = this.#lists.get(key) ?? []
      const listed = [...new Set(lists.flat())]
      // The values keep the order of the cell, but do not depend on the order of the rows.
      fields.set(key, single !== null ? [single] : lists.length > 1 ? listed.sort() : listed)
    }
    provided.fields = Object.fromEntries(fields)
  }

  #readField(row: Row, column: FieldColumn): void {
    const contact = this.#contact
    const rule = contact.rules.fields.get(column.key)
    if (rule === undefined || contact.lacks(column.index, `field:${column.key}`)) return
    const list = isList(column, rule)
    const read = readFieldCell(
      contact.cell(row, column.index),
      column,
      rule,
      this.#isText,
      contact.rules.defaultCountry,
    )
    const values = contact.take(row, column.index, read, rule.required ? 'field_blank' : null, rule.label)
    if (isUnreadable(read)) contact.noteUnreadable(`field:${column.key}`)
    if (values === null || values === undefined) return
    if (list) {
      const before = this.#lists.get(column.key)
      if (before === undefined) this.#lists.set(column.key, [values])
      else before.push(values)
    } else contact.candidates.add(row, column.index, `field:${column.key}`, values[0] ?? '')
  }
}
