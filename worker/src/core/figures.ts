import type { ChangeCounts, RunCounts } from './counts.ts'
import type { RekeyDecision } from './plan.ts'

/**
 * The figures of a run, in contacts. They add up: `met` = `imported` + `waiting` + `left` + `withErrors`. Contacts that
 * are missing from the file are in none of these; `rest` has those that were not removed.
 */
export interface Figures {
  /** Contacts that met the criteria. */
  met: number
  /** Contacts that were added, updated or unchanged. */
  imported: number
  /** Contacts that a decision, the rest of the run or, after a preview, an import would add or update. */
  waiting: number
  /** Contacts that were not added or updated, because that was rejected or the run ended before. */
  left: number
  withErrors: number
  /** The changes of the plan that were not made: those of `waiting` or `left`, and removals. */
  rest: ChangeCounts
}

/** What the figures of a run are made from. */
export interface Figured {
  /** The counts of the whole plan. */
  counts: RunCounts
  /** The changes that were made. */
  applied: ChangeCounts
  /** Whether the other changes may still be made. */
  pending: boolean
  /** How many people the plan gives new IDs, and which of them a person decided to move there. */
  rekeyed: number
  rekey: RekeyDecision | undefined
}

/** Returns the figures of a run (design: Notifications). */
export function figuresOf({ counts, applied, pending, rekeyed, rekey }: Figured): Figures {
  const apart = rekeyed - movedCount(rekeyed, rekey)
  const rest = {
    added: counts.added + apart - applied.added,
    updated: counts.updated - apart - applied.updated,
    // People who are not moved are removed under their old IDs, unless the source keeps who is missing.
    removed: Math.max(0, counts.removed - applied.removed),
  }
  const open = rest.added + rest.updated
  return {
    met: counts.matched,
    imported: applied.added + applied.updated + counts.unchanged,
    waiting: pending ? open : 0,
    left: pending ? 0 : open,
    withErrors: counts.contactsWithErrors,
    rest,
  }
}

/** Returns how many people a decision moves to their new IDs. The others become new contacts. */
function movedCount(rekeyed: number, rekey: RekeyDecision = true): number {
  if (typeof rekey === 'boolean') return rekey ? rekeyed : 0
  return new Set(rekey.map(({ from, to }) => JSON.stringify([from, to]))).size
}
