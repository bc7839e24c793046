import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min'
import { describe, expect, test } from 'vitest'
import { COUNTRIES, isCountry } from './countries.ts'
import { readCountry } from './country.ts'

function country(cell: string) {
  const value = readCountry(cell)
  return value.kind === 'value' ? value.value : value.kind === 'blank' ? 'blank' : value.findings[0].code
}

describe('the country of a telephone number', () => {
  test.each([
    ['MX', 'MX mx Mx MEX mex Mexico México MEXIQUE Mexiko Messico +52 52 0052'],
    ['DE', 'DE DEU Germany Deutschland Allemagne Alemania Germania Alemanha BRD +49 49'],
    ['US', 'US usa U.S. U.S.A. America EE.UU. EUA +1 1'],
    ['GB', 'GB GBR UK u.k. England Scotland +44'],
    ['KR', 'KR KOR Korea Corée Corea'],
    ['TR', 'Turkey Türkiye Türkei Turquie'],
    ['CZ', 'Czechia Tschechien'],
    ['CH', 'Schweiz Suisse Svizzera'],
    ['XK', 'XK XKX Kosovo'],
  ])('%s is understood in each of: %s', (code, cells) => {
    for (const cell of cells.split(' ')) expect([cell, country(cell)]).toEqual([cell, code])
  })

  test.each([
    ['United States', 'US'],
    ['The United States of America', 'US'],
    ['Vereinigte Staaten von Amerika', 'US'],
    ['Great Britain', 'GB'],
    ['United Kingdom of Great Britain and Northern Ireland (the)', 'GB'],
    ['Korea, Republic of', 'KR'],
    ['Korea (Republic of)', 'KR'],
    ['the Netherlands', 'NL'],
    ['Côte d’Ivoire', 'CI'],
    ["Cote d'Ivoire", 'CI'],
    ['St. Lucia', 'LC'],
    ['Saint Kitts & Nevis', 'KN'],
    ['Trinidad and Tobago', 'TT'],
    ['Iran (Islamic Republic of)', 'IR'],
    ['Hong Kong', 'HK'],
    ['United States (+1)', 'US'],
    ['Canada (+1)', 'CA'],
    ['Mexico (MX)', 'MX'],
    ['MX +52', 'MX'],
    ['+52 (MX)', 'MX'],
    ['Deutschland / Germany', 'DE'],
    ['\u00A0Mexico\u200B', 'MX'],
    ['+ 52', 'MX'],
  ])('the country %j is understood as %s', (cell, code) => {
    expect(country(cell)).toBe(code)
  })

  test.each([
    'Narnia',
    'XX',
    'ZZZ',
    'Congo',
    'Mexico / Egypt',
    'Mexico (+20)',
    '352',
    '+999',
    '0',
    'x'.repeat(300),
    '()',
  ])('the country %j is not guessed', (cell) => expect(country(cell)).toBe('number_country_unknown'))

  test('a blank cell names no country', () => {
    expect(['', ' ', 'n/a'].map(country)).toEqual(['blank', 'blank', 'blank'])
  })

  test('each country that has numbers is known by its codes and by its calling code', () => {
    for (const code of getCountries()) {
      expect(country(code)).toBe(code)
      const main = country(`+${getCountryCallingCode(code)}`)
      expect(isCountry(main) && getCountryCallingCode(main)).toBe(getCountryCallingCode(code))
    }
    expect(COUNTRIES.trim().split('\n')).toHaveLength(getCountries().length)
  })

  test('no name is that of two countries', () => {
    const wrong = COUNTRIES.trim()
      .split('\n')
      .flatMap((line) => {
        const [code = '', code3 = '', ...names] = line.split(' ')
        const all = [code, ...(code3 === '-' ? [] : [code3]), ...names.join(' ').split('|')]
        return all.filter((name) => country(name) !== code).map((name) => `${code} ${name}`)
      })
    expect(wrong).toEqual([])
  })

  test('a code of two capital letters is a country only if it has numbers', () => {
    expect(['US', 'XK', 'us', 'UK', 'AQ', '', 'USA', 'S '].map(isCountry)).toEqual([
      true,
      true,
      ...Array<boolean>(6).fill(false),
    ])
  })
})
