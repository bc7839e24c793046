import * as z from 'zod'
import type { Place, Sort } from '../store/contact-query.ts'
import { ApiError } from './problem.ts'
import type { Page } from './views/answer.ts'

/** The query of every list: an opaque cursor, and a limit of 50 items by default and at most 500. */
export const pageQuery = z.object({
  cursor: z.string().max(500).default(''),
  limit: z.coerce.number<number | string>().int().min(1).max(500).default(50),
})

/** A day, or a time with its zone. */
export const timeSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/, 'Not a time in ISO 8601')
  .refine(Date.parse)

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
  const [position = 0] = numbersCursor(cursor, 1)
  return position
}

/** Returns a cursor that is a time and an ID, unchanged. Throws `ApiError` 400 for any other. */
export function timeCursor(cursor: string): string {
  if (cursor !== '' && !/^\d{1,16}\.[\w-]+$/.test(cursor)) throw invalidCursor()
  return cursor
}

/** Parses a cursor of at most `most` numbers; `''` is no numbers. Throws `ApiError` 400 for any other. */
export function numbersCursor(cursor: string, most: number): number[] {
  if (cursor === '') return []
  const numbers = cursor.split('.')
  if (numbers.length > most || !numbers.every((number) => /^\d{1,15}$/.test(number))) throw invalidCursor()
  return numbers.map(Number)
}

/** Returns the cursor of a place in a list of contacts. In the order of keys it is the key. */
export function placeCursor({ order, at, key }: Place): string {
  return order === 'key' ? String(key) : `${order}.${key}.${at}`
}

const PLACE = /^(id|updated|name)\.(\d{1,15})\.(.*)$/s

/**
 * Parses the cursor of a list of contacts that is sorted by `sort`, or by ID within a source if `byId` allows it; null for
 * the beginning. Throws `ApiError` 400 for any other.
 */
export function parsePlace(cursor: string, sort: Sort | undefined, byId: boolean): Place | null {
  if (cursor === '') return null
  const [, order, key, at = ''] = PLACE.exec(cursor) ?? []
  if (order === undefined && sort === undefined)
    return { order: 'key', at: positionCursor(cursor), key: positionCursor(cursor) }
  if (order !== (sort ?? (byId ? 'id' : undefined))) throw invalidCursor()
  if (order === 'updated') return { order, at: positionCursor(at), key: Number(key) }
  return { order: order as 'id' | 'name', at, key: Number(key) }
}

export function invalidCursor(): ApiError {
  return new ApiError(400, 'invalid_cursor', 'The cursor is not one of this list.')
}
