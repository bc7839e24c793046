import { type AttributeChanges, REACHED_BY, type ReachCounts } from '../core/meaning.ts'
import type { Planned } from '../core/plan-contract.ts'
import type { Env } from '../env.ts'
import { all, named } from './database.ts'
import { membersOf } from './groups.ts'
import { directoryReach } from './reach.ts'
import type { SourceRow } from './sources.ts'

/** The most groups that are named: those that gain or lose most. */
const GROUPS = 50

/** What a run's plan would do, in numbers, as it is kept with the run. */
export interface StoredMeaning {
  attributes: readonly (AttributeChanges & { attribute: string })[]
  /** The groups that gain or lose contacts, by key. `before` and `after` count the whole directory. */
  groups: { key: string; name: string; before: number; after: number }[]
  /** How many contacts of the whole directory each channel reaches. */
  reach: { before: ReachCounts; after: ReachCounts }
  /** The rows of the file, and those of the file that was imported last. */
  rows: { last: number | null; now: number }
}

/** Returns what a plan would do, with what only the directory knows: how large groups are, and whom it reaches now. */
export async function meaningOf(
  env: Env,
  { baseline }: SourceRow,
  { meaning, groups, newGroups, counts }: Pick<Planned, 'meaning' | 'groups' | 'newGroups' | 'counts'>,
): Promise<StoredMeaning> {
  const before = await directoryReach(env)
  const after = { ...before }
  for (const channel of REACHED_BY) after[channel] = Math.max(0, before[channel] + meaning.reach[channel])
  const most = groups
    .toSorted((one, other) => weight(other) - weight(one) || (one.key < other.key ? -1 : 1))
    .slice(0, GROUPS)
  const known = await all<{ key: string; name: string; members: number }>(
    env,
    named(
      `SELECT g.key, g.name, ${membersOf('g.id')} AS members FROM json_each(:keys) j CROSS JOIN grouping g ON g.key = j.value`,
      { keys: JSON.stringify(most.map(({ key }) => key)) },
    ),
  )
  const sizes = new Map(known.map((group) => [group.key, group]))
  return {
    attributes: meaning.attributes,
    groups: most.map(({ key, gained, lost }) => {
      const { name = newGroups.get(key) ?? key, members = 0 } = sizes.get(key) ?? {}
      return { key, name, before: members, after: Math.max(0, members + gained - lost) }
    }),
    reach: { before, after },
    rows: { last: baseline?.fetch === 'changes' ? null : (baseline?.counts.rows ?? null), now: counts.rows },
  }
}

/** How much a plan changes the size of a group; of two with the same change, more people come and go in one. */
function weight({ gained, lost }: { gained: number; lost: number }): number {
  return Math.abs(gained - lost) * 1e7 + gained + lost
}
