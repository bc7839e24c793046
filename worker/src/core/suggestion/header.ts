import type { Target } from '../attributes.ts'
import type { NumberType } from '../contact.ts'
import { headerKey, TEMPLATE } from '../template.ts'
import { foldWords } from '../values/phone-words.ts'
import { readSmsHeader, type Yes } from './sms-column.ts'
import { GERMAN_ID, type Meaning, meaningsOf, NOISE, partsOf, STAFF, STOP, THINGS, WORDS } from './words.ts'

/** A possible target of a column by its header; `score` is how sure it is, from 0 to 1. */
export interface Hint {
  to: Target
  score: number
  type?: NumberType
  only?: Meaning['only']
  /** What a yes in a column of the SMS status means. */
  yes?: Yes
}

export interface Header {
  hints: Hint[]
  /** 2 for `Phone 2`, for `Phone 2 type` and for a secondary phone. */
  place: number
  /** Whether the header shows that the column is not the contact’s own, whatever its values look like. */
  stop: boolean
  /** Whether the header names a number or a code of something else, so that values that look like IDs are not enough. */
  noId?: boolean
}

/** The longest header that is read, in characters. A longer one is a text. */
const LONGEST = 200

/** Reads a header by its words, in any case and order of compounds, with or without accents. */
export function readHeader(text: string): Header {
  const all = wordsOf(text.slice(0, LONGEST))
  const digits = all.find((word) => /^\d{1,2}$/.test(word))
  const spoken = all.filter((word) => !/^\d+$/.test(word))
  const telling = spoken.filter((word) => !NOISE.has(word))
  const words = telling.length === 0 ? spoken : telling
  const place = digits === undefined ? (has(words, 'later') ? 2 : 1) : Math.max(1, Number(digits))
  const template = templateTarget(text)
  const whole = phraseHints(spoken)
  const named = whole.length > 0 ? whole : phraseHints(words)
  const hints = template === null ? named : [{ to: template, score: 1 }, ...named.filter(({ to }) => to !== template)]
  if (hints.some(({ only }) => only === undefined)) {
    // “Number” may also number the rows.
    return { hints: [...hints, ...(only(words, 'number') ? idHints(words) : [])], place, stop: false }
  }
  const sms = readSmsHeader(spoken)
  if (sms !== null && sms !== 'other')
    return { hints: [{ to: 'smsStatus', score: CERTAIN, yes: sms }], place, stop: true }
  const nothing = { hints: [], place, stop: true }
  const staff = staffHints(words)
  if (staff !== null) return { ...nothing, hints: staff }
  if (sms === 'other' || isOfOrganization(words) || isOfOtherContact(all)) return nothing
  if (words.some((word) => STOP.has(word) && !isHarmless(word, words))) return nothing
  const email = emailHint(words)
  if (email !== null) return { hints: [email], place, stop: false }
  const found = [...hints, ...phoneDetailHints(words), ...numberHints(words), ...idHints(words), ...nameHints(words)]
  if (found.length === 0 && has(words, 'email')) return nothing
  const noId = has(words, 'number') || has(words, 'code') || has(words, 'id')
  return { hints: found, place: found.length === 0 ? 1 : place, stop: false, noId }
}

function wordsOf(text: string): string[] {
  const plain = foldWords(
    text
      // A note of the form, such as “[Required]”.
      .replace(/\[[^[\]]*\]/g, ' ')
      // The plural of “Group(s)”.
      .replaceAll('(s)', '')
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'),
  ).replaceAll('#', ' number ')
  const words = (plain.match(/\p{L}+|\d+/gu) ?? []).join(' ').replace(/\b(e|whats) (mails?|app)\b/g, '$1$2')
  return words.split(' ').flatMap(partsOf)
}

