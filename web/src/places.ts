import { COUNTRIES } from '../../worker/src/core/values/countries.ts'
import { VIEWER_ZONE } from './format.ts'

interface Option {
  value: string
  label: string
}

/** Returns the time zones to choose from: `current` and the viewer’s first. */
export function zoneOptions(current: string): Option[] {
  const zones = new Set([current, VIEWER_ZONE, ...Intl.supportedValuesOf('timeZone')])
  return [...zones].map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))
}

/** Returns the countries that have telephone numbers, by name, with their two-letter codes as values. */
export function countryOptions(): Option[] {
  return COUNTRIES.trim()
    .split('\n')
    .map((line) => {
      const [, code = '', name = code] = /^(..) \S+ ([^|]*)/u.exec(line) ?? []
      return { value: code, label: `${name} (${code})` }
    })
    .sort((one, other) => one.label.localeCompare(other.label))
}
