import { SEARCHED_TEXTS } from './attributes.ts'
import type { ContactDetails, Priority } from './contact.ts'

/**
 * Returns the words that a contact is found by: its words; its numbers by their digits, in full and without the calling
 * code, and by the last seven and the last four digits, which is how people remember them; and its groups by `#` and
 * their IDs, and its priority by `#` if it is not normal. A North American number is indexed only without its 1, because each word of the index takes time and no
 * such number begins with a 1.
 */
export function searchWords(id: string, details: ContactDetails, groupIds: readonly number[]): string {
  let words = `${details.name} ${id}`
  for (const key of SEARCHED_TEXTS) {
    const text = details[key]
    if (text !== null) words += ` ${text}`
  }
  for (const email of details.emails) words += ` ${email}`
  if (words.includes('#')) words = words.replaceAll('#', ' ')
  for (const { number } of details.numbers) words += numberWords(number.slice(1))
  for (const group of groupIds) words += ` #${group}`
  if (details.priority !== 'normal') words += ` #${details.priority}`
  return words
}

/** Returns the search index's query for the members of a group, or for those of a priority. */
export function membersQuery(group: number, priority?: Priority): string {
  const members = `"#${group}"`
  if (priority === undefined) return members
  return `${members} ${priority === 'normal' ? 'NOT ("#high" OR "#low")' : `AND "#${priority}"`}`
}

function numberWords(digits: string): string {
  const forms = digits.startsWith('1')
    ? digits.slice(1)
    : `${digits} ${digits.slice(1)} ${digits.slice(2)} ${digits.slice(3)}`
  return ` ${forms} ${digits.slice(-7)} ${digits.slice(-4)}`
}

/** Each further word is a search of its own. Nobody types so many. */
const MOST_WORDS = 20

/**
 * Returns the search index's query for the text that a person typed: every typed word begins a word of the contact, or
 * the typed digits together begin one of the forms of a number. Returns null if the text has nothing to search for.
 */
export function searchQuery(typed: string): string | null {
  const words = typed
    .normalize('NFC')
    .match(/[\p{L}\p{N}\p{M}]+/gu)
    ?.slice(0, MOST_WORDS)
  if (words === undefined) return null
  const begins = words.map((word) => `"${word}"*`).join(' AND ')
  const digits = words.join('')
  if (!/^\d{3,15}$/.test(digits)) return begins
  const numbers = [...(words.length > 1 ? [digits] : []), ...(/^1[2-9]/.test(digits) ? [digits.slice(1)] : [])]
  return numbers.length === 0 ? begins : [`(${begins})`, ...numbers.map((number) => `"${number}"*`)].join(' OR ')
}
