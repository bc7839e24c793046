import * as z from 'zod'
import type { ContactDetails } from './contact.ts'
import { DOUBTS, type Doubt } from './file-end.ts'
import { keysOf } from './keys.ts'
import { PARTS, type Part } from './plan.ts'

/** The effects of a plan, counted while it is made. */
export interface Tally {
  /** Whether the source has never had a run applied. */
  first: boolean
  /** The source's contacts before the plan. */
  contacts: number
  /** Changes of any kind. */
  changes: number
  removed: number
  /** How many contacts in `removed` are manual. */
  removedManual: number
  updated: number
  /** By limit: how many updates its `counts` accepted. */
  counted: Readonly<Record<LimitKey, number>>
  /** For each attribute or custom field: how many contacts would lose it, and how many have it. */
  blanked: readonly { label: string; count: number; of: number }[]
  /** Groups that would lose all their contacts. */
  emptied: readonly { name: string; contacts: number }[]
  resubscribed: number
  optedOut: number
  rows: number
  rowsWithErrors: number
  /** Whether the previous import was undone and no person asked for this one. */
  afterUndo: boolean
  /** Why the file may lack rows. */
  doubts: readonly Doubt[]
}

/** The numbers that set a limit, with the words around each on the page, in the order in which they are shown. */
export const BOUNDS = {
  percent: {
    schema: z.number().min(0).max(100),
    joint: 'and',
    before: 'more than',
    after: '%',
    spoken: 'more than, in percent',
  },
  atLeast: { schema: z.number().int().min(1), joint: 'and', before: 'at least', after: null, spoken: 'at least' },
} satisfies Record<string, Bound>

interface Bound {
  schema: z.ZodNumber
  /** The word between this bound and the one before it. */
  joint: 'and' | 'or'
  before: string
  /** The word after the number. Null for the unit of the limit. */
  after: string | null
  /** The words for screen readers. */
  spoken: string
}
type BoundKey = keyof typeof BOUNDS
export const BOUND_KEYS = keysOf(BOUNDS)

/** The numbers that a limit is set to. */
export type Setting = Partial<Record<BoundKey, number>>

/** How a plan exceeds a limit, in the words of the page and the e-mail. */
interface Over {
  message: string
  count: number
  of: number
  /** Left out: the parts of the limit itself. */
  parts?: readonly Part[]
}

/** A bound on what a plan may do without a person (design: Limits). Everything about it is defined here. */
interface Limit<S extends Setting> {
  /** The words on the settings page before its numbers. */
  label: string
  /** The things that its numbers count. */
  unit: string
  /** The parts of a plan that wait when the plan is over the limit. */
  parts: readonly Part[]
  default: S
  /** Set if it applies to the first import of a source as well. */
  first?: true
  /** Says whether an update counts for the limit. Called for every update; `judge` receives the total. */
  counts?(before: ContactDetails, after: ContactDetails): boolean
  /** Returns what must wait under any setting. The setting itself is then not judged. */
  always?(tally: Tally): Over | null
  judge(tally: Tally, setting: S, counted: number): Over[]
}

const limit = <S extends Setting>(entry: Limit<S>): Limit<S> => entry

const number = new Intl.NumberFormat('en')
const count = (n: number) => number.format(n)

/** Says whether `n` of `of` exceeds a limit. */
function exceeds(n: number, of: number, { percent, atLeast }: { percent: number; atLeast: number }): boolean {
  return n >= atLeast && n * 100 > of * percent
}

