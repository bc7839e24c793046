import { named, type Statement } from './database.ts'

/*
 * Removed contacts, which keep their rows until retention deletes them. The search index keeps one word of each, with the
 * source that had it, so that they are found without an index of their own and its row for each removal.
 */

/** As SQL: the removed contacts `c`, in the order of their keys. */
export const REMOVED = `contact_search s CROSS JOIN contact c ON c.key = s.rowid
  WHERE s.contact_search MATCH '"#removed"*' AND c.removed_at IS NOT NULL`

/** As SQL: the removed contacts `c` of the source `:source`. */
export const REMOVED_OF_SOURCE = `contact_search s CROSS JOIN contact c ON c.key = s.rowid
  WHERE s.contact_search MATCH '"#removed' || hex(:source) || '"' AND c.source = :source AND c.removed_at IS NOT NULL`

/** Returns the statement that replaces the search words of the removed ones of the contacts `c` that match a condition. */
export function markingRemoved(condition: string, values: Record<string, string | number>): Statement {
  return named(
    `INSERT OR REPLACE INTO contact_search (rowid, words)
      SELECT c.key, '#removed' || hex(c.source) FROM contact c WHERE ${condition} AND c.removed_at IS NOT NULL`,
    values,
  )
}
