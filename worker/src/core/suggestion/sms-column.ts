import { meaningOfWord } from '../sms-words.ts'
import type { SourceSettings } from '../source.ts'

/** The values of a column that mean an opt-in and an opt-out. */
export type SuggestedSms = Pick<SourceSettings['smsStatus'], 'optedIn' | 'optedOut'>

/** What a yes in a column means; `unknown`: its values must say it themselves. */
export type Yes = 'in' | 'out' | 'unknown'

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

const TEXT = set('sms text texts texting txt')
const CHANNEL = set(
  'email emails mail mails call calls called phone telephone fax voice post trade bulk newsletter courriel correo',
)
const IN = set(
  'optin optedin consent consented agree agreed agreement permission subscribed subscribe subscription accept accepts accepted allow allowed receive einwilligung einverstanden consentement consentimiento acepta',
)
const OUT = set('optout optedout unsubscribed unsubscribe stop stopped donottext donotsms abgemeldet desabonne baja')
/** Words about an opt-in or opt-out other than whether there is one. */
const DETAIL = set(
  'date time timestamp at source reason ip method by id list lists level version month year type count double',
)

/**
 * Returns what a yes means in a column whose header is about the SMS status; null if the header is not about it, and
 * `other` if it is about another kind of message, or about when and how somebody opted in or out.
 */
export function readSmsHeader(words: readonly string[]): Yes | 'other' | null {
  const text = words.join(' ')
  const has = (list: ReadonlySet<string>) => words.some((word) => list.has(word))
  const isText = has(TEXT)
  const out =
    has(OUT) || /\bopt(?:ed)? out\b|\bnot (?:text|sms|txt|message|contact)\b|\bno (?:text|texts|sms)\b/.test(text)
  const optIn = /\bopt(?:ed)? in\b/.test(text) || has(new Set(['optin', 'optedin']))
  const inside = optIn || has(IN)
  if (!out && !inside) return isText && has(set('status')) ? 'unknown' : null
  if (has(DETAIL) || (has(CHANNEL) && !isText)) return 'other'
  const isAlone = isText || optIn || /\bopt(?:ed)? out\b|\bnot contact\b|optout|optedout/.test(text)
  if (!isAlone) return null
  return out ? 'out' : 'in'
}

/** The most different values of a column of the SMS status. */
const MOST_VALUES = 12
/** What a program writes for the other answer. */
const PAIRS = [
  'Yes No',
  'Y N',
  'True False',
  'T F',
  '1 0',
  'On Off',
  'Ja Nein',
  'J N',
  'Wahr Falsch',
  'Oui Non',
  'Vrai Faux',
  'Si No',
  'Verdadero Falso',
  'X N',
].map((pair) => pair.split(' '))

/**
 * Returns which values of a column mean an opt-in and which an opt-out; null if they say neither. Words that say it
 * themselves, such as `Opted out`, overrule the header. The answer that the samples lack is added, so that the first
 * `true` of an opt-out column is understood.
 */
export function suggestSms(values: readonly string[], yes: Yes): SuggestedSms | null {
  const different = [...new Set(values.map((value) => value.trim()))]
  if (different.length > MOST_VALUES) return null
  const found = { in: [] as string[], out: [] as string[] }
  for (const value of different) {
    const meaning = meaningOfWord(value)
    if (meaning === 'in' || meaning === 'out') found[meaning].push(value)
    else if (meaning !== null && yes !== 'unknown')
      found[(meaning === 'yes') === (yes === 'in') ? 'in' : 'out'].push(value)
  }
  const known = found.in.length + found.out.length
  if (known * 2 < different.length) return null
  const { optedIn, optedOut } = completed(found, yes)
  return { optedIn: single(optedIn), optedOut: single(optedOut) }
}

function completed(found: { in: string[]; out: string[] }, yes: Yes): { optedIn: string[]; optedOut: string[] } {
  const [optedIn, optedOut] = [found.in, found.out]
  if (optedIn.length === 0 && optedOut.length === 0) {
    return yes === 'out' ? { optedIn: ['N'], optedOut: ['Y'] } : { optedIn: ['Y'], optedOut: ['N'] }
  }
  return {
    optedIn: optedIn.length > 0 ? optedIn : optedOut.map((value) => oppositeOf(value, 'Opted in')),
    optedOut: optedOut.length > 0 ? optedOut : optedIn.map((value) => oppositeOf(value, 'Opted out')),
  }
}

/** Returns the other answer, written like this one; `otherwise` if this one is no answer to a question. */
function oppositeOf(value: string, otherwise: string): string {
  const pair = PAIRS.find((words) => words.some((word) => word.toLowerCase() === value.toLowerCase()))
  const other = pair?.find((word) => word.toLowerCase() !== value.toLowerCase())
  if (other === undefined) return otherwise
  return value === value.toUpperCase()
    ? other.toUpperCase()
    : value === value.toLowerCase()
      ? other.toLowerCase()
      : other
}

function single(values: string[]): string | string[] {
  const [only] = values
  return values.length === 1 && only !== undefined ? only : [...new Set(values)]
}
