import * as z from 'zod'
import { DOUBTS } from './file-end.ts'
import { keysOf } from './keys.ts'
import { ERROR_LIMIT } from './limits/errors.ts'
import { GARBLED_LIMIT } from './limits/garbled.ts'
import { GROUP_LIMITS } from './limits/groups.ts'
import { contactsOf, count, type Limit, MOST_OF_A_LIMIT, type Over, settingSchema, withMore } from './limits/limit.ts'
import { PEOPLE_LIMITS } from './limits/people.ts'
import { REMOVAL_LIMIT } from './limits/removed.ts'
import { RESUBSCRIBED_LIMIT } from './limits/resubscribed.ts'
import type { Tally } from './limits/tally.ts'
import { VALUE_LIMITS } from './limits/values.ts'
import { PARTS, type Part } from './plan.ts'

/** Every limit, in the order in which the reasons are given. */
export const LIMITS = {
  removed: REMOVAL_LIMIT,
  changed: VALUE_LIMITS.changed,
  blanked: VALUE_LIMITS.blanked,
  unreachable: VALUE_LIMITS.unreachable,
  emptiedGroups: GROUP_LIMITS.emptiedGroups,
  resubscribed: RESUBSCRIBED_LIMIT,
  errors: ERROR_LIMIT,
  rekeyed: PEOPLE_LIMITS.rekeyed,
  shrunkGroups: GROUP_LIMITS.shrunkGroups,
  identity: PEOPLE_LIMITS.identity,
  garbled: GARBLED_LIMIT,
  added: PEOPLE_LIMITS.added,
  sameNumber: PEOPLE_LIMITS.sameNumber,
}

export type LimitKey = keyof typeof LIMITS
type Settings = { [K in LimitKey]: (typeof LIMITS)[K]['default'] }
/** The limits of a source. Null switches a limit off. */
export type Limits = { [K in LimitKey]: Settings[K] | null }

const list = new Intl.ListFormat('en', { type: 'conjunction' })

/** The reasons to hold a plan that no setting switches off. They come after the limits, in this order. */
const ALWAYS = {
  incomplete: {
    parts: ['remove'],
    judge({ doubts, removed, contacts, lastRow }: Tally): Over | null {
      if (doubts.length === 0 || removed.count === 0) return null
      const why = list.format(doubts.map((doubt) => DOUBTS[doubt]))
      const cut = doubts.some((doubt) => doubt !== 'older' && doubt !== 'unidentified')
      const what = cut ? `have been cut off after row ${count(lastRow)}` : 'not have everybody'
      const message = `The file may ${what}: ${why}. Is the export still running?`
      return { message, count: removed.count, of: contacts, examples: removed.examples }
    },
  },
  afterUndo: {
    parts: PARTS,
    judge({ afterUndo, changes }: Tally): Over | null {
      if (!afterUndo || changes === 0) return null
      const message = `The last import was undone, and this file would change ${contactsOf(changes)} again.`
      return { message, count: changes, of: changes, examples: [] }
    },
  },
} satisfies Record<string, { parts: readonly Part[]; judge(tally: Tally): Over | null }>
type AlwaysKey = keyof typeof ALWAYS

export const LIMIT_KEYS = keysOf(LIMITS)
const ALWAYS_KEYS = keysOf(ALWAYS)
/** The reasons that can hold a plan, in the order in which they are given. */
export const HOLD_REASONS = [...LIMIT_KEYS, ...ALWAYS_KEYS]

/** Why a plan is held. */
export interface HoldReason extends Over {
  limit: LimitKey | AlwaysKey
  /** The parts of the plan that wait. */
  parts: readonly Part[]
}

/** Returns the reasons why a plan is held. With no reason, the plan is applied without a person (design: Limits). */
export function judge(tally: Tally, limits: Limits): HoldReason[] {
  const reasons: HoldReason[] = []
  for (const key of LIMIT_KEYS) {
    const { parts } = LIMITS[key]
    for (const over of worst(overOf(key, tally, limits))) reasons.push({ limit: key, parts, ...over })
  }
  for (const key of ALWAYS_KEYS) {
    const { parts, judge: judgeAlways } = ALWAYS[key]
    const over = judgeAlways(tally)
    if (over !== null) reasons.push({ limit: key, parts, ...over })
  }
  return reasons
}

/** Returns the largest ones of the ways in which a plan is over one limit, so that there are not thousands of sentences. */
function worst(all: readonly Over[]): Over[] {
  const least = all.map(({ count }) => count).sort((one, other) => other - one)[MOST_OF_A_LIMIT - 1] ?? 0
  const largest = all.filter(({ count }) => count >= least).slice(0, MOST_OF_A_LIMIT)
  return withMore(largest, all.length - largest.length)
}

function overOf<K extends LimitKey>(key: K, tally: Tally, limits: Limits): Over[] {
  const { [key]: entry }: { [K in LimitKey]: Limit<Settings[K]> } = LIMITS
  const always = entry.always?.(tally) ?? null
  if (always !== null) return [always]
  const setting = limits[key]
  if (setting === null || (tally.first && entry.first !== true)) return []
  return entry.judge(tally, setting)
}

/** The limits of a source. `null` switches a limit off; left-out values have their defaults. */
export const limitsSchema = z.object(
  Object.fromEntries(
    LIMIT_KEYS.map((key) => {
      const { label, default: standard } = LIMITS[key]
      return [key, settingSchema(standard).nullable().prefault({}).describe(label)]
    }),
  ) as unknown as { [K in LimitKey]: z.ZodPrefault<z.ZodType<Limits[K]>> },
)