/** Returns whether a word that stops a suggestion does not do so beside these others. */
function isHarmless(word: string, words: readonly string[]): boolean {
  // An e-mail address is no address; an extension phone is a phone with an extension.
  if (WORDS.emailAddress.has(word)) return has(words, 'email')
  if (word === 'school') return has(words, 'email')
  return (word === 'extension' && words[0] === word && words[1] === 'phone') || (word === 'main' && has(words, 'email'))
}

function templateTarget(text: string): Target | null {
  const key = headerKey(text)
  const exact = TEMPLATE.find(({ header }) => headerKey(header) === key)
  const stem = key.replace(/\d{1,2}$/, '')
  return exact?.to ?? TEMPLATE.find(({ header, numbered }) => numbered && headerKey(header) === stem)?.to ?? null
}

/** Returns the hints of a phrase: `Employee name` means the same as `Name`. */
function phraseHints(words: readonly string[]): Hint[] {
  const whole = meaningsOf(words.join(' '))
  if (whole.length > 0) return [...whole]
  const rest = words.filter((word) => !WORDS.who.has(word))
  return rest.length === words.length ? [] : [...meaningsOf(rest.join(' '))]
}

type Class = keyof typeof WORDS

const has = (words: readonly string[], one: Class) => words.some((word) => WORDS[one].has(word))

function only(words: readonly string[], ...classes: Class[]): boolean {
  return words.every((word) => classes.some((one) => WORDS[one].has(word)))
}

const CERTAIN = 0.92
/** The score if other, unknown words are in the header: `Ops phone`. */
const LIKELY = 0.6
/** The score if the header is enough only together with matching values. */
const POSSIBLE = 0.4

/** Words beside an e-mail that make the column something else: the name or the type of the address. */
const OF_EMAIL = new Set(['name', 'names', 'nom', 'nombre', 'typ', 'type', 'tipo', 'label', 'id', 'key', 'user'])

function emailHint(words: readonly string[]): Hint | null {
  if (!has(words, 'email') || words.some((word) => OF_EMAIL.has(word))) return null
  const known = only(words, 'email', 'emailAddress', 'place', 'filler', 'later', 'who')
  return { to: 'email', score: known ? CERTAIN : LIKELY }
}

const ABOUT_NUMBERS: Class[] = ['phone', 'mobile', 'landline', 'pager', 'place', 'number', 'filler', 'later', 'who']

function phoneDetailHints(words: readonly string[]): Hint[] {
  if (has(words, 'email')) return []
  const about = has(words, 'phone') || has(words, 'number')
  if (has(words, 'phoneType')) return [{ to: 'numberType', score: CERTAIN }]
  if (has(words, 'type') && only(words, 'type', ...ABOUT_NUMBERS)) {
    return [{ to: 'numberType', score: about ? CERTAIN : POSSIBLE }]
  }
  const describes = has(words, 'description') && about && only(words, 'description', ...ABOUT_NUMBERS)
  return describes ? [{ to: 'numberDescription', score: CERTAIN }] : []
}

/** Words of a telephone that is the organization’s: `Company phone`. */
const ORGANIZATION = new Set(['company', 'firma', 'societe', 'empresa', 'organization', 'organizacion', 'school'])

/** Returns whether a telephone is the organization’s and not the contact’s. */
function isOfOrganization(words: readonly string[]): boolean {
  return has(words, 'phone') && words.some((word) => ORGANIZATION.has(word))
}

function numberHints(words: readonly string[]): Hint[] {
  if (has(words, 'type') || has(words, 'description')) return []
  const isText = words.includes('text') && has(words, 'number')
  const sure = isText || has(words, 'phone') || has(words, 'mobile') || has(words, 'landline') || has(words, 'pager')
  const known = only(
    words.filter((word) => word !== 'extension'),
    ...ABOUT_NUMBERS,
  )
  const type = deviceOf(words)
  const hint = (score: number): Hint => ({ to: 'number', score, ...(type !== null && { type }) })
  // A number of WhatsApp need not get text messages.
  if (words.includes('whatsapp')) return [{ ...hint(POSSIBLE), only: 'spare' }]
  if (sure) return [hint(known ? CERTAIN : LIKELY)]
  if (has(words, 'place') && known) return [hint(has(words, 'number') ? LIKELY : POSSIBLE)]
  return isContactNumber(words) ? [hint(CERTAIN)] : []
}

