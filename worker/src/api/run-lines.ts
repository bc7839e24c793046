import type { Env } from '../env.ts'
import { findRun, type RunRow } from '../store/runs.ts'
import { invalidCursor } from './page.ts'
import { expired, notFound } from './problem.ts'

/* What the lists of a run's changes and problems share: both are files of lines, which pages read from a byte position. */

/** The most bytes of a file that one page reads. */
export const PAGE_BYTES = 400_000

/** Returns a run whose files are still kept. Throws `ApiError` 410 `expired` if they were deleted. */
export async function keptRun(env: Env, id: string): Promise<RunRow> {
  const run = await findRun(env, id)
  if (run === null) throw notFound('run')
  const { expiredAt, snapshot, plan, problems } = run
  if (expiredAt !== null && (snapshot ?? plan ?? problems) !== null) throw expired()
  return run
}

/**
 * Returns the position at which reading a page begins: that of the line break before `from`, so that a cursor in the
 * middle of a line is recognised.
 */
export function beforeLine(from: number): number {
  return Math.max(0, from - 1)
}

/** Returns `from` if the line break before it was read. Throws `ApiError` 400 if another byte is there. */
export function lineAfter(line: string, from: number): number {
  if (line !== '') throw invalidCursor()
  return from
}

/** Returns how many bytes a line has, with its line break. */
export function bytesOf(line: string): number {
  return new TextEncoder().encode(line).length + 1
}
