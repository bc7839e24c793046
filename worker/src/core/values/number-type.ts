import type { NumberType } from '../contact.ts'
import { foldWords, LANDLINE_WORDS, MOBILE_WORDS, PAGER_WORDS, PHONE_WORDS, PLACE_WORDS } from './phone-words.ts'
import { quote, readText } from './text.ts'
import { read, type Unreadable, unreadable, type Value } from './value.ts'

/** Words that name a device. A single letter counts only if it is the whole cell: see `readNumberType`. */
const DEVICE: ReadonlyMap<string, NumberType> = new Map([
  ...[...MOBILE_WORDS, 'text', 'texts', 'texting', 'm'].map((word) => [word, 'mobile'] as const),
  ...[...LANDLINE_WORDS, 'land', 'l'].map((word) => [word, 'landline'] as const),
  ...[...PAGER_WORDS, 'p'].map((word) => [word, 'pager'] as const),
])

/** Words that name the place of a number or when to use it. Beside a device they change nothing. */
const DESCRIPTION = new Set([
  ...PLACE_WORDS,
  ...'school direct personal private main primary secondary alternate alternative alt other emergency'.split(' '),
  ...'second principal principale prive perso personnel personnelle hauptnummer pro particular zakelijk'.split(' '),
])
const FILLER = new Set([
  ...PHONE_WORDS,
  ...'number numbers nr num numero nummer line lijn ligne linea message messages only the of de du la le del'.split(
    ' ',
  ),
])

/** The place before the capital of a second word: `WorkMobile`, but not `iPhone` and not `WhatsApp`. */
const INNER_CAPITAL = /(?<!Whats)(?<=\p{Ll}{2})(?=\p{Lu})/gu

/**
 * Reads the type of a number: mobile, landline or pager, by words that name the device (seed: Number Type), in any case
 * and spacing, with or without accents. Another word makes the type unknown: a home fax is no landline, and `no mobile` no
 * mobile.
 */
export function readNumberType(cell: string): Value<NumberType> {
  const text = readText(cell)
  if (text.kind !== 'value') return text
  const words = foldWords(text.value.replace(INNER_CAPITAL, ' ')).match(/\p{L}+/gu) ?? []
  const types = new Set<NumberType>()
  for (const word of words) {
    const type = word.length === 1 && words.length > 1 ? undefined : DEVICE.get(word)
    if (type !== undefined) types.add(type)
    else if (!DESCRIPTION.has(word) && !FILLER.has(word)) return unknown(text.value)
  }
  const [type] = types
  if (type !== undefined && types.size === 1) return read(type)
  return types.size === 0 && words.some((word) => DESCRIPTION.has(word)) ? description(text.value) : unknown(text.value)
}

function description(text: string): Unreadable {
  return unreadable(
    'number_type_is_description',
    `${quote(text)} describes the number but does not say what it is. Enter mobile, landline or pager here, and ${quote(text)} under Number Description.`,
  )
}

function unknown(text: string): Unreadable {
  return unreadable('number_type_unknown', `${quote(text)} is not a number type. Enter mobile, landline or pager.`)
}
