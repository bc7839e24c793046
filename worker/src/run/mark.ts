import { givesRecords } from '../connections/facts.ts'
import type { RunRow } from '../store/runs.ts'
import type { Mark, SourceRow } from '../store/sources.ts'

/** The remote side's clock may be another, and a record may be saved a moment after its date was taken; in milliseconds. */
const OVERLAP = 15 * 60_000
/** Half a day short of a week: a run comes a little earlier or later each time. */
const FULL_AFTER = 6.5 * 24 * 60 * 60_000

type Source = Pick<SourceRow, 'connection' | 'settings' | 'settingsHash' | 'mark'>

/** Whether only what has changed is fetched from the source unless somebody asks for all of it. */
export function fetchesChanges({ connection, settings }: Source): boolean {
  return givesRecords(connection) && settings.changesOnly
}

/**
 * What a scheduled run fetches. Who has left shows only in a full run, so a source that removes has one each week, and
 * one to begin with.
 */
export function scheduledFetch(source: Source, now: number): RunRow['fetch'] {
  if (!fetchesChanges(source)) return 'all'
  const full = current(source)?.fullAt ?? null
  const due = source.settings.removal === 'remove' && (full === null || now - full >= FULL_AFTER)
  return due ? 'all' : 'changes'
}

/** The marks of a run that begins to fetch now; null for a source of files. */
export function marksOf(run: Pick<RunRow, 'fetch'>, source: Source, now: number): RunRow['mark'] {
  if (!givesRecords(source.connection)) return null
  const fullAt = run.fetch === 'all' ? now : (current(source)?.fullAt ?? null)
  return { before: source.mark, after: { at: now - OVERLAP, settingsHash: source.settingsHash, fullAt } }
}

/** Since when a run wants changes, in milliseconds since 1970; null for everything: the first time, and under new settings. */
export function changedSince(run: Pick<RunRow, 'fetch'>, source: Source): number | null {
  return run.fetch === 'changes' ? (current(source)?.at ?? null) : null
}

/** The source's mark once a run has been taken back: what it brought is to be fetched again, whatever has come since. */
export function markWithout(undone: Pick<RunRow, 'mark'>, source: Pick<SourceRow, 'mark'>): Mark | null {
  const before = undone.mark?.before ?? null
  if (before === null || source.mark === null) return null
  return before.at < source.mark.at ? before : source.mark
}

function current({ mark, settingsHash }: Source): Mark | null {
  return mark?.settingsHash === settingsHash ? mark : null
}
