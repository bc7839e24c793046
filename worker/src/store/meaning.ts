import type { AttributeChanges, MovedGroup, PlannedReach } from '../core/meaning.ts'
import type { Planned } from '../core/plan-contract.ts'
import type { Env } from '../env.ts'
import { groupSizes } from './groups.ts'
import type { SourceRow } from './sources.ts'

/** The most groups that are named: those that gain or lose most. */
const GROUPS = 20

/** What a run's plan would do, in numbers, as it is kept with the run. It is counted from the contacts that change. */
export interface StoredMeaning {
  attributes: readonly (AttributeChanges & { attribute: string })[]
  /**
   * The groups that gain or lose contacts. `before`: how many each had before the plan, of which a part may be applied while the
   * rest waits; null for a plan that no person decides about, since to count them reads the index for each member.
   */
  groups: readonly (MovedGroup & { name: string; before: number | null })[]
  /** Of the contacts that the plan adds, changes or removes: to count the whole directory for each plan would read all of it. */
  reach: PlannedReach
  /** The rows of the file, and those of the file that was imported last. */
  rows: { last: number | null; now: number }
}

/** Returns what a plan would do, as it is kept, before any of it is applied. `waits`: whether a person decides about it. */
export async function meaningOf(
  env: Env,
  { baseline }: SourceRow,
  { meaning, groups, newGroups, counts }: Pick<Planned, 'meaning' | 'groups' | 'newGroups' | 'counts'>,
  waits: boolean,
): Promise<StoredMeaning> {
  const most = groups
    .toSorted((one, other) => weight(other) - weight(one) || (one.key < other.key ? -1 : 1))
    .slice(0, GROUPS)
  const keys = most.map(({ key }) => key)
  const sizes = waits ? new Map((await groupSizes(env, keys)).map(({ key, members }) => [key, members])) : null
  return {
    attributes: meaning.attributes,
    groups: most.map((group) => {
      const name = newGroups.get(group.key) ?? group.key
      return { ...group, name, before: sizes === null ? null : (sizes.get(group.key) ?? 0) }
    }),
    reach: meaning.reach,
    rows: { last: baseline?.fetch === 'changes' ? null : (baseline?.counts.rows ?? null), now: counts.rows },
  }
}

/** How much a plan changes the size of a group; of two with the same change, more people come and go in one. */
function weight({ gained, lost }: { gained: number; lost: number }): number {
  return Math.abs(gained - lost) * 1e7 + gained + lost
}
