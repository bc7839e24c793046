import { Failure } from '../../core/failure.ts'
import { headerKey } from '../../core/template.ts'
import { quote } from '../../core/values/text.ts'

/** An attribute of contacts in Connect. */
export interface Attribute {
  /** The internal name, as requests and answers have it: `firstname`. */
  name: string
  /** The name that administrators see and type, the service's “mapping name”: `First Name`. */
  label: string
}

/**
 * Likely names of two attributes: the service's own ID of a contact, and the time of its last change. The first name
 * found counts.
 */
const CONTACT_ID = ['contactid', 'contact id', 'contactnumber', 'connectid', 'connectcontactid', 'recordid', 'id']
const MODIFIED = [
  ...['modifieddate', 'datemodified', 'lastmodifieddate', 'lastmodified', 'modified', 'modifiedon'],
  ...[
    'updateddate',
    'dateupdated',
    'lastupdateddate',
    'lastupdated',
    'lastupdate',
    'datelastmodified',
    'datelastupdated',
  ],
]
const MOST_SUGGESTED = 3
/** The longest name that is compared with others, in characters: the work grows with the product of two lengths. */
const LONGEST_COMPARED = 60

/** The attributes of a service, searched by the names that people type. */
export class Attributes {
  readonly #all: readonly Attribute[]
  readonly #from: string
  readonly #byLabel: ReadonlyMap<string, readonly Attribute[]>
  readonly #byName: ReadonlyMap<string, readonly Attribute[]>

  constructor(all: readonly Attribute[], from: string) {
    this.#all = all
    this.#from = from
    this.#byLabel = Map.groupBy(all, ({ label }) => headerKey(label))
    this.#byName = Map.groupBy(all, ({ name }) => headerKey(name))
  }

  /**
   * Returns the attribute that administrators or else the service itself call `typed`. Throws `Failure`, with the
   * nearest names.
   */
  find(typed: string): Attribute {
    const key = headerKey(typed)
    const named = this.#byLabel.get(key) ?? []
    const internal = this.#byName.get(key)?.[0]
    if (named.length > 1 && internal === undefined) throw this.#ambiguous(typed, named)
    const found = named.length === 1 ? named[0] : internal
    if (found === undefined) throw this.#unknown(typed)
    return found
  }

  /** Returns the attribute that holds the contact's ID; null if no attribute has such a name. */
  contactId(): Attribute | null {
    return this.#likely(CONTACT_ID)
  }

  /** Returns the attribute that holds the time of the last change; null if no attribute has such a name. */
  modified(): Attribute | null {
    return this.#likely(MODIFIED)
  }

  #likely(names: readonly string[]): Attribute | null {
    const places = new Map(names.map((name, place) => [plain(name), place]))
    let found: Attribute | null = null
    let best = names.length
    for (const attribute of this.#all) {
      const place = Math.min(
        ...[attribute.name, attribute.label].map((name) => places.get(plain(name)) ?? names.length),
      )
      if (place < best) {
        best = place
        found = attribute
      }
    }
    return found
  }

  #unknown(typed: string): Failure {
    const near = this.#nearest(typed).map((label) => `“${label}”`)
    const advice = near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `
    return new Failure(
      'header_missing',
      `Connect (${this.#from}) has no contact attribute ${quote(typed)}.`,
      `${advice}Enter the name as administrators see it in Connect; a test of the connection lists all of them.`,
    )
  }

  #ambiguous(typed: string, named: readonly Attribute[]): Failure {
    return new Failure(
      'header_duplicate',
      `Connect (${this.#from}) has more than one contact attribute ${quote(typed)}.`,
      `Enter the service’s own name of the one that is meant: ${named
        .slice(0, MOST_SUGGESTED)
        .map(({ name }) => `“${name}”`)
        .join(' or ')}.`,
    )
  }

  #nearest(typed: string): string[] {
    const wanted = plain(typed)
    if (wanted.length > LONGEST_COMPARED) return []
    const short = ({ name, label }: Attribute) => Math.max(name.length, label.length) <= LONGEST_COMPARED
    const near = this.#all.filter(short).map(({ name, label }) => {
      const distance = Math.min(edits(wanted, plain(label)), edits(wanted, plain(name)))
      const within = wanted.length >= 3 && (plain(label).includes(wanted) || wanted.includes(plain(label)))
      return { label, distance: within ? Math.min(distance, 2) : distance }
    })
    const most = Math.max(2, Math.floor(wanted.length / 3))
    return near
      .filter(({ distance }) => distance <= most)
      .sort((a, b) => a.distance - b.distance || (a.label < b.label ? -1 : 1))
      .slice(0, MOST_SUGGESTED)
      .map(({ label }) => label)
  }
}

function plain(name: string): string {
  return headerKey(name).replace(/[^\p{L}\p{N}]/gu, '')
}

/** Counts the letters to change, add, leave out or swap with a neighbour (restricted Damerau-Levenshtein distance). */
function edits(one: string, other: string): number {
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1]
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      }
      row.push(least)
    }
    before = last
    last = row
  }
  return last[other.length] ?? 0
}
