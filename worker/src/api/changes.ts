import type * as z from 'zod'
import { listChanges } from '../store/contacts.ts'
import { groupNamesOf } from '../store/groups.ts'
import { expiredSeq } from '../store/retention.ts'
import { contactView } from './contact-view.ts'
import { numbersCursor, pageOf, pageQuery } from './page.ts'
import { ApiError } from './problem.ts'
import { route } from './route.ts'
import { pageSchema } from './views/answer.ts'
import { changeEntrySchema } from './views/contact.ts'

/** The feed of changes, for a system that keeps a copy of the directory. */
export const changeRoutes = [
  route({
    method: 'get',
    path: '/api/changes',
    summary:
      'Every change to a contact in order, for a system that keeps a copy; 410 cursor_expired: start again without a cursor',
    role: 'viewer',
    scope: 'directory:read',
    query: pageQuery,
    answer: pageSchema(changeEntrySchema),
    async handle({ env, query }) {
      // A cursor holds its place in the order of changes and the value of `expiredSeq` at that time. A follower that
      // began after the removals expired does not need them.
      const [after = 0, known = 0] = numbersCursor(query.cursor, 2)
      const rows = await listChanges(env, after, query.limit + 1)
      const names = await groupNamesOf(env, rows)
      // This is read last, so that nothing can expire unnoticed before the rows are read.
      const expired = await expiredSeq(env)
      if (after > 0 && after < expired && known !== expired) throw cursorExpired()
      const cursorOf = (row: { seq: number }) => `${row.seq}.${expired}`
      return pageOf(
        rows,
        query.limit,
        cursorOf,
        (row): z.infer<typeof changeEntrySchema> => ({
          cursor: cursorOf(row),
          op: row.removedAt !== null ? 'remove' : row.history[0]?.op === 'add' ? 'add' : 'update',
          key: String(row.key),
          at: new Date(row.updatedAt).toISOString(),
          runId: row.run,
          contact: row.removedAt === null ? contactView(row, names) : null,
        }),
      )
    },
  }),
]

function cursorExpired(): ApiError {
  return new ApiError(
    410,
    'cursor_expired',
    'Contacts that were removed after this cursor are gone for good. Forget the copy, and read from the start, without a cursor.',
  )
}
