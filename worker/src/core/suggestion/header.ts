import type { Target } from '../attributes.ts'
import type { NumberType } from '../contact.ts'
import { headerKey, TEMPLATE } from '../template.ts'
import { GERMAN_ID, type Meaning, meaningsOf, STOP, WORDS } from './words.ts'

/** A possible target of a column by its header; `score` is how sure it is, from 0 to 1. */
export interface Hint {
  to: Target
  score: number
  type?: NumberType
  only?: Meaning['only']
}

export interface Header {
  hints: Hint[]
  /** 2 for `Phone 2`, for `Phone 2 type` and for a secondary phone. */
  place: number
  /** Whether the header shows that the column is not the contact’s own, whatever its values look like. */
  stop: boolean
}

/** Reads a header by its words, in any case and order of compounds, with or without accents. */
export function readHeader(text: string): Header {
  const all = wordsOf(text)
  const digits = all.find((word) => /^\d{1,2}$/.test(word))
  const words = all.filter((word) => !/^\d+$/.test(word))
  const place = digits === undefined ? (has(words, 'later') ? 2 : 1) : Math.max(1, Number(digits))
  const template = templateTarget(text)
  const named = phraseHints(words)
  const hints = template === null ? named : [{ to: template, score: 1 }, ...named.filter(({ to }) => to !== template)]
  if (hints.some(({ only }) => only === undefined)) return { hints, place, stop: false }
  const email = emailHint(words)
  if (email !== null) return { hints: [email], place, stop: false }
  if (words.some((word) => STOP.has(word))) return { hints: [], place, stop: true }
  const found = [...hints, ...phoneDetailHints(words), ...numberHints(words), ...idHints(words)]
  return { hints: found, place: found.length === 0 ? 1 : place, stop: false }
}

function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('#', ' number ')
  const words = plain.match(/\p{L}+|\d+/gu) ?? []
  return words
    .join(' ')
    .replace(/\be (mails?)\b/g, 'e$1')
    .split(' ')
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

function emailHint(words: readonly string[]): Hint | null {
  if (!has(words, 'email') || words.some((word) => STOP.has(word) && !WORDS.emailAddress.has(word))) return null
  const known = only(words, 'email', 'emailAddress', 'place', 'filler', 'later', 'who')
  return { to: 'email', score: known ? CERTAIN : LIKELY }
}

const ABOUT_NUMBERS: Class[] = ['phone', 'mobile', 'landline', 'pager', 'place', 'number', 'filler', 'later', 'who']

function phoneDetailHints(words: readonly string[]): Hint[] {
  const about = has(words, 'phone') || has(words, 'number')
  if (has(words, 'phoneType')) return [{ to: 'numberType', score: CERTAIN }]
  if (has(words, 'type') && only(words, 'type', ...ABOUT_NUMBERS)) {
    return [{ to: 'numberType', score: about ? CERTAIN : POSSIBLE }]
  }
  const describes = has(words, 'description') && about && only(words, 'description', ...ABOUT_NUMBERS)
  return describes ? [{ to: 'numberDescription', score: CERTAIN }] : []
}

function numberHints(words: readonly string[]): Hint[] {
  if (has(words, 'type') || has(words, 'description')) return []
  const sure = has(words, 'phone') || has(words, 'mobile') || has(words, 'landline') || has(words, 'pager')
  const known = only(words, ...ABOUT_NUMBERS)
  const type = deviceOf(words)
  const hint = (score: number): Hint => ({ to: 'number', score, ...(type !== null && { type }) })
  if (sure) return [hint(known ? CERTAIN : LIKELY)]
  if (has(words, 'place') && known) return [hint(has(words, 'number') ? LIKELY : POSSIBLE)]
  return words.join(' ') === 'contact number' ? [hint(CERTAIN)] : []
}

/** Returns the device. A work mobile is a mobile; a phone at a place is a landline. */
function deviceOf(words: readonly string[]): NumberType | null {
  if (has(words, 'pager')) return 'pager'
  if (has(words, 'mobile')) return 'mobile'
  return has(words, 'landline') || has(words, 'place') ? 'landline' : null
}

function idHints(words: readonly string[]): Hint[] {
  if (GERMAN_ID.test(words.join(' '))) return [{ to: 'id', score: CERTAIN }]
  if (!only(words, 'id', 'code', 'number', 'who', 'record', 'filler')) return []
  const whose = has(words, 'who')
  if (has(words, 'id')) return [{ to: 'id', score: whose || only(words, 'id', 'number', 'filler') ? CERTAIN : LIKELY }]
  if (words.join(' ') === 'contact number') return []
  if (has(words, 'number') || has(words, 'code')) return [{ to: 'id', score: whose ? CERTAIN : POSSIBLE }]
  return []
}
