import * as z from 'zod'
import { ApiError } from './problem.ts'
import type { Page } from './views.ts'

/** The query of every list: an opaque cursor, and a limit of 50 items by default and at most 500. */
export const pageQuery = z.object({
  cursor: z.string().max(500).default(''),
  limit: z.coerce.number<number | string>().int().min(1).max(500).default(50),
})

/**
 * Returns a page of a list. `rows`: up to one more than `limit`, so that `next` is null exactly if no row follows.
 * `cursorOf`: returns the cursor that continues after a row.
 */
export function pageOf<Row, View>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
  view: (row: Row) => View,
): Page<View> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(view), next: last !== undefined && rows.length > limit ? cursorOf(last) : null }
}

/** Parses a cursor that is a number of at least 0; `''` is 0. Throws `ApiError` 400 for any other. */
export function positionCursor(cursor: string): number {
  const position = cursor === '' ? 0 : Number(cursor)
  if (!Number.isSafeInteger(position) || position < 0) throw invalidCursor()
  return position
}

/** Returns a cursor that is a time and an ID, unchanged. Throws `ApiError` 400 for any other. */
export function timeCursor(cursor: string): string {
  if (cursor !== '' && !/^\d{1,16}\.[\w-]+$/.test(cursor)) throw invalidCursor()
  return cursor
}

/** Parses a cursor of several numbers; `''` is no numbers. Throws `ApiError` 400 for any other. */
export function numbersCursor(cursor: string): number[] {
  if (cursor === '') return []
  const numbers = cursor.split('.').map(Number)
  if (!numbers.every((n) => Number.isSafeInteger(n) && n >= 0)) throw invalidCursor()
  return numbers
}

function invalidCursor(): ApiError {
  return new ApiError(400, 'invalid_cursor', 'The cursor is not one of this list.')
}
