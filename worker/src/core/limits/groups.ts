import type { Part } from '../plan.ts'
import type { RuleRemovals } from '../row-rules.ts'
import { ownText } from '../values/memoized.ts'
import { without } from './difference.ts'
import { Examples, type Finding, type SavedExamples } from './examples.ts'
import { digestOf, Kept } from './kept-values.ts'
import { count, exceeds, limit, type Over, peopleOf } from './limit.ts'
import { byRules } from './ruled.ts'
import type { PlannedRemoval, PlannedUpdate } from './tally.ts'

const MOST_GROUPS = 20_000

/** What a plan does to a group. */
export interface GroupChange {
  key: string
  /** How many contacts come into the group. */
  gained: number
  /** The contacts that leave it. */
  lost: Examples
  /** How many of them would then be in no group, or gone. */
  adrift: number
  /** How many of them would be removed. */
  removed: number
  /** How many of them the file has, in rows that a rule leaves out. */
  ruled: number
}

/** What another message needs to go on counting. */
export interface SavedGroupChanges {
  step: number
  groups: readonly (Omit<GroupChange, 'lost'> & { lost: SavedExamples })[]
}

/** Counts who comes into each group and who leaves it. */
export class GroupChanges {
  readonly #kept: Kept
  readonly #groups: Map<string, GroupChange>

  constructor({ step, groups }: SavedGroupChanges = { step: 1, groups: [] }) {
    this.#kept = new Kept(MOST_GROUPS, step)
    this.#groups = new Map(groups.map((group) => [group.key, { ...group, lost: new Examples(group.lost) }]))
  }

  /** Returns what another message needs to go on. */
  save(): SavedGroupChanges {
    return {
      step: this.#kept.step,
      groups: [...this.#groups.values()].map((group) => ({ ...group, lost: group.lost.save() })),
    }
  }

  added(groups: readonly string[]): void {
    for (const key of groups) this.#gain(key)
  }

  updated({ id, rank, before, after, changed }: PlannedUpdate): void {
    if (!changed.includes('groups')) return
    for (const key of without(after.groups, before.groups)) this.#gain(key)
    const adrift = after.groups.length === 0
    for (const key of without(before.groups, after.groups)) {
      const group = this.#of(key)
      if (group === null) continue
      group.lost.add(rank, () => ({ id, name: before.name, before: key, after: null }))
      if (adrift) group.adrift++
    }
  }

  removed({ id, rank, details, rule }: PlannedRemoval): void {
    for (const key of details.groups) {
      const group = this.#of(key)
      if (group === null) continue
      group.lost.add(rank, () => ({ id, name: details.name, before: key, after: null }))
      group.adrift++
      group.removed++
      if (rule !== null) group.ruled++
    }
  }

  /** The groups that gain or lose contacts. */
  get all(): GroupChange[] {
    return [...this.#groups.values()]
  }

  /** The groups that lose contacts, in the order of their keys. */
  get losing(): GroupChange[] {
    return this.all.filter(({ lost }) => lost.count > 0).sort((one, other) => (one.key < other.key ? -1 : 1))
  }

  #gain(key: string): void {
    const group = this.#of(key)
    if (group !== null) group.gained++
  }

  #of(key: string): GroupChange | null {
    const known = this.#groups.get(key)
    if (known !== undefined) return known
    if (!this.#kept.all && !this.#kept.keeps(digestOf(key))) return null
    const made: GroupChange = { key: ownText(key), gained: 0, lost: new Examples(), adrift: 0, removed: 0, ruled: 0 }
    this.#groups.set(made.key, made)
    this.#kept.thin(this.#groups, (one) => digestOf(one))
    return this.#groups.get(key) ?? null
  }
}

/** A group that a plan takes contacts from. */
export interface LosingGroup extends Omit<GroupChange, 'key' | 'lost'> {
  name: string
  /** How many contacts it has before the plan. */
  members: number
  lost: Finding
}

/** Returns the sentence of `byRules` about one group, which names the rule if only one removes contacts. */
function byRulesOfGroup({ ruled }: LosingGroup, rules: readonly RuleRemovals[]): string {
  const [first] = rules
  if (ruled === 0 || first === undefined) return ''
  if (rules.length === 1) return byRules([{ ...first, count: ruled }])
  return ` ${count(ruled)} of them ${ruled === 1 ? 'is' : 'are'} still there, but left out by rules.`
}

function wouldGo(name: string, before: number, after: number, ruled: string): string {
  return `“${name}” would go from ${count(before)} to ${peopleOf(after)}.${ruled} Was its name changed?`
}

/** Updates need not wait for what only removals do. */
const REMOVALS_ONLY: { parts: readonly Part[] } = { parts: ['remove'] }

export const GROUP_LIMITS = {
  emptiedGroups: limit({
    label: 'A group would lose all its contacts, who would be in no group',
    unit: 'contacts in the group',
    parts: ['update', 'remove'],
    default: { atLeast: 3 },
    judge: ({ groups, removedByRules }, setting): Over[] =>
      groups
        .filter(
          ({ members, gained, adrift }) => gained === 0 && adrift === members && exceeds(members, members, setting),
        )
        .map((group) => {
          const { name, members, lost, removed } = group
          const ruled = byRulesOfGroup(group, removedByRules)
          const message = wouldGo(name, members, 0, ruled)
          return {
            message,
            count: members,
            of: members,
            examples: lost.examples,
            ...(removed === lost.count ? REMOVALS_ONLY : {}),
          }
        }),
  }),
  shrunkGroups: limit({
    label: 'A group would have far fewer contacts',
    unit: 'contacts fewer',
    parts: ['update', 'remove'],
    default: { percent: 50, atLeast: 6 },
    judge: ({ groups, removedByRules }, setting): Over[] =>
      groups
        .map((group) => ({ ...group, fewer: group.lost.count - group.gained }))
        .filter(({ members, fewer }) => exceeds(fewer, members, setting))
        .map((group) => {
          const { name, members, lost, fewer, removed } = group
          const ruled = byRulesOfGroup(group, removedByRules)
          const parts = exceeds(fewer - removed, members, setting) ? {} : REMOVALS_ONLY
          const message = wouldGo(name, members, members - fewer, ruled)
          return { message, count: fewer, of: members, examples: lost.examples, ...parts }
        }),
  }),
}
