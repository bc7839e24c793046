import { type CountryCode, getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/core'
import { COUNTRIES, isCountry } from './countries.ts'
import { PHONE_METADATA } from './phone-metadata.ts'
import { quote, readText } from './text.ts'
import { read, type Unreadable, unreadable, type Value } from './value.ts'

const LONGEST = 80
const CALLING_CODE = /^(?:\+|00|011) ?(\d{1,3})$/u
/** Three digits without a plus may be a country’s number in ISO 3166-1: 352 is Iceland’s, and Luxembourg’s calling code. */
const SHORT_CALLING_CODE = /^\d{1,2}$/u
const BETWEEN = /[()[\]/,;:|]| - | (?=\+)/u

/**
 * Reads the country of a telephone number: an ISO 3166-1 code of two or three letters, a name in one of the languages of
 * `countries.ts`, or a calling code. `United States (+1)` is read too, if its parts agree.
 */
export function readCountry(cell: string): Value<CountryCode> {
  const text = readText(cell)
  if (text.kind !== 'value') return text
  const written = text.value.normalize('NFKC').replace(/\s+/gu, ' ')
  const country = written.length > LONGEST ? null : countryOf(written)
  return country === null ? unknown(text.value) : read(country)
}

function countryOf(text: string): CountryCode | null {
  const whole = one(text)
  if (whole !== null) return whole
  const parts = text.split(BETWEEN).filter((part) => /[\p{L}\d]/u.test(part))
  const countries = parts.map((part) => one(part.trim()))
  const [first] = countries
  if (first === null || first === undefined || parts.length < 2) return null
  // The first part names the country, because a calling code may be that of several.
  return countries.every((country) => country !== null && sameNumbering(first, country)) ? first : null
}

/** Returns whether two countries, by their ISO codes of two letters, have one calling code. */
function sameNumbering(one: string, other: string): boolean {
  return one === other || callingCode(one) === callingCode(other)
}

function callingCode(country: string): string | null {
  const code = country as CountryCode
  return isSupportedCountry(code, PHONE_METADATA) ? getCountryCallingCode(code, PHONE_METADATA) : null
}

/** Returns the country that a name or a code means; of a calling code the main country. */
function one(text: string): CountryCode | null {
  const calling = CALLING_CODE.exec(text)?.[1] ?? SHORT_CALLING_CODE.exec(text)?.[0]
  if (calling !== undefined) return mainCountry(calling)
  if (/\d/u.test(text)) return null
  names ??= readNames()
  return names.get(folded(text)) ?? null
}

function mainCountry(calling: string): CountryCode | null {
  const codes: Readonly<Record<string, CountryCode[]>> = PHONE_METADATA.country_calling_codes
  return codes[calling]?.[0] ?? null
}

/** By the folded name or code. Most sources have no column of countries, so it is made when it is needed. */
let names: ReadonlyMap<string, CountryCode> | null = null

function readNames(): ReadonlyMap<string, CountryCode> {
  const found = new Map<string, CountryCode>()
  for (const line of COUNTRIES.trim().split('\n')) {
    const [, code = '', code3 = '', rest = ''] = /^(..) (\S+) (.*)$/u.exec(line) ?? []
    if (!isCountry(code)) continue
    for (const name of [code, code3, ...rest.split('|')]) if (/\p{L}/u.test(name)) found.set(folded(name), code)
  }
  return found
}

/** Returns a name in the form that is compared: letters only, without case, accents and a leading “the”. */
function folded(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('&', ' and ')
    .replace(/\bst\.? /gu, 'saint ')
    .replace(/^the | \(the\)$/gu, '')
    .replace(/[^\p{L}]/gu, '')
}

function unknown(text: string): Unreadable {
  return unreadable(
    'number_country_unknown',
    `${quote(text)} is not understood as a country, so the number was not imported. Enter the country’s code, such as MX, or its name.`,
  )
}
