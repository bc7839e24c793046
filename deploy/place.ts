/** Where the data may be kept. D1 and R2 take it when they are made; neither can be changed later. */
export interface Place {
  words: string
  /** A rule that Cloudflare keeps: data is stored, and the database run, only there. */
  jurisdiction?: 'eu' | 'us' | 'fedramp'
  /** A wish for the place of the database and the bucket. */
  hint?: string
}

/**
 * The places that both D1 and R2 know, by the word that `--data` takes.
 * Sources: https://developers.cloudflare.com/d1/configuration/data-location/ and
 * https://developers.cloudflare.com/r2/reference/data-location/
 */
export const PLACES = {
  eu: { words: 'only in the European Union', jurisdiction: 'eu' },
  us: { words: 'only in the United States', jurisdiction: 'us' },
  fedramp: { words: 'only in data centres with a FedRAMP authorisation', jurisdiction: 'fedramp' },
  enam: { words: 'in eastern North America where possible', hint: 'enam' },
  wnam: { words: 'in western North America where possible', hint: 'wnam' },
  weur: { words: 'in western Europe where possible', hint: 'weur' },
  eeur: { words: 'in eastern Europe where possible', hint: 'eeur' },
  apac: { words: 'in Asia where possible', hint: 'apac' },
  oc: { words: 'in Oceania where possible', hint: 'oc' },
  any: { words: 'where Cloudflare chooses, near the machine that deploys' },
} as const satisfies Record<string, Place>

export type PlaceName = keyof typeof PLACES

/** Returns where the data may be kept, by name. */
export function placeOf(name: PlaceName): Place {
  return PLACES[name]
}

/** For each region that D1 reports, a cloud region in the same part of the world. */
const NEAR: Record<string, string> = {
  WNAM: 'aws:us-west-2',
  ENAM: 'aws:us-east-1',
  WEUR: 'aws:eu-west-1',
  EEUR: 'aws:eu-central-1',
  APAC: 'aws:ap-southeast-1',
  OC: 'aws:ap-southeast-2',
}

/**
 * Returns where the Worker runs: beside its database, since a page needs several queries one after the other. If the database does
 * not say where it is, Cloudflare measures. Source: https://developers.cloudflare.com/workers/configuration/placement/
 */
export function placementFor(region: string | null): { region: string } | { mode: 'smart' } {
  const near = region === null ? undefined : NEAR[region.toUpperCase()]
  return near === undefined ? { mode: 'smart' } : { region: near }
}
