import { givesRecords } from '../connections/facts.ts'
import type { RunRow } from '../store/runs.ts'
import type { SourceRow, Watermark } from '../store/sources.ts'

/**
 * How far two fetches of changes overlap, in milliseconds. The clock of the remote side may differ, and a record may be
 * saved a moment after its date was set.
 */
const OVERLAP = 15 * 60_000
/**
 * How long until a full fetch is due, in milliseconds. Half a day less than a week, since runs are not exactly on time.
 */
const FULL_AFTER = 6.5 * 24 * 60 * 60_000

type Source = Pick<SourceRow, 'connection' | 'settings' | 'settingsHash' | 'watermark'>

/** Says whether a run of the source fetches only changes unless a person asks for everything. */
export function fetchesChanges({ connection, settings }: Source): boolean {
  return givesRecords(connection) && settings.changesOnly
}

/**
 * Returns what a scheduled run fetches. Only a full run shows which contacts have left. A source that removes contacts
 * therefore has a full run first, and then one each week.
 */
export function scheduledFetch(source: Source, now: number): RunRow['fetch'] {
  if (!fetchesChanges(source)) return 'all'
  const full = current(source)?.fullAt ?? null
  const due = source.settings.removal === 'remove' && (full === null || now - full >= FULL_AFTER)
  return due ? 'all' : 'changes'
}

/** Returns the watermarks of a run that begins to fetch now; null for a source of files. */
export function watermarksOf(run: Pick<RunRow, 'fetch'>, source: Source, now: number): RunRow['watermark'] {
  if (!givesRecords(source.connection)) return null
  const fullAt = run.fetch === 'all' ? now : (current(source)?.fullAt ?? null)
  return { before: source.watermark, after: { at: now - OVERLAP, settingsHash: source.settingsHash, fullAt } }
}

/**
 * Returns the time since which a run fetches changes, in milliseconds since 1970. Null means everything: in the first
 * run and under new settings.
 */
export function changedSince(run: Pick<RunRow, 'fetch'>, source: Source): number | null {
  return run.fetch === 'changes' ? (current(source)?.at ?? null) : null
}

/**
 * Returns the watermark of a source after a run is undone. The changes that the run brought must be fetched again, even
 * if other runs have followed.
 */
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