/** All limits, in the order in which the reasons are listed. */
export const LIMITS = {
  removed: limit({
    label: 'Contacts would be removed',
    unit: 'contacts',
    parts: ['remove'],
    default: { percent: 10, atLeast: 6 },
    always({ removed, removedManual, contacts }) {
      if (removed > 0 && removed - removedManual >= contacts && contacts > 0) {
        const message = `All ${count(contacts)} contacts would be removed; that always waits for a person.`
        return { message, count: removed, of: contacts, parts: PARTS }
      }
      if (removedManual === 0) return null
      const message = `${count(removedManual)} contacts made by hand would be removed; that always waits for a person.`
      return { message, count: removed, of: contacts + removedManual }
    },
    judge({ removed, contacts }, setting) {
      if (!exceeds(removed, contacts, setting)) return []
      const message = `${count(removed)} of ${count(contacts)} contacts would be removed; the limit is ${setting.percent} %.`
      // A list that has lost most of its contacts is probably the wrong list, so nothing of it is applied.
      const parts = removed * 2 > contacts ? PARTS : undefined
      return [{ message, count: removed, of: contacts, ...(parts && { parts }) }]
    },
  }),
  changed: limit({
    label: 'Contacts would be changed',
    unit: 'contacts',
    parts: ['update'],
    default: { percent: 75, atLeast: 21 },
    judge({ updated, contacts }, setting) {
      if (!exceeds(updated, contacts, setting)) return []
      const message = `${count(updated)} of ${count(contacts)} contacts would be changed; the limit is ${setting.percent} %.`
      return [{ message, count: updated, of: contacts }]
    },
  }),
  blanked: limit({
    label: 'One field would be blanked',
    unit: 'contacts',
    parts: ['update'],
    default: { percent: 40, atLeast: 21 },
    judge: ({ blanked }, setting) =>
      blanked
        .filter((field) => exceeds(field.count, field.of, setting))
        .map((field) => ({
          message: `“${field.label}” would be blanked for ${count(field.count)} of the ${count(field.of)} contacts that have it; the limit is ${setting.percent} %.`,
          count: field.count,
          of: field.of,
        })),
  }),
  unreachable: limit({
    label: 'Contacts would lose their last number',
    unit: 'contacts',
    parts: ['update'],
    default: { percent: 10, atLeast: 6 },
    counts: (before, after) => before.numbers.length > 0 && after.numbers.length === 0,
    judge({ contacts }, setting, counted) {
      if (!exceeds(counted, contacts, setting)) return []
      const message = `${count(counted)} of ${count(contacts)} contacts would lose their last number; the limit is ${setting.percent} %.`
      return [{ message, count: counted, of: contacts }]
    },
  }),
  emptiedGroups: limit({
    label: 'A group would lose all its contacts',
    unit: 'contacts in the group',
    parts: ['update', 'remove'],
    default: { atLeast: 3 },
    judge: ({ emptied }, { atLeast }) =>
      emptied
        .filter(({ contacts }) => contacts >= atLeast)
        .map(({ name, contacts }) => ({
          message: `The group “${name}” would lose all its ${count(contacts)} contacts.`,
          count: contacts,
          of: contacts,
        })),
  }),
  resubscribed: limit({
    label: 'Opted-out contacts would become opted in',
    unit: 'contacts',
    parts: ['update'],
    default: { atLeast: 6 },
    judge({ resubscribed, optedOut }, { atLeast }) {
      if (resubscribed < atLeast) return []
      const message = `${count(resubscribed)} contacts who opted out would become opted in.`
      return [{ message, count: resubscribed, of: optedOut }]
    },
  }),
  errors: limit({
    label: 'Rows have errors',
    unit: 'rows',
    parts: PARTS,
    default: { percent: 50 },
    first: true,
    judge({ rows, rowsWithErrors }, { percent }) {
      if (rowsWithErrors * 100 <= rows * percent) return []
      const message = `${count(rowsWithErrors)} of ${count(rows)} rows have errors; the limit is ${percent} %.`
      return [{ message, count: rowsWithErrors, of: rows }]
    },
  }),
}

export type LimitKey = keyof typeof LIMITS
type Settings = { [K in LimitKey]: (typeof LIMITS)[K]['default'] }
/** The limits of a source. Null switches a limit off. */
export type Limits = { [K in LimitKey]: Settings[K] | null }

