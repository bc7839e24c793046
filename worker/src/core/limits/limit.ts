import * as z from 'zod'
import { keysOf } from '../keys.ts'
import type { Part } from '../plan.ts'
import type { Example } from './examples.ts'
import type { Tally } from './tally.ts'

const amount = z.number().int().min(1)
const percentage = z.number().min(0).max(100)
const MOST_PERCENT = 10_000

/** The numbers that set a limit, with the words around each on the page, in the order in which they are shown. */
export const BOUNDS = {
  percent: { schema: percentage, joint: 'and', before: 'more than', after: '%', spoken: 'more than, in percent' },
  atLeast: { schema: amount, joint: 'and', before: 'at least', after: null, spoken: 'at least' },
  orAtLeast: { schema: amount, joint: 'or', before: 'at least', after: null, spoken: 'or at least' },
  withinDays: { schema: amount.max(31), joint: '', before: 'within', after: 'days', spoken: 'within days' },
} satisfies Record<string, Bound>

interface Bound {
  schema: z.ZodNumber
  /** Between this bound and the one before it. */
  joint: 'and' | 'or' | ''
  before: string
  /** The word after the number. Null for the unit of the limit. */
  after: string | null
  /** The words for screen readers. */
  spoken: string
}
type BoundKey = keyof typeof BOUNDS
export const BOUND_KEYS = keysOf(BOUNDS)

/** The numbers that a limit is set to. `small`: other numbers, by which a plan can be over the limit as well. */
export interface Setting extends Partial<Record<BoundKey, number>> {
  small?: Setting
}

/** Returns the schema of a setting whose numbers have these defaults. */
export function settingSchema(standard: Setting): z.ZodObject {
  const { small, ...numbers } = standard
  const bounds = keysOf(numbers).map((key) => [key, schemaOf(key, standard).default(numbers[key] ?? 0)])
  const nested = small === undefined ? {} : { small: settingSchema(small).prefault({}) }
  return z.object({ ...Object.fromEntries(bounds), ...nested })
}

/** A percentage of what there is can be over 100 if its default is not below that, as for contacts that are added. */
function schemaOf(key: BoundKey, { percent = 0 }: Setting): z.ZodNumber {
  return key === 'percent' && percent >= 100 ? z.number().min(0).max(MOST_PERCENT) : BOUNDS[key].schema
}

/** How a plan exceeds a limit, in the words of the page and the e-mail. */
export interface Over {
  message: string
  count: number
  of: number
  examples: readonly Example[]
  /** Left out: the parts of the limit itself. */
  parts?: readonly Part[]
}

/** The most reasons that one limit gives: it can have one for each group. */
export const MOST_OF_A_LIMIT = 10

/** Returns the reasons of a limit with a word about `more` that are left out. */
export function withMore(all: readonly Over[], more: number): Over[] {
  return all.map((over, i) =>
    more > 0 && i === all.length - 1 ? { ...over, message: `${over.message} There are ${more} more like it.` } : over,
  )
}

/** A bound on what a plan may do without a person (design: Limits). Everything about it is defined here. */
export interface Limit<S extends Setting> {
  /** The words on the settings page before its numbers. */
  label: string
  /** The things that its numbers count. */
  unit: string
  /** The parts of a plan that wait when the plan is over the limit. */
  parts: readonly Part[]
  default: S
  /** Set if it applies to the first import of a source as well. */
  first?: true
  /** Returns what holds a plan under any setting; the limit itself is then not judged. */
  always?(tally: Tally): Over | null
  judge(tally: Tally, setting: S): Over[]
}

export const limit = <S extends Setting>(entry: Limit<S>): Limit<S> => entry

/** Returns whether `n` of `of` are more than a setting allows. */
export function exceeds(n: number, of: number, { percent = 0, atLeast = 1, orAtLeast, small }: Setting): boolean {
  if (n >= atLeast && (n * 100 > of * percent || n >= (orAtLeast ?? Number.POSITIVE_INFINITY))) return true
  return small !== undefined && exceeds(n, of, small)
}

/** Returns the lowest number that can be over a setting, so that the directory is asked only from there on. */
export function lowest(setting: Setting | null): number {
  if (setting === null) return Number.POSITIVE_INFINITY
  const { atLeast = 1, small } = setting
  return small === undefined ? atLeast : Math.min(atLeast, lowest(small))
}

const number = new Intl.NumberFormat('en')

/** Returns a number as sentences have it. */
export const count = (n: number) => number.format(n)

/** Returns a number of people as sentences have it. */
export const peopleOf = (n: number) => `${count(n)} ${n === 1 ? 'person' : 'people'}`

/** Returns `, such as …` for the first example that has a text; empty if none has one. */
export function suchAs(examples: readonly Example[], textOf: (example: Example) => string | null): string {
  const [text] = examples.flatMap((example) => textOf(example) ?? [])
  return text === undefined ? '' : `, such as ${text}`
}

/** Returns a number of contacts as sentences have it. */
export const contactsOf = (n: number) => `${count(n)} ${n === 1 ? 'contact' : 'contacts'}`