function isContactNumber(words: readonly string[]): boolean {
  return words.length === 2 && words[0] === 'contact' && has(words, 'number')
}

/** Returns the device. A work mobile is a mobile; a phone at a place is a landline. */
function deviceOf(words: readonly string[]): NumberType | null {
  if (has(words, 'pager')) return 'pager'
  if (has(words, 'mobile') || words.includes('text') || words.includes('car') || words.includes('auto')) return 'mobile'
  return has(words, 'landline') || has(words, 'place') || words.includes('extension') ? 'landline' : null
}

function idHints(words: readonly string[]): Hint[] {
  if (GERMAN_ID.test(words.join(' '))) return [{ to: 'id', score: CERTAIN }]
  if (!only(words, 'id', 'code', 'number', 'who', 'record', 'filler')) return unknownId(words)
  const whose = has(words, 'who')
  if (has(words, 'id')) return [{ to: 'id', score: whose || only(words, 'id', 'number', 'filler') ? CERTAIN : LIKELY }]
  if (isContactNumber(words)) return []
  if (has(words, 'number') || has(words, 'code')) return [{ to: 'id', score: whose ? CERTAIN : POSSIBLE }]
  return []
}

/** The score if nothing but matching values can make it enough. */
const UNSURE = 0.28

/** An ID of something that is not known, such as a table: `SPRIDEN_ID`. It is taken if there is no surer one. */
function unknownId(words: readonly string[]): Hint[] {
  if (words.some((word) => THINGS.has(word))) return []
  return words.length === 2 && has(words.slice(-1), 'id') ? [{ to: 'id', score: UNSURE }] : []
}

/** The most words beside a name that are skipped: `Legal first name`, `SPRIDEN_LAST_NAME`, `First name (legal)`. */
const MOST_SKIPPED = 2
const SURENESS_OF_REST = 0.75

/** Returns the hints of a name or a title beside words that are not known. */
function nameHints(words: readonly string[]): Hint[] {
  for (let skipped = 1; skipped <= MOST_SKIPPED && words.length - skipped >= 2; skipped++) {
    for (const rest of [words.slice(skipped), words.slice(0, -skipped)]) {
      const found = meaningsOf(rest.join(' ')).filter(({ to }) => NAMES.has(to))
      if (found.length > 0) return found.map((meaning) => ({ ...meaning, score: meaning.score * SURENESS_OF_REST }))
    }
  }
  return []
}

/**
 * Returns the hints of a column about the user who looks after the contact: who it is (`Admissions counselor`), but not
 * that user's telephone. Null for any other column.
 */
function staffHints(words: readonly string[]): Hint[] | null {
  if (!words.some((word) => STAFF.has(word))) return null
  const last = words.at(-1) ?? ''
  const isWho = STAFF.has(last) || ((last === 'name' || has([last], 'id')) && STAFF.has(words.at(-2) ?? ''))
  return isWho && !words.some((word) => STOP.has(word)) ? [{ to: 'assignedUser', score: LIKELY }] : []
}

/** Returns whether a column is about another person whom the contact has named: `Contact 2 phone`, `Reference phone`. */
function isOfOtherContact(all: readonly string[]): boolean {
  const isNumbered = all.some((word, i) => word === 'contact' && /^\d/.test(all[i + 1] ?? ''))
  const isOther = all.includes('reference') || (all.includes('contact') && has(all, 'later'))
  return isNumbered || (isOther && has(all, 'phone'))
}

const NAMES: ReadonlySet<Target> = new Set(['name', 'firstName', 'lastName', 'title'])
