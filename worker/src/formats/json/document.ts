import type { RowBatch } from '../../core/bytes.ts'
import { Failure } from '../../core/failure.ts'
import { CLOSE_LIST, CLOSE_OBJECT, END, JsonCursor, OPEN_LIST, OPEN_OBJECT, Unfinished } from './cursor.ts'
import type { Keys } from './keys.ts'
import { listNote } from './pages.ts'
import { RecordReading } from './record.ts'

/** Where the records are: in a list, in the list that an object holds (`{"items": […]}`), or one after the other. */
export type Shape = 'list' | 'wrapped' | 'lines'

/** The members of a wrapping object that may be the list of records. */
const LISTS: ReadonlySet<string> = new Set(['items', 'data', 'results', 'value', 'records'])

/** Returns whether an object holds a list of records. */
export function holdsList(value: object): boolean {
  return Object.entries(value).some(([name, member]) => LISTS.has(name) && Array.isArray(member))
}

/** What is expected next. */
type Place = 'start' | 'first member' | 'next member' | 'first item' | 'next item' | 'line' | 'end'

/**
 * Cuts a document of JSON into records, and reads them into rows. Each step of it leaves the cursor behind something
 * complete, so that the text of the next piece can follow there.
 */
export class DocumentReader {
  readonly #shape: Shape
  readonly #cursor = new JsonCursor()
  readonly #record: RecordReading
  #place: Place = 'start'
  #hasList = false
  /** How many records there are in all, as the document says. */
  #total = 0
  /** Why the records are not all of them, in words that follow a colon; null if nothing says so. */
  #partial: string | null = null
  #records = 0

  constructor(shape: Shape, keys: Keys) {
    this.#shape = shape
    this.#record = new RecordReading(this.#cursor, keys)
  }

  /** How many records have been read. */
  get records(): number {
    return this.#records
  }

  /**
   * Reads the complete records at the start of `text`. `used` is how many characters they take; call again with the rest
   * followed by more text. `last`: the document ends with this text. Throws `Failure`.
   */
  read(text: string, last: boolean): { batch: RowBatch; used: number } {
    const batch: RowBatch = { numbers: [], cells: [] }
    let used = 0
    this.#cursor.feed(text, last)
    try {
      while (this.#step(batch)) used = this.#cursor.at
    } catch (error) {
      if (!(error instanceof Unfinished)) throw error
    }
    return { batch, used }
  }

  /** Reads the next part of the document. Returns false at its end. */
  #step(batch: RowBatch): boolean {
    const cursor = this.#cursor
    switch (this.#place) {
      case 'start':
        if (this.#shape !== 'lines') cursor.expect(this.#shape === 'list' ? OPEN_LIST : OPEN_OBJECT)
        this.#place = this.#shape === 'lines' ? 'line' : this.#shape === 'list' ? 'first item' : 'first member'
        return true
      case 'first item':
        if (cursor.token() === CLOSE_LIST) return this.#endList()
        return this.#takeRecord(batch, 'next item')
      case 'next item':
        return cursor.another(CLOSE_LIST) ? this.#takeRecord(batch, 'next item') : this.#leaveList()
      case 'first member':
        return cursor.token() === CLOSE_OBJECT ? this.#endObject() : this.#takeMember()
      case 'next member':
        return cursor.another(CLOSE_OBJECT) ? this.#takeMember() : this.#leaveObject()
      case 'line':
        return cursor.peek() !== END && this.#takeRecord(batch, 'line')
      case 'end':
        if (cursor.peek() === END) return false
        throw cursor.fault()
    }
  }

  #takeRecord({ numbers, cells }: RowBatch, next: Place): boolean {
    const number = this.#records + 1
    this.#cursor.record = number
    if (this.#cursor.token() !== OPEN_OBJECT) throw notARecord(number)
    cells.push(this.#record.read())
    numbers.push(number)
    this.#records = number
    this.#place = next
    return true
  }

  /** Passes a member of the wrapping object, up to the first record if it is the list of records. */
  #takeMember(): boolean {
    const cursor = this.#cursor
    const name = cursor.key()
    if (LISTS.has(name) && cursor.token() === OPEN_LIST) {
      cursor.at++
      if (cursor.token() === CLOSE_LIST) {
        cursor.at++
        this.#place = 'next member'
      } else {
        if (this.#records > 0) throw twoLists()
        this.#place = 'first item'
      }
      this.#hasList = true
    } else {
      const note = listNote(name, cursor.raw())
      if (note?.is === 'page') throw morePages(name)
      if (note?.is === 'part') this.#partial = `it says so itself in “${name.slice(0, 50)}”`
      if (note?.is === 'total') this.#total = Math.max(this.#total, note.count)
      this.#place = 'next member'
    }
    return true
  }

  #endList(): boolean {
    this.#cursor.at++
    return this.#leaveList()
  }

  #leaveList(): boolean {
    this.#place = this.#shape === 'list' ? 'end' : 'next member'
    return true
  }

  #endObject(): boolean {
    this.#cursor.at++
    return this.#leaveObject()
  }

  #leaveObject(): boolean {
    if (!this.#hasList) throw noList()
    if (this.#total > this.#records) {
      this.#partial = `it has ${this.#records} records, and says that there are ${this.#total}`
    }
    if (this.#partial !== null) throw partial(this.#partial)
    this.#place = 'end'
    return true
  }
}

const MEMBERS = 'items, data, results, value or records'

function notARecord(number: number): Failure {
  return new Failure(
    'not_a_contact_file',
    `The file is JSON, but entry ${number} of its list is not an object.`,
    'Each contact must be an object, such as {"id": "7", "name": "Ana Example"}.',
  )
}

function noList(): Failure {
  return new Failure(
    'not_a_contact_file',
    `The file is one JSON object, and none of its members ${MEMBERS} is a list of records.`,
    'It may be an error message. The file must be a list of objects, or an object with such a list in one of these members.',
  )
}

function twoLists(): Failure {
  return new Failure(
    'not_a_contact_file',
    `The file is a JSON object with more than one list of records (${MEMBERS}), and nothing says which one counts.`,
    'Let the export write only one of them.',
  )
}

function partial(why: string): Failure {
  return new Failure(
    'truncated',
    `The file does not have all of its records: ${why}.`,
    'Open the address in a browser and see what it answers. Ask for all records at once, such as with a larger page size. Nobody was removed.',
  )
}

function morePages(name: string): Failure {
  return new Failure(
    'unsupported_format',
    `The file has only the first page of the records: “${name.slice(0, 50)}” says that more pages follow.`,
    'Muster reads one page. Ask for all records at once, such as with a larger page size in the address. Nobody was removed.',
  )
}
