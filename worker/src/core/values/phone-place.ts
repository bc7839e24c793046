import {
  type CountryCode,
  getCountryCallingCode,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/core'
import type { ProblemCode } from '../problem.ts'
import { readPlainNanp } from './nanp.ts'
import { PHONE_METADATA } from './phone-metadata.ts'
import { quote } from './text.ts'
import { type Read, read, type Unreadable, unreadable } from './value.ts'

const NANP = '1'
const NATIONAL_LENGTH = 10
/** A plus sign and fifteen digits (ITU-T E.164); libphonenumber also knows some longer numbers of national use. */
const LONGEST_E164 = 16

/** Fewer digits are a postal code, a date or an extension, except where whole numbers are that short. */
const FEWEST_DIGITS = 7
const SHORT_NUMBERS: ReadonlySet<string> = new Set(
  'AC AD CK FK FO GL KI NC NF NU PM SB SH SM SR TA TK TO TV VU WF WS'.split(' '),
)
/** Not 0123456789, which is a number in Malaysia. */
const COUNTED = ['1234567', '12345678', '123456789', '1234567890', '01234567890', '9876543210']

/** Returns the E.164 number for dialled digits, with or without `+`, in a country. Messages quote `cell`. */
export function placeNumber(dialled: string, country: string, cell: string): Read<string> | Unreadable {
  if (dialled.startsWith(`+${NANP}`)) return placeNanp(dialled.slice(2), cell)
  if (dialled.startsWith('+')) return placeForeign(dialled, null, cell)
  if (!isKnown(country)) return countryUnknown(country)
  if (isFiller(dialled)) return impossible(cell, 'Its digits are only a filler.')
  if (getCountryCallingCode(country, PHONE_METADATA) !== NANP) return placeNational(dialled, country, cell)
  const abroad = /^(?:011|00)([1-9]\d{6,})$/u.exec(dialled)?.[1]
  if (abroad !== undefined) return placeNumber(`+${abroad}`, country, cell)
  const withTrunk = dialled.startsWith('1') && [8, 11].includes(dialled.length)
  return placeNanp(withTrunk ? dialled.slice(1) : dialled, cell)
}

function isKnown(country: string): country is CountryCode {
  return Object.hasOwn(PHONE_METADATA.countries, country)
}

function placeNanp(national: string, cell: string): Read<string> | Unreadable {
  if (national.length === 7) {
    return unreadable('number_without_area_code', `${quote(cell)} has no area code. Enter all ten digits.`)
  }
  if (national.length !== NATIONAL_LENGTH) {
    const short = national.length < NATIONAL_LENGTH
    return wrongLength(short, cell, 'A North American number has ten; begin any other with + and its country code.')
  }
  const number = readPlainNanp(national)
  if (number !== null) return read(number)
  return impossible(
    cell,
    'The area code and the three digits after it begin with 2 to 9, and no area code is like 911.',
  )
}

/** Returns whether the digits are all the same, or counted up or down, as people fill in for a number they do not have. */
function isFiller(dialled: string): boolean {
  const isOneDigit = dialled === dialled.charAt(0).repeat(dialled.length)
  return (dialled.length >= FEWEST_DIGITS && isOneDigit) || COUNTED.includes(dialled)
}

/** Reads a number outside North America that is written without its country code. */
function placeNational(dialled: string, country: CountryCode, cell: string): Read<string> | Unreadable {
  if (dialled.length < FEWEST_DIGITS && !SHORT_NUMBERS.has(country)) {
    return wrongLength(true, cell, 'Enter the whole number; begin a very short one with + and its country code.')
  }
  return placeForeign(dialled, country, cell)
}

/**
 * The ten digits of a Mexican number after the prefixes for mobile numbers, which ended in 2019. WhatsApp still writes the
 * 1 after the country code.
 */
const MEXICAN = { international: /^\+521(\d{10})$/u, national: /^(?:1|01|044|045)(\d{10})$/u }

/** Reads a number outside North America; `country` is null for a number that begins with `+`. */
function placeForeign(dialled: string, country: CountryCode | null, cell: string): Read<string> | Unreadable {
  const mexican = MEXICAN.international.exec(dialled) ?? (country === 'MX' ? MEXICAN.national.exec(dialled) : null)
  if (mexican !== null) return placeForeign(`+52${mexican[1]}`, null, cell)
  const options = country === null ? { extract: false } : { defaultCountry: country, extract: false }
  const phone = parsePhoneNumberFromString(dialled, options, PHONE_METADATA)
  if (phone?.countryCallingCode === NANP) return placeNanp(phone.nationalNumber, cell)
  if (phone?.isValid() && phone.number.length <= LONGEST_E164) return read(phone.number)
  switch (validatePhoneNumberLength(dialled, options, PHONE_METADATA)) {
    case 'TOO_SHORT':
      return wrongLength(true, cell, 'Enter the whole number.')
    case 'TOO_LONG':
      return wrongLength(false, cell, 'Correct it.')
    case 'INVALID_COUNTRY':
      return impossible(cell, 'No country has this code after the +.')
    default:
      return impossible(
        cell,
        `No number ${country === null ? 'with this country code' : `in ${country}`} begins like this.`,
      )
  }
}

function wrongLength(short: boolean, cell: string, advice: string): Unreadable {
  const code: ProblemCode = short ? 'number_too_short' : 'number_too_long'
  return unreadable(code, `${quote(cell)} has too ${short ? 'few' : 'many'} digits. ${advice}`)
}

function impossible(cell: string, reason: string): Unreadable {
  return unreadable('number_impossible', `${quote(cell)} cannot be a telephone number. ${reason} Correct it.`)
}

function countryUnknown(country: string): Unreadable {
  return unreadable(
    'number_country_unknown',
    `The source’s default country ${quote(country)} is not known. Choose another, or begin the number with + and its country code.`,
  )
}
