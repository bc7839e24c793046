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
    const members = new Map<Key, Line[]>()
    let objects = 0
    this.#cursor.items(() => {
      if (this.#cursor.token() !== OPEN_OBJECT) this.#item(items)
      else {
        const at = objects++
        this.#cursor.members((name) => {
          const text = this.#itemText()
          if (text !== null) linesOf(members, key.child(name)).push({ at, text })
          else linesOf(members, key.child(name))
        })
      }
    })
    if (items.length > 0) this.#put(key, listText(items))
    for (const [child, lines] of members)
      this.#set(child, lines.length === 0 ? null : listText(inPlace(lines, objects)))
    // The list is complete, so what none of its items has is blank and not absent.
    for (const column of key.columns) if (this.#cells[column.index] === ABSENT) this.#put(column, '')
  }

  #item(items: string[]): void {
    const item = this.#itemText()
    if (item !== null) items.push(item)
  }

  #itemText(): string | null {
    const code = this.#cursor.token()
    return code === OPEN_OBJECT || code === OPEN_LIST ? this.#cursor.raw() : this.#cursor.scalar()
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

/** A value in one of the objects of a list, and which object that is. */
interface Line {
  at: number
  text: string
}

function linesOf(members: Map<Key, Line[]>, key: Key): Line[] {
  const known = members.get(key)
  if (known !== undefined) return known
  const lines: Line[] = []
  members.set(key, lines)
  return lines
}

/** At least one in so many objects must have a key for its values to keep their places. */
const SHARE = 4

/**
 * Returns the values of one key of the objects in a list. Each value has the line of its object, so that a number and its
 * type are found on the same line; a key that few of the objects have would make too many blank lines.
 */
function inPlace(lines: readonly Line[], objects: number): string[] {
  const isPlaced =
    lines.length * SHARE >= objects && lines.every(({ at }, i) => i === 0 || at > (lines[i - 1]?.at ?? -1))
  if (!isPlaced) return lines.map(({ text }) => text)
  const placed = new Array<string>(objects).fill('')
  for (const { at, text } of lines) placed[at] = text
  return placed
}
