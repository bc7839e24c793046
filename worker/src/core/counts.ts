/**
 * `rows` counts all rows; `errors` and `warnings` count rows with at least one of them, `withoutId` the rows with errors
 * whose ID is blank or unreadable, and `leftOut` rows that are nobody, that a rule of the source leaves out, or of a
 * person who was erased. The other fields count contacts (api: Runs).
 *
 * Each contact of `matched` is added, updated, unchanged or one of `contactsWithErrors`. Contacts that are missing from
 * the file are not among them: they are `removed`, or `protected` because a row with an error may be theirs. `optOuts`
 * counts the known contacts that the source opts out, among them those with errors (design: invariant 8).
 */
export interface RunCounts {
  rows: number
  leftOut: number
  matched: number
  added: number
  updated: number
  unchanged: number
  removed: number
  contactsWithErrors: number
  protected: number
  optOuts: number
  errors: number
  warnings: number
  withoutId: number
}

/** How many contacts a plan, or some part of it, adds, updates and removes. */
export type ChangeCounts = Pick<RunCounts, 'added' | 'updated' | 'removed'>

export function noCounts(): RunCounts {
  return {
    rows: 0,
    leftOut: 0,
    matched: 0,
    added: 0,
    updated: 0,
    unchanged: 0,
    removed: 0,
    contactsWithErrors: 0,
    protected: 0,
    optOuts: 0,
    errors: 0,
    warnings: 0,
    withoutId: 0,
  }
}

/** The count that a change belongs to, by its kind or the part of a plan that it is in. */
export const COUNT_OF = {
  add: 'added',
  update: 'updated',
  rekey: 'updated',
  sms: 'updated',
  optOut: 'updated',
  remove: 'removed',
} as const satisfies Record<string, keyof ChangeCounts>

export function noChanges(): ChangeCounts {
  return { added: 0, updated: 0, removed: 0 }
}
