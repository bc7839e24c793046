import type { AttributeChanges, MovedGroup, PlannedReach } from '../core/meaning.ts'
import type { Planned } from '../core/plan-contract.ts'
import type { SourceRow } from './sources.ts'

/** The most groups that are named: those that gain or lose most. To read a run's meaning counts the members of each. */
const GROUPS = 20

/** What a run's plan would do, in numbers, as it is kept with the run. All of it was counted from the contacts that change. */
export interface StoredMeaning {
  attributes: readonly (AttributeChanges & { attribute: string })[]
  /** The groups that gain or lose contacts. A group that there is has its own name. */
  groups: readonly (MovedGroup & { name: string })[]
  /** Of the contacts that the plan adds, changes or removes: to count the whole directory for each plan would read all of it. */
  reach: PlannedReach
  /** The rows of the file, and those of the file that was imported last. */
  rows: { last: number | null; now: number }
}

/** Returns what a plan would do, as it is kept. */
export function meaningOf(
  { baseline }: SourceRow,
  { meaning, groups, newGroups, counts }: Pick<Planned, 'meaning' | 'groups' | 'newGroups' | 'counts'>,
): StoredMeaning {
  const most = groups
    .toSorted((one, other) => weight(other) - weight(one) || (one.key < other.key ? -1 : 1))
    .slice(0, GROUPS)
  return {
    attributes: meaning.attributes,
    groups: most.map((group) => ({ ...group, name: newGroups.get(group.key) ?? group.key })),
    reach: meaning.reach,
    rows: { last: baseline?.fetch === 'changes' ? null : (baseline?.counts.rows ?? null), now: counts.rows },
  }
}

/** How much a plan changes the size of a group; of two with the same change, more people come and go in one. */
function weight({ gained, lost }: { gained: number; lost: number }): number {
  return Math.abs(gained - lost) * 1e7 + gained + lost
}
