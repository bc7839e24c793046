import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, test } from 'vitest'
import { cases } from '../../testing/sample.ts'
import { readPlainNanp } from './nanp.ts'

/** Returns a Mulberry32 generator: the same numbers in every run. */
function* randomNationals(count: number): Generator<string> {
  let state = 604
  for (let i = 0; i < count; i += 1) {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    const fraction = ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
    yield String(Math.floor(fraction * 1e10)).padStart(10, '0')
  }
}

/** How many random numbers are compared with the library. The full million (`NANP_NUMBERS=1000000`) takes half a minute. */
const RANDOM_NUMBERS = Number(process.env.NANP_NUMBERS ?? cases(200_000))

const viaLibrary = (text: string) => parsePhoneNumberFromString(text, { defaultCountry: 'US', extract: false })

describe('the fast path for plain North American numbers', () => {
  test('the fast path returns what libphonenumber returns for each of its North American examples', () => {
    const seen: string[] = []
    for (const country of getCountries()) {
      const example = getExampleNumber(country, examples)
      if (example?.countryCallingCode !== '1') continue
      seen.push(country)
      for (const spelling of [
        example.nationalNumber,
        example.formatNational(),
        example.number,
        `1${example.nationalNumber}`,
      ]) {
        expect(readPlainNanp(spelling)).toBe(example.number)
      }
    }
    expect(seen).toContain('US')
    expect(seen).toContain('CA')
  })

  test('the fast path reads the example of any other country as libphonenumber does, or returns null', () => {
    const disagreements: string[] = []
    for (const country of getCountries()) {
      const example = getExampleNumber(country, examples)
      if (example === undefined || example.countryCallingCode === '1') continue
      for (const spelling of [example.number, example.formatInternational(), example.formatNational()]) {
        const fast = readPlainNanp(spelling)
        // A number that the library calls possible is enough, because the fast path has no list of area codes.
        const slow = viaLibrary(spelling)
        if (fast !== null && (slow?.number !== fast || !slow.isPossible())) disagreements.push(`${country} ${spelling}`)
      }
    }
    expect(disagreements).toEqual([])
  })

  // Some patterns of libphonenumber, such as Barbados’ 246-0…, let through exchanges that the numbering plan rules out.
  const isExchange = (national: string) => /^\d{3}[2-9]/.test(national)

  test('the fast path reads every number that libphonenumber calls valid, and reads each number as libphonenumber does', () => {
    const disagreements: string[] = []
    let taken = 0
    for (const national of randomNationals(RANDOM_NUMBERS)) {
      const fast = readPlainNanp(national)
      const slow = viaLibrary(national)
      if (fast !== null) taken += 1
      const disagrees =
        fast === null
          ? isExchange(national) && slow?.countryCallingCode === '1' && slow.isValid()
          : slow?.number !== fast || !slow.isPossible()
      if (disagrees) disagreements.push(national)
    }
    expect(disagreements).toEqual([])
    expect(taken).toBeGreaterThan(RANDOM_NUMBERS / 2)
  })

  test('the fast path does not depend on a list of area codes, which grows every year', () => {
    expect(readPlainNanp('2235550100')).toBe('+12235550100')
    expect(readPlainNanp('2343334444')).toBe('+12343334444')
    expect(readPlainNanp('3773334444')).toBe('+13773334444')
  })

  test.each(['2115550100', '9115550100', '2905550100', '1995550100', '0045550100', '6041550100', '6040550100'])(
    'the number %s breaks the numbering plan',
    (national) => expect(readPlainNanp(national)).toBeNull(),
  )

  test.each(['5555555555', '555-555-5555', '15551234567', '222-222-2222', '8888888888'])(
    'the number %s belongs to nobody: area code 555 is not assigned, and ten equal digits are a filler',
    (cell) => expect(readPlainNanp(cell)).toBeNull(),
  )

  test.each([
    '6045550100.0',
    '+6045550100',
    '+26045550100',
    '604555010 0',
    '60455501000',
    '604-555-0100x1',
    '604+5550100',
    '',
  ])('the fast path returns null for %j', (cell) => expect(readPlainNanp(cell)).toBeNull())
})
