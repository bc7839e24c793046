import type { Limits } from './source.ts'

/** What can hold a plan, in the order the reasons are given (design: Limits). */
export const HOLD_LIMITS = [
  'removed',
  'changed',
  'blanked',
  'unreachable',
  'emptiedGroups',
  'resubscribed',
  'errors',
  'afterUndo',
] as const

/** Why a plan waits for a person, in the words of the page and the e-mail. */
export interface HoldReason {
  limit: (typeof HOLD_LIMITS)[number]
  message: string
  count: number
  of: number
}

/** What a plan would do, counted while it is made. */
export interface Tally {
  /** Whether the source has never had a run applied. */
  first: boolean
  /** The source's contacts before the plan. */
  contacts: number
  removed: number
  /** Of `removed`, those made by hand. */
  removedHandMade: number
  updated: number
  /** Contacts that would lose their last number. */
  unreachable: number
  /** By attribute or custom field: how many contacts would lose it, and how many have it. */
  blanked: { label: string; count: number; of: number }[]
  /** Groups that would lose all their contacts. */
  emptied: { name: string; contacts: number }[]
  resubscribed: number
  optedOut: number
  rows: number
  rowsWithErrors: number
}

const number = new Intl.NumberFormat('en')
const count = (n: number) => number.format(n)

/** The limits a plan goes over, in their own order; none lets it be applied without a person (design: Limits). */
export function judge(tally: Tally, limits: Limits): HoldReason[] {
  const reasons: HoldReason[] = []
  const over = (n: number, of: number, limit: { percent: number; atLeast: number }) =>
    n >= limit.atLeast && n * 100 > of * limit.percent
  const hold = (limit: HoldReason['limit'], message: string, n: number, of: number) =>
    reasons.push({ limit, message, count: n, of })

  const { removed, changed, blanked, unreachable, emptiedGroups, resubscribed, errors } = limits
  const everybody = tally.removed > 0 && tally.removed - tally.removedHandMade >= tally.contacts && tally.contacts > 0
  if (everybody) {
    hold(
      'removed',
      `All ${count(tally.contacts)} contacts would be removed; that always waits for a person.`,
      tally.removed,
      tally.contacts,
    )
  } else if (tally.removedHandMade > 0) {
    hold(
      'removed',
      `${count(tally.removedHandMade)} contacts made by hand would be removed; that always waits for a person.`,
      tally.removed,
      tally.contacts + tally.removedHandMade,
    )
  } else if (!tally.first && removed !== null && over(tally.removed, tally.contacts, removed)) {
    hold(
      'removed',
      `${count(tally.removed)} of ${count(tally.contacts)} contacts would be removed; the limit is ${removed.percent} %.`,
      tally.removed,
      tally.contacts,
    )
  }
  if (!tally.first) {
    if (changed !== null && over(tally.updated, tally.contacts, changed)) {
      hold(
        'changed',
        `${count(tally.updated)} of ${count(tally.contacts)} contacts would be changed; the limit is ${changed.percent} %.`,
        tally.updated,
        tally.contacts,
      )
    }
    for (const field of tally.blanked) {
      if (blanked === null || !over(field.count, field.of, blanked)) continue
      hold(
        'blanked',
        `“${field.label}” would be blanked for ${count(field.count)} of the ${count(field.of)} contacts that have it; the limit is ${blanked.percent} %.`,
        field.count,
        field.of,
      )
    }
    if (unreachable !== null && over(tally.unreachable, tally.contacts, unreachable)) {
      hold(
        'unreachable',
        `${count(tally.unreachable)} of ${count(tally.contacts)} contacts would lose their last number; the limit is ${unreachable.percent} %.`,
        tally.unreachable,
        tally.contacts,
      )
    }
    for (const group of tally.emptied) {
      if (emptiedGroups === null || group.contacts < emptiedGroups.atLeast) continue
      hold(
        'emptiedGroups',
        `The group “${group.name}” would lose all its ${count(group.contacts)} contacts.`,
        group.contacts,
        group.contacts,
      )
    }
    if (resubscribed !== null && tally.resubscribed >= resubscribed.atLeast) {
      hold(
        'resubscribed',
        `${count(tally.resubscribed)} contacts who opted out would become opted in.`,
        tally.resubscribed,
        tally.optedOut,
      )
    }
  }
  if (errors !== null && tally.rowsWithErrors * 100 > tally.rows * errors.percent) {
    hold(
      'errors',
      `${count(tally.rowsWithErrors)} of ${count(tally.rows)} rows have errors; the limit is ${errors.percent} %.`,
      tally.rowsWithErrors,
      tally.rows,
    )
  }
  return reasons
}
