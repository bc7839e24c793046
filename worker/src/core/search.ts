import { SEARCHED_TEXTS } from './attributes.ts'
import type { ContactDetails, Priority } from './contact.ts'

/**
 * Returns the words that a contact is found by: its words; its numbers by their digits, in full and without the calling
 * code, and by the last seven and the last four digits, which is how people remember them. A North American number is
 * indexed only without its 1, because each word of the index takes time and no such number begins with a 1.
 *
 * Further words begin with `#`, so that no search finds them: the IDs of its groups, its priority if it is not normal, the
 * types of its numbers, `#email` or `#nobody` if it has an address or neither, each of its addresses and values of fields
 * in full, and its name. Such a word takes the place of an index, and of a row written for each contact.
 */
export function searchWords(id: string, details: ContactDetails, groupIds: readonly number[]): string {
  const { name, emails, numbers, priority, fields } = details
  let words = `${name} ${id}`
  for (const key of SEARCHED_TEXTS) {
    const text = details[key]
    if (text !== null) words += ` ${text}`
  }
  for (const email of emails) words += ` ${email}`
  if (words.includes('#')) words = words.replaceAll('#', ' ')
  for (const { number, type } of numbers) words += `${numberWords(number.slice(1))} #${type}`
  for (const group of groupIds) words += ` #${group}`
  if (priority !== 'normal') words += ` #${priority}`
  for (const email of emails) words += ` ${emailWord(email)}`
  if (emails.length > 0) words += ' #email'
  else if (numbers.length === 0) words += ' #nobody'
  for (const [key, values] of Object.entries(fields)) for (const value of values) words += ` ${fieldWord(key, value)}`
  return `${words} ${nameWord(name)}`
}

/** The most characters of a name that its place among the names depends on. */
const LONGEST_NAME = 40

/**
 * Returns the word by which contacts are listed in the order of their names. The index keeps its words in order, with
 * letters in lower case and without accents, and `#` comes before all digits and letters.
 */
export function nameWord(name: string): string {
  return `##${name.slice(0, LONGEST_NAME).replace(/[^\p{L}\p{N}]/gu, '#')}`
}

/** Returns the word of an e-mail address. Two that differ only by the case of A-Z have one word. */
export function emailWord(email: string): string {
  return `#email${lowerHex(email)}`
}

/** The most digits of a field's word. The index is not made for long texts, and no list of contacts has one. */
const LONGEST_FIELD = 128

/** Returns the word of a value of a field. Values that differ only by the case of A-Z, or at the end, may have one word. */
export function fieldWord(key: string, value: string): string {
  return `#field${lowerHex(`${key}=${value}`).slice(0, LONGEST_FIELD)}`
}

const byteInHex = (byte: number) => byte.toString(16).padStart(2, '0')
/** The characters of ASCII in hex, with A-Z in lower case. */
const ASCII = Array.from({ length: 128 }, (_, code) => byteInHex(code >= 65 && code <= 90 ? code + 32 : code))

/**
 * Returns the bytes of a text in hex, with A-Z in lower case, like `hex(lower(text))` of SQLite, which a migration can
 * compute. The index would split the text itself at its punctuation.
 */
function lowerHex(text: string): string {
  let digits = ''
  for (let i = 0; i < text.length; i++) {
    const two = ASCII[text.charCodeAt(i)]
    if (two === undefined)
      return digits + Array.from(new TextEncoder().encode(lowerAscii(text.slice(i))), byteInHex).join('')
    digits += two
  }
  return digits
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
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
 * Returns the words of the text that a person typed, as one list or several: a contact is found if each word of a list
 * begins one of its words. The typed digits together may also begin one of the forms of a number. Returns null if the text
 * has nothing to search for.
 */
export function searchPrefixes(typed: string): string[][] | null {
  const words = typed
    .normalize('NFC')
    .match(/[\p{L}\p{N}\p{M}]+/gu)
    ?.slice(0, MOST_WORDS)
  if (words === undefined) return null
  const digits = words.join('')
  if (!/^\d{3,15}$/.test(digits)) return [words]
  const numbers = [...(words.length > 1 ? [digits] : []), ...(/^1[2-9]/.test(digits) ? [digits.slice(1)] : [])]
  return [words, ...numbers.map((number) => [number])]
}

/**
 * Returns a text's words as the search index has them: in lower case and without accents. Letters that Unicode has had only
 * since 2012 separate words in the index, but not here.
 */
export function wordsIn(text: string): string[] {
  return (
    text
      .normalize('NFD')
      .replace(/\p{Mn}/gu, '')
      .toLowerCase()
      .normalize('NFC')
      .match(/[\p{L}\p{N}\p{Co}#]+/gu) ?? []
  )
}
