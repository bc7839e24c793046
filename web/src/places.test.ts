import { expect, it } from 'vitest'
import { countryOptions, zoneOptions } from './places.ts'

it('the countries are sorted by name, and named with their codes', () => {
  const options = countryOptions()
  expect(options).toContainEqual({ value: 'CA', label: 'Canada (CA)' })
  expect(options).toContainEqual({ value: 'AC', label: 'Ascension Island (AC)' })
  expect(options.findIndex(({ value }) => value === 'AX')).toBeLessThan(
    options.findIndex(({ value }) => value === 'BE'),
  )
})

it('a zone is offered once, the current one first', () => {
  const zones = zoneOptions('America/Vancouver').map(({ value }) => value)
  expect(zones[0]).toBe('America/Vancouver')
  expect(new Set(zones).size).toBe(zones.length)
})
