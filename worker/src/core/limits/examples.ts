import { ownText } from '../values/memoized.ts'
import { digestOf } from './kept-values.ts'

/** A contact for which a plan is over a limit, with what it has and what it would have; null for nothing. */
export interface Example {
  id: string
  name: string
  before: string | null
  after: string | null
  /** Set while `before` and `after` are keys of groups, until the plan is judged. */
  groups?: true
}

/** The most examples that a reason has. */
export const MOST_EXAMPLES = 5
const LONGEST = 200

/**
 * Returns the place of an ID among all IDs. It looks random and is always the same, so that the examples of a plan do
 * not depend on the order of the rows.
 */
export function rankOf(id: string): number {
  return digestOf(id)
}

/** What a limit has found: how many contacts, and a few of them. */
export interface Finding {
  readonly count: number
  readonly examples: readonly Example[]
}

interface RankedExample {
  rank: number
  example: Example
}

/** What another message needs to go on counting. */
export interface SavedExamples {
  count: number
  kept: readonly RankedExample[]
}

/** Counts contacts and keeps a few of them, those whose IDs have the lowest ranks. */
export class Examples implements Finding {
  count: number
  #kept: RankedExample[]

  constructor({ count, kept }: SavedExamples = { count: 0, kept: [] }) {
    this.count = count
    this.#kept = [...kept]
  }

  /** Returns what another message needs to go on. */
  save(): SavedExamples {
    return { count: this.count, kept: this.#kept }
  }

  /** Counts a contact. `make` is called only for a contact that is kept for now. */
  add(rank: number, make: () => Example): void {
    this.count++
    const last = this.#kept[MOST_EXAMPLES - 1]
    if (last !== undefined && last.rank <= rank) return
    this.#kept.push({ rank, example: kept(make()) })
    this.#kept.sort((a, b) => a.rank - b.rank)
    this.#kept.length = Math.min(this.#kept.length, MOST_EXAMPLES)
  }

  get examples(): Example[] {
    return this.#kept.map(({ example }) => example).sort(byId)
  }
}

function byId(one: Example, other: Example): number {
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0
}

function kept({ id, name, before, after, ...rest }: Example): Example {
  return {
    ...rest,
    id: own(id),
    name: own(name),
    before: before === null ? null : own(before),
    after: after === null ? null : own(after),
  }
}

function own(text: string): string {
  return ownText(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
}

const SEPARATOR = ', '

/** Returns values as an example shows them; null if there are none. */
export function shown(values: readonly string[]): string | null {
  return values.length === 0 ? null : values.join(SEPARATOR)
}

/** Returns the keys of the groups that examples show. No key has a comma. */
export function groupKeysIn(findings: readonly Finding[]): string[] {
  const keys = findings.flatMap(({ examples }) =>
    examples.flatMap(({ groups, before, after }) =>
      groups === undefined ? [] : [before, after].flatMap((text) => text?.split(SEPARATOR) ?? []),
    ),
  )
  return [...new Set(keys)]
}

/** Returns a finding whose examples show groups by their names. */
export function withGroupNames({ count, examples }: Finding, names: ReadonlyMap<string, string>): Finding {
  const named = (text: string | null) =>
    shown((text?.split(SEPARATOR) ?? []).map((key) => names.get(key) ?? key).sort())
  return {
    count,
    examples: examples.map(({ groups, ...example }) =>
      groups === undefined ? example : { ...example, before: named(example.before), after: named(example.after) },
    ),
  }
}
