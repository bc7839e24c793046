/** The harm of an accident in the terms of one limit: how many contacts or rows it hits, of how many. */
export interface Harm {
  limit: FloorName
  count: number
  of: number
  /** Whether a single one is too many, which holds for opt-outs that were made here. */
  any?: boolean
}

const over = (percent: number, atLeast: number, orAtLeast = Number.POSITIVE_INFINITY) => {
  return ({ count, of }: Harm) => count >= atLeast && (count * 100 > of * percent || count >= orAtLeast)
}

/** The harm from which a limit must name an accident, which is its default (design: Limits). */
const FLOORS = {
  removed: (harm: Harm) => over(10, 6, 251)(harm) || over(25, 3)(harm),
  changed: over(75, 6),
  blanked: over(40, 6),
  unreachable: over(10, 6),
  emptiedGroups: over(0, 3),
  resubscribed: over(1, 6),
  errors: over(50, 1),
  rekeyed: over(1, 3),
  shrunkGroups: over(50, 6),
  identity: over(2, 4, 21),
  garbled: over(2, 4, 21),
  added: over(100, 21),
  sameNumber: over(0, 6),
}
export type FloorName = keyof typeof FLOORS

/** Returns whether a limit must stop an accident with this harm. */
export function isOverFloor(harm: Harm): boolean {
  return harm.any === true ? harm.count > 0 : FLOORS[harm.limit](harm)
}
