/**
 * `rows` counts all rows; `errors` and `warnings` count rows with at least one of them. The other fields count contacts
 * (api: Runs).
 */
export interface RunCounts {
  rows: number
  matched: number
  added: number
  updated: number
  unchanged: number
  removed: number
  errors: number
  warnings: number
}

export function noCounts(): RunCounts {
  return { rows: 0, matched: 0, added: 0, updated: 0, unchanged: 0, removed: 0, errors: 0, warnings: 0 }
}
