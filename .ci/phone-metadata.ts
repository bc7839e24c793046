/*
 * Fails when the numbering plans in `core/values/phone-metadata.ts` are not those of the installed libphonenumber-js, and
 * writes them with `--write`. The library's own sets are `min` (which numbers could exist) and `max` (which ranges are
 * assigned, and how numbers are written). The Worker needs the ranges only, which are 9 KB more than `min`, compressed,
 * and not 20 KB. North American ranges are left out: `core/values/nanp.ts` follows the numbering plan itself.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { MetadataJson } from 'libphonenumber-js/core'
import max from 'libphonenumber-js/metadata.max'

const to = 'worker/src/core/values/phone-metadata.ts'

/** The places of the written formats and of the ranges by type in the list that describes a country. */
const FORMATS = 4
const RANGES = 11

function ranges({ countries, country_calling_codes, nonGeographic, ...rest }: MetadataJson): unknown {
  const northAmerican = new Set<string>(country_calling_codes['1'])
  const plans = Object.entries(countries).map(([country, plan]) => {
    const kept: unknown[] = [...plan]
    kept[FORMATS] = 0
    return [country, northAmerican.has(country) ? kept.slice(0, RANGES) : kept]
  })
  return { ...rest, country_calling_codes, countries: Object.fromEntries(plans), nonGeographic }
}

const plans = JSON.stringify(ranges(max))
const written = `import type { MetadataJson } from 'libphonenumber-js/core'

/** The numbering plans of all countries, made by \`.ci/phone-metadata.ts\` from those of libphonenumber-js. */
export const PHONE_METADATA: MetadataJson = JSON.parse(
  String.raw\`${plans}\`,
)
`
if (process.argv.includes('--write')) writeFileSync(to, written)
else if (readFileSync(to, 'utf8') !== written) {
  console.error(`${to} is not made from the installed libphonenumber-js. Run: node .ci/phone-metadata.ts --write`)
  process.exitCode = 1
}
