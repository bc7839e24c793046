import { Failure } from '../../core/failure.ts'
import { ownText } from '../../core/values/memoized.ts'
import { quote } from '../../core/values/text.ts'

/** The most different keys of all records. A file with more has data in the place of keys. */
const MOST_KEYS = 1000
/** The longest key, in characters. A mapping cannot name a longer one. */
const LONGEST_KEY = 500

/** A key of the records, and the keys of the objects that are its values. */
export class Key {
  readonly #keys: Keys
  readonly #children = new Map<string, Key>()
  /** The name of the column: the keys of an object follow its own key and a dot. */
  readonly column: string
  /** Whether some record has a value here that is not an object. */
  hasValues = false
  /** The index of the column; -1 if there is none, or until the columns are laid out. */
  index = -1
  /** The columns of this key and of its objects, once they are laid out. */
  columns: readonly Key[] = []

  constructor(keys: Keys, column: string) {
    this.#keys = keys
    this.column = column
  }

  /** Returns the key of a member of an object that is a value of this key. Throws `Failure` if there are too many keys. */
  child(name: string): Key {
    const known = this.#children.get(name)
    if (known !== undefined) return known
    this.#keys.count(name)
    const own = ownText(name)
    const child = new Key(this.#keys, this === this.#keys.record ? own : `${this.column}.${own}`)
    this.#children.set(own, child)
    return child
  }

  /** Gives this key and the keys in it their columns, in the order in which they were found. */
  layOut(next: number): number {
    const columns: Key[] = []
    if (this.hasValues || (this.#children.size === 0 && this !== this.#keys.record)) {
      this.index = next++
      columns.push(this)
    }
    for (const child of this.#children.values()) {
      next = child.layOut(next)
      columns.push(...child.columns)
    }
    this.columns = columns
    return next
  }
}

/** The union of the keys of all records. */
export class Keys {
  /** Stands for a record itself. */
  readonly record = new Key(this, '')
  #count = 0
  /** Whether every record has been seen, so that each key has its column. */
  laidOut = false

  count(name: string): void {
    if (name.length > LONGEST_KEY) throw tooManyKeys(`a key of more than ${LONGEST_KEY} characters`)
    if (++this.#count > MOST_KEYS) throw tooManyKeys(`more than ${MOST_KEYS.toLocaleString('en')} different keys`)
  }

  /** Lays out the columns, and returns their names. */
  layOut(): string[] {
    this.record.layOut(0)
    this.laidOut = true
    return this.record.columns.map(({ column }) => column)
  }
}

function tooManyKeys(what: string): Failure {
  return new Failure(
    'not_a_contact_file',
    `The records of the file have ${what}, so their keys are not columns.`,
    'Each record must be an object with the same keys, such as {"id": "7", "name": "Ana Example"}.',
  )
}

/** Returns the failure for a record that says two things of one key. */
export function keyTwice(key: Key, record: number): Failure {
  return new Failure(
    'header_duplicate',
    `Record ${record} has the key ${quote(key.column)} more than once.`,
    'Remove or rename one of the two in the export, so that it is clear which one counts.',
  )
}
