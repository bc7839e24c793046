import type { NumberType } from '../contact.ts'
import { quote, readText } from './text.ts'
import { read, type Unreadable, unreadable, type Value } from './value.ts'

/** Words that name a device. A single letter counts only if it is the whole cell: see `readNumberType`. */
const DEVICE: ReadonlyMap<string, NumberType> = new Map([
  ['mobile', 'mobile'],
  ['mobiles', 'mobile'],
  ['mob', 'mobile'],
  ['cell', 'mobile'],
  ['cellphone', 'mobile'],
  ['cellular', 'mobile'],
  ['cellulaire', 'mobile'],
  ['smartphone', 'mobile'],
  ['m', 'mobile'],
  ['landline', 'landline'],
  ['land', 'landline'],
  ['fixed', 'landline'],
  ['fixe', 'landline'],
  ['l', 'landline'],
  ['pager', 'pager'],
  ['beeper', 'pager'],
  ['p', 'pager'],
])

/** Words that name the place of a number or when to use it. Beside a device they change nothing. */
const DESCRIPTION = new Set(
  'home house work office business company school desk direct personal private main primary secondary alternate other emergency'.split(
    ' ',
  ),
)
const FILLER = new Set('phone telephone tel number line'.split(' '))

/**
 * Reads the type of a number: mobile, landline or pager in any case and spacing, by words that name the device (seed:
 * Number Type).
 */
export function readNumberType(cell: string): Value<NumberType> {
  const text = readText(cell)
  if (text.kind !== 'value') return text
  const words = text.value.toLowerCase().match(/\p{L}+/gu) ?? []
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
