/** The statuses of a member in D4H. */
export const STATUSES = ['OPERATIONAL', 'NON_OPERATIONAL', 'OBSERVER', 'RETIRED'] as const
export type Status = (typeof STATUSES)[number]

/** The names of the statuses on D4H's own pages. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  OPERATIONAL: 'Operational',
  NON_OPERATIONAL: 'Non-operational',
  OBSERVER: 'Observer',
  RETIRED: 'Retired',
}
