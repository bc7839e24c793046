import { readDate } from './date.ts'
import { readPlainNanp } from './nanp.ts'
import { withoutWords } from './phone-notes.ts'
import { splitNumbers } from './phone-parts.ts'
import { placeNumber } from './phone-place.ts'
import { countDigits, foldPhoneText, splitExtension } from './phone-text.ts'
import { readSpreadsheetNumber } from './spreadsheet-number.ts'
import { quote, readText } from './text.ts'
import { type Finding, type Read, read, readParts, type Unreadable, unreadable, type Value } from './value.ts'

/** The telephone number in one cell. */
export interface TelephoneNumber {
  /** E.164, `+16045550100`. */
  number: string
  /** Only digits; leading zeros count. */
  extension: string | null
}

/** A longer cell holds no number, and a longer list no numbers. */
const LONGEST_NUMBER = 200
const LONGEST_CELL = 2000
/** As many digits without a separator are two numbers. */
const DIGITS_OF_TWO = 20
/** The characters of a written number without letters, after its extension and cells with several numbers have been handled. */
const WRITTEN = /^[( ]*\+?[\d\s().,/-]*$/u

/**
 * Reads the telephone numbers of a cell: one, as in nearly every cell, or several that can be told apart. A number that
 * cannot be read is a finding. `defaultCountry`, two capital letters, is the country of a number without a country code.
 * North American numbers follow the numbering plan (see `nanp.ts`), all others follow the metadata of libphonenumber.
 */
export function readNumbers(cell: string, defaultCountry: string): Value<TelephoneNumber[]> {
  const plain = readPlain(cell, defaultCountry)
  if (plain !== null) return read([{ number: plain, extension: null }])
  const text = readText(cell)
  return text.kind === 'value' ? readList(text.value, defaultCountry) : text
}

/** Reads the telephone number of a text that is to have one and no words beside it. See `readNumbers`. */
export function readNumber(text: string, defaultCountry: string): Value<TelephoneNumber> {
  const numbers = readNumbers(text, defaultCountry)
  if (numbers.kind !== 'value') return numbers
  const [only, ...others] = numbers.value
  if (only === undefined || others.length > 0) return several(text)
  const [problem, ...further] = numbers.findings
  return problem === undefined ? read(only) : { kind: 'unreadable', findings: [problem, ...further] }
}

function readPlain(cell: string, defaultCountry: string): string | null {
  return defaultCountry === 'US' || defaultCountry === 'CA' ? readPlainNanp(cell) : null
}

function readList(cell: string, defaultCountry: string): Value<TelephoneNumber[]> {
  if (cell.length > LONGEST_CELL) return notANumber(cell)
  const folded = foldPhoneText(cell)
  const parts = isSpreadsheetNumber(folded)
    ? [folded]
    : splitNumbers(folded, (text) => readOne(text, defaultCountry, cell).kind === 'value')
  if (parts === null) return several(cell)
  const numbers = new Map<string, TelephoneNumber>()
  const findings: Finding[] = []
  for (const part of parts) {
    const number = readOne(part, defaultCountry, parts.length === 1 ? cell : part)
    for (const finding of number.findings) findings.push(finding)
    if (number.kind === 'value') numbers.set(`${number.value.number};${number.value.extension}`, number.value)
  }
  return readParts([...numbers.values()], findings)
}

function isSpreadsheetNumber(text: string): boolean {
  return text.length <= LONGEST_NUMBER && readSpreadsheetNumber(splitExtension(text).main) !== null
}

/** Reads one number from its folded text. Messages quote `cell`. */
function readOne(text: string, defaultCountry: string, cell: string): Read<TelephoneNumber> | Unreadable {
  if (text.length > LONGEST_NUMBER) return notANumber(cell)
  if (isDate(text)) return aDate(cell)
  const { main, extension } = splitExtension(text)
  const sheet = readSpreadsheetNumber(main)
  if (sheet?.kind === 'lost') return lostDigits(cell)
  const written = sheet?.digits ?? main
  if (WRITTEN.test(written)) return readDigits(written, { extension, note: false }, defaultCountry, cell)
  const annotated = withoutWords(text)
  if (annotated === 'refused') return refused(cell)
  if (annotated === 'letters')
    return /\p{L}/u.test(written) && countDigits(written) > 0 ? letters(cell) : notANumber(cell)
  return readDigits(annotated.written, annotated, defaultCountry, cell)
}

function readDigits(
  written: string,
  { extension, note }: { extension: string | null; note: boolean },
  defaultCountry: string,
  cell: string,
): Read<TelephoneNumber> | Unreadable {
  const digits = countDigits(written)
  if (digits === 0 || !WRITTEN.test(written)) return notANumber(cell)
  if (digits >= DIGITS_OF_TWO) return several(cell)
  const placed = placeNumber(written.replace(/[^\d+]/gu, ''), defaultCountry, cell)
  if (placed.kind !== 'value') return placed
  return read({ number: placed.value, extension }, note ? [leftOut(cell)] : [])
}

/** Years of people's lives: a telephone number of eight digits is rarely one of these dates. */
const COMPACT_DATE = /^(?:19\d\d|20[0-3]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/u
const WRITTEN_DATE = /^(?:(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:19|20)\d\d)(?:[T, ].*)?$/u
/** The days since 1900, from 1927 to 2119, and a part of a day, as a spreadsheet saves a date with a time. */
const SERIAL_TIME = /^[1-7]\d{4}\.\d+$/u

function isDate(text: string): boolean {
  if (SERIAL_TIME.test(text) || COMPACT_DATE.test(text)) return true
  return WRITTEN_DATE.test(text) && readDate(text, 'US') !== null
}

function aDate(cell: string): Unreadable {
  return unreadable(
    'number_unreadable',
    `${quote(cell)} is a date and not a telephone number. Map the right column; if it is a number, begin it with + and its country code.`,
  )
}

function lostDigits(cell: string): Unreadable {
  return unreadable(
    'number_lost_digits',
    `A spreadsheet shortened this number to ${quote(cell)} and its last digits are lost. Format the column as text and enter the number again.`,
  )
}

function several(cell: string): Unreadable {
  return unreadable(
    'number_several',
    `${quote(cell)} holds more than one number, and it is not clear where each begins. Write a semicolon between them, or put each in a row of its own with the same ID.`,
  )
}

function refused(cell: string): Unreadable {
  return unreadable(
    'number_letters',
    `${quote(cell)} says that this is a fax, not in use, or not the contact’s own number. Enter the contact’s number alone.`,
  )
}

function leftOut(cell: string): Finding {
  return {
    code: 'number_note',
    message: `The words beside the number in ${quote(cell)} were left out. Words belong under Number Description.`,
  }
}

function letters(cell: string): Unreadable {
  return unreadable(
    'number_letters',
    `${quote(cell)} has letters in it. Enter the digits alone; words belong under Number Description.`,
  )
}

function notANumber(cell: string): Unreadable {
  return unreadable(
    'number_unreadable',
    `${quote(cell)} is not a telephone number. Enter its digits with the area code.`,
  )
}
