import type { TextKey } from '../attributes.ts'
import type { Priority, ProvidedDetails } from '../contact.ts'
import type { Row } from '../row.ts'
import { fullName, readName } from '../values/name.ts'
import type { RequiredCode } from '../values/required.ts'
import { quote } from '../values/text.ts'
import type { OneContact } from './one-contact.ts'

function isPartOfName({ key }: { key: TextKey }): boolean {
  return key === 'firstName' || key === 'lastName'
}

/** Reads the attributes of a contact that have one value: its name, its texts and its priority. */
export class Texts {
  readonly #contact: OneContact

  constructor(contact: OneContact) {
    this.#contact = contact
  }

  read(row: Row): void {
    const { name, texts, priority } = this.#contact.rules.columns
    if (name !== -1) this.#readName(row, name)
    for (const { key, index, required } of texts) {
      this.#readText(row, key, index, required)
      if (key === 'assignedUser') this.#checkUser(row, index)
    }
    if (priority !== -1) this.#readPriority(row, priority)
  }

  /** Adds the values to the provided attributes. */
  provide(provided: ProvidedDetails): void {
    const contact = this.#contact
    const { candidates } = contact
    const { name, texts, priority } = contact.rules.columns
    for (const { key } of texts) {
      const value = candidates.of(key)
      if (contact.provides(key, value !== null)) provided[key] = value
    }
    if (name !== -1) {
      const value = candidates.of('name')
      if (contact.provides('name', value !== null)) provided.name = value ?? ''
    } else if (texts.some(isPartOfName)) this.#provideParts(provided)
    const level = candidates.of('priority') as Priority | null
    if (priority !== -1 && contact.provides('priority', level !== null)) provided.priority = level ?? 'normal'
  }

  /** Adds the name that first and last name make. If the rows lack one of them, both stay as they are stored. */
  #provideParts(provided: ProvidedDetails): void {
    const { candidates, rules } = this.#contact
    const parts = rules.columns.texts.filter(isPartOfName)
    if (parts.every(({ key }) => key in provided)) {
      provided.name = fullName(candidates.of('firstName'), candidates.of('lastName'))
    } else for (const { key } of parts) delete provided[key]
  }

  #readName(row: Row, index: number): void {
    if (this.#contact.lacks(index, 'name')) return
    const value = readName(this.#contact.cell(row, index))
    if (value.kind === 'value') this.#contact.candidates.add(row, index, 'name', value.value)
    const severity = value.kind === 'value' ? 'warning' : 'error'
    for (const finding of value.findings) this.#contact.report(row, index, severity, finding)
  }

  #readText(row: Row, key: TextKey, index: number, required: RequiredCode | null): void {
    const contact = this.#contact
    if (contact.lacks(index, key)) return
    const value = contact.take(row, index, contact.readers.text(contact.cell(row, index)), required)
    if (value === undefined) contact.noteUnreadable(key)
    else if (value !== null) contact.candidates.add(row, index, key, value)
  }

  /**
   * Reports a User ID that no user has. The ID is stored all the same, because assignments follow when users change
   * (design: Assigned user).
   */
  #checkUser(row: Row, index: number): void {
    const { rules, readers } = this.#contact
    const value = rules.userIds === null ? null : readers.text(this.#contact.cell(row, index))
    if (value?.kind !== 'value' || rules.userIds?.has(value.value) === true) return
    const message =
      `No user has the User ID ${quote(value.value)}, so this contact is assigned to nobody. ` +
      'Give a user this ID on the Users page, or correct it here.'
    this.#contact.report(row, index, 'warning', { code: 'assigned_user_unmatched', message })
  }

  /** Reads the priority. A blank cell conflicts with no other row, and means the normal priority. */
  #readPriority(row: Row, index: number): void {
    const contact = this.#contact
    if (contact.lacks(index, 'priority')) return
    const cell = contact.cell(row, index)
    if (cell.trim() === '') return
    const value = contact.take(row, index, contact.readers.priority(cell), null)
    if (value === undefined) contact.noteUnreadable('priority')
    else if (value !== null) contact.candidates.add(row, index, 'priority', value)
  }
}
