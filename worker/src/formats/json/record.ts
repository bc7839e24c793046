import { ABSENT } from '../../core/bytes.ts'
import { listText } from '../../core/values/list-text.ts'
import { type JsonCursor, OPEN_LIST, OPEN_OBJECT } from './cursor.ts'
import { type Key, type Keys, keyTwice } from './keys.ts'

/**
 * Reads a record, which is an object, into cells. The keys of an object in it, or of the objects of a list, have columns
 * of their own (`address.city`); whatever is nested deeper is the text of one cell. Null and an empty list are blank; a
 * key that a record does not have is absent. Until the columns are laid out, the keys are only noted.
 */
export class RecordReading {
  readonly #cursor: JsonCursor
  readonly #keys: Keys
  #cells: string[] = []

  constructor(cursor: JsonCursor, keys: Keys) {
    this.#cursor = cursor
    this.#keys = keys
  }

  /** Returns the cells of the record at the cursor. Throws as the cursor does. */
  read(): string[] {
    const { record, laidOut } = this.#keys
    this.#cells = laidOut ? new Array<string>(record.columns.length).fill(ABSENT) : []
    this.#cursor.members((name) => this.#value(record.child(name)))
    return this.#cells
  }

  #value(key: Key): void {
    const cursor = this.#cursor
    const code = cursor.token()
    if (code === OPEN_OBJECT) cursor.members((name) => this.#member(key.child(name)))
    else if (code === OPEN_LIST) this.#list(key)
    else this.#set(key, cursor.scalar())
  }

  /** Reads a member of an object in the record. */
  #member(key: Key): void {
    const code = this.#cursor.token()
    if (code === OPEN_LIST) {
      const items: string[] = []
      this.#cursor.items(() => this.#item(items))
      this.#set(key, items.length === 0 ? null : listText(items))
    } else if (code === OPEN_OBJECT) this.#set(key, this.#cursor.raw())
    else this.#set(key, this.#cursor.scalar())
  }

  #list(key: Key): void {
    const items: string[] = []
    const members = new Map<Key, string[]>()
    this.#cursor.items(() => {
      if (this.#cursor.token() !== OPEN_OBJECT) this.#item(items)
      else this.#cursor.members((name) => this.#item(listOf(members, key.child(name))))
    })
    if (items.length > 0) this.#put(key, listText(items))
    for (const [child, values] of members) this.#set(child, values.length === 0 ? null : listText(values))
    // The list is complete, so what none of its items has is blank and not absent.
    for (const column of key.columns) if (this.#cells[column.index] === ABSENT) this.#put(column, '')
  }

  #item(items: string[]): void {
    const code = this.#cursor.token()
    const item = code === OPEN_OBJECT || code === OPEN_LIST ? this.#cursor.raw() : this.#cursor.scalar()
    if (item !== null) items.push(item)
  }

  /** Sets a value; null makes each column of the key blank, those of its objects included. */
  #set(key: Key, value: string | null): void {
    if (value !== null) this.#put(key, value)
    else for (const column of key.columns) this.#put(column, '')
  }

  #put(key: Key, text: string): void {
    if (!this.#keys.laidOut) {
      key.hasValues = true
      return
    }
    if (this.#cells[key.index] !== ABSENT) throw keyTwice(key, this.#cursor.record)
    this.#cells[key.index] = text === ABSENT ? '' : text
  }
}

function listOf(lists: Map<Key, string[]>, key: Key): string[] {
  const known = lists.get(key)
  if (known !== undefined) return known
  const list: string[] = []
  lists.set(key, list)
  return list
}