/** The reasons to hold a plan that no setting switches off, in the order in which they are listed after the limits. */
const ALWAYS = {
  incomplete: {
    parts: ['remove'],
    judge({ doubts, removed, contacts }: Tally): Over | null {
      if (doubts.length === 0 || removed === 0) return null
      const reasons = doubts.map((doubt) => DOUBTS[doubt]).join(' ')
      const message = `${count(removed)} contacts are missing from a file that may not be complete. ${reasons}`
      return { message, count: removed, of: contacts }
    },
  },
  afterUndo: {
    parts: PARTS,
    judge({ afterUndo, changes }: Tally): Over | null {
      if (!afterUndo || changes === 0) return null
      const message = `The import before was undone; this is the first since that would change anything, with ${changes} changes.`
      return { message, count: changes, of: changes }
    },
  },
} satisfies Record<string, { parts: readonly Part[]; judge(tally: Tally): Over | null }>
type AlwaysKey = keyof typeof ALWAYS

export const LIMIT_KEYS = keysOf(LIMITS)
const ALWAYS_KEYS = keysOf(ALWAYS)
/** Everything that can hold a plan, in the order in which the reasons are listed. */
export const HOLD_REASONS = [...LIMIT_KEYS, ...ALWAYS_KEYS]

/** Why a plan waits for a person. */
export interface HoldReason extends Over {
  limit: LimitKey | AlwaysKey
  /** The parts of the plan that wait. */
  parts: readonly Part[]
}

/** Returns why a plan must wait for a person. With no reason it is applied without one (design: Limits). */
export function judge(tally: Tally, limits: Limits): HoldReason[] {
  const reasons: HoldReason[] = []
  for (const key of LIMIT_KEYS) {
    const { parts } = LIMITS[key]
    for (const over of overOf(key, tally, limits)) reasons.push({ limit: key, parts, ...over })
  }
  for (const key of ALWAYS_KEYS) {
    const { parts, judge: judgeAlways } = ALWAYS[key]
    const over = judgeAlways(tally)
    if (over !== null) reasons.push({ limit: key, parts, ...over })
  }
  return reasons
}

function overOf<K extends LimitKey>(key: K, tally: Tally, limits: Limits): Over[] {
  const { [key]: entry }: { [K in LimitKey]: Limit<Settings[K]> } = LIMITS
  const always = entry.always?.(tally) ?? null
  if (always !== null) return [always]
  const setting = limits[key]
  if (setting === null || (tally.first && entry.first !== true)) return []
  return entry.judge(tally, setting, tally.counted[key])
}

/** Counts the updates for each limit that has a `counts`. */
export class LimitCounts {
  readonly counted = Object.fromEntries(LIMIT_KEYS.map((key) => [key, 0])) as Record<LimitKey, number>

  add(before: ContactDetails, after: ContactDetails): void {
    for (const [key, counts] of COUNTING) if (counts(before, after)) this.counted[key]++
  }
}

const COUNTING = LIMIT_KEYS.flatMap((key) => {
  const { counts }: Pick<Limit<Setting>, 'counts'> = LIMITS[key]
  return counts === undefined ? [] : [[key, counts] as const]
})

/** The limits in a source's settings. Null switches a limit off; a limit that is left out has its default. */
export const limitsSchema = z.object(
  Object.fromEntries(LIMIT_KEYS.map((key) => [key, settingSchema(LIMITS[key])])) as {
    [K in LimitKey]: z.ZodPrefault<z.ZodType<Limits[K]>>
  },
)

function settingSchema({ label, default: standard }: { label: string; default: Setting }): z.ZodPrefault<z.ZodType> {
  const bounds = keysOf(standard).map((bound) => [bound, BOUNDS[bound].schema.default(standard[bound] ?? 0)])
  return z.object(Object.fromEntries(bounds)).nullable().prefault({}).describe(label)
}
