import { givesRecords } from '../connections/facts.ts'
import type { RunRow } from '../store/runs.ts'
import type { SourceRow, Watermark } from '../store/sources.ts'

/** The remote side's clock may be another, and a record may be saved a moment after its date was taken; in milliseconds. */
const OVERLAP = 15 * 60_000
/** Half a day short of a week: a run comes a little earlier or later each time. */
const FULL_AFTER = 6.5 * 24 * 60 * 60_000

type Source = Pick<SourceRow, 'connection' | 'settings' | 'settingsHash' | 'watermark'>

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
export function watermarksOf(run: Pick<RunRow, 'fetch'>, source: Source, now: number): RunRow['watermark'] {
  if (!givesRecords(source.connection)) return null
  const fullAt = run.fetch === 'all' ? now : (current(source)?.fullAt ?? null)
  return { before: source.watermark, after: { at: now - OVERLAP, settingsHash: source.settingsHash, fullAt } }
}

/** Since when a run wants changes, in milliseconds since 1970; null for everything: the first time, and under new settings. */
export function changedSince(run: Pick<RunRow, 'fetch'>, source: Source): number | null {
  return run.fetch === 'changes' ? (current(source)?.at ?? null) : null
}

/** The source's mark once a run has been taken back: what it brought is to be fetched again, whatever has come since. */
export function watermarkWithout(
  undone: Pick<RunRow, 'watermark'>,
  source: Pick<SourceRow, 'watermark'>,
): Watermark | null {
  const before = undone.watermark?.before ?? null
  if (before === null || source.watermark === null) return null
  return before.at < source.watermark.at ? before : source.watermark
}

function current({ watermark, settingsHash }: Source): Watermark | null {
  return watermark?.settingsHash === settingsHash ? watermark : null
}
