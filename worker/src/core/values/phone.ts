import { readDate } from './date.ts'
import { readPlainNanp } from './nanp.ts'
import { placeNumber } from './phone-place.ts'
import { countDigits, foldPhoneText, hasSeveralNumbers, splitExtension } from './phone-text.ts'
import { readSpreadsheetNumber } from './spreadsheet-number.ts'
import { quote, readText } from './text.ts'
import { read, type Unreadable, unreadable, type Value } from './value.ts'

/** The telephone number in one cell. */
export interface TelephoneNumber {
  /** E.164, `+16045550100`. */
  number: string
  /** Only digits; leading zeros count. */
  extension: string | null
}

const LONGEST_CELL = 200
/**
 * The characters of a written number without letters, after its extension and cells with several numbers have been
 * handled.
 */
const WRITTEN = /^[( ]*\+?[\d\s().,/-]*$/u

/**
 * Reads the telephone number of a cell. `defaultCountry`, two capital letters, is the country of a number without a
 * country code. North American numbers follow the numbering plan (see `nanp.ts`), all others follow the metadata of
 * libphonenumber.
 */
export function readNumber(cell: string, defaultCountry: string): Value<TelephoneNumber> {
  if (defaultCountry === 'US' || defaultCountry === 'CA') {
    const plain = readPlainNanp(cell)
    if (plain !== null) return read({ number: plain, extension: null })
  }
  const text = readText(cell)
  return text.kind === 'value' ? readWritten(text.value, defaultCountry) : text
}

function readWritten(cell: string, defaultCountry: string): Value<TelephoneNumber> {
  if (cell.length > LONGEST_CELL) return notANumber(cell)
  const folded = foldPhoneText(cell)
  if (isDate(folded)) return aDate(cell)
  const { main, extension } = splitExtension(folded)
  const sheet = readSpreadsheetNumber(main)
  if (sheet?.kind === 'lost') return lostDigits(cell)
  if (sheet === null && hasSeveralNumbers(main)) return several(cell)
  const written = sheet?.digits ?? main
  if (countDigits(written) === 0) return notANumber(cell)
  if (/\p{L}/u.test(written)) return letters(cell)
  if (!WRITTEN.test(written)) return notANumber(cell)
  const placed = placeNumber(written.replace(/[^\d+]/gu, ''), defaultCountry, cell)
  return placed.kind === 'value' ? read({ number: placed.value, extension }) : placed
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
    `${quote(cell)} holds more than one number. Put each in a row of its own with the same ID, or in columns Number 2, Number 3.`,
  )
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
