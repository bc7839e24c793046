import { ATTRIBUTE_KEYS, type AttributeKey } from './attributes.ts'
import { type ContactDetails, readDetails } from './contact.ts'
import type { WrittenChange } from './plan.ts'
import { searchPrefixes, searchWords, wordsIn } from './search.ts'

/** A changed attribute by which changes are filtered: `field:KEY` is a custom field. */
export type ChangedAttribute = Exclude<AttributeKey, 'fields'> | 'smsStatus' | `field:${string}`

/** Returns whether a text names an attribute by which changes are filtered. */
export function isChangedAttribute(text: string): text is ChangedAttribute {
  if (text.startsWith('field:') || text === 'smsStatus') return true
  return text !== 'fields' && (ATTRIBUTE_KEYS as readonly string[]).includes(text)
}

interface Sought {
  attribute?: ChangedAttribute | undefined
  /** The key of a group. */
  group?: string | undefined
  search?: string | undefined
}

/**
 * Finds changes of a plan by what they change: an attribute, the members of a group, or a contact that is searched as in the
 * directory. Most lines of a plan are passed over without a look at the details.
 */
export class ChangeFilter {
  readonly #attribute: ChangedAttribute | undefined
  readonly #group: string | undefined
  /** The searched words: all of one of the lists must begin a word of the contact. Null if nothing is searched. */
  readonly #searched: string[][] | null
  /** Whether every change matches. */
  readonly isOpen: boolean

  constructor({ attribute, group, search = '' }: Sought) {
    this.#attribute = attribute
    this.#group = group
    this.#searched =
      search.trim() === '' ? null : (searchPrefixes(search) ?? [['#']]).map((words) => words.flatMap(wordsIn))
    this.isOpen = attribute === undefined && group === undefined && this.#searched === null
  }

  /** Returns whether only changes of known contacts can match. */
  get onlyUpdates(): boolean {
    return this.#attribute !== undefined
  }

  /** Returns whether the change on a line of a plan can match. It looks only at the text. */
  mayMatch(line: string): boolean {
    if (this.#group !== undefined && !line.includes(JSON.stringify(this.#group))) return false
    if (this.#searched === null) return true
    const folded = fold(line)
    return this.#searched.some((words) => words.every((word) => folded.includes(word)))
  }

  /** Returns whether a change matches. */
  matches(change: WrittenChange): boolean {
    if (this.isOpen) return true
    if (this.#attribute !== undefined && !isChanged(change, this.#attribute)) return false
    if (this.#group === undefined && this.#searched === null) return true
    const before = change.before === null ? null : readDetails(change.before)
    const after = change.after === null ? null : readDetails(change.after)
    const group = this.#group
    if (group !== undefined && isIn(before, group) === isIn(after, group)) return false
    const { id } = change
    return this.#finds(change.op === 'rekey' ? `${id} ${change.fromId}` : id, before) || this.#finds(id, after)
  }

  #finds(id: string, details: ContactDetails | null): boolean {
    if (this.#searched === null) return true
    if (details === null) return false
    const words = wordsIn(searchWords(id, details, [])).filter((word) => !word.startsWith('#'))
    return this.#searched.some((sought) => sought.every((prefix) => words.some((word) => word.startsWith(prefix))))
  }
}

function isChanged(change: WrittenChange, attribute: ChangedAttribute): boolean {
  if (attribute === 'smsStatus') {
    const sms = change.op === 'add' || change.op === 'remove' ? undefined : change.sms
    return sms !== undefined && sms.before !== sms.after
  }
  if (change.op !== 'update' && change.op !== 'rekey') return false
  if (!attribute.startsWith('field:')) return change.changed.some((one) => one === attribute)
  if (!change.changed.includes('fields')) return false
  const key = attribute.slice('field:'.length)
  return valuesOf(change.before, key) !== valuesOf(change.after, key)
}

/** Returns the values of a custom field as text; blank if there are none. */
function valuesOf(details: string | null, key: string): string {
  const values = details === null ? undefined : readDetails(details).fields[key]
  return values === undefined ? '' : JSON.stringify(values)
}

function isIn(details: ContactDetails | null, group: string): boolean {
  return details?.groups.includes(group) ?? false
}

/** Returns a line as its words are compared: in lower case and without accents. */
function fold(line: string): string {
  if (/^[\0-\x7f]*$/.test(line)) return line.toLowerCase()
  return line
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .normalize('NFC')
}
