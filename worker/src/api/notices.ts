import { desc, lt, sql } from 'drizzle-orm'
import { database } from '../store/database.ts'
import { audits, notifications } from '../store/schema.ts'
import { pageOf, pageQuery, positionCursor, timeCursor } from './page.ts'
import { route } from './route.ts'
import { auditSchema, type NotificationView, notificationSchema, pageSchema } from './views.ts'

/** What Muster told people, and what people did in Muster. */
export const noticeRoutes = [
  route({
    method: 'get',
    path: '/api/notifications',
    summary: 'E-mails and what became of them, newest first',
    role: 'viewer',
    query: pageQuery,
    answer: pageSchema(notificationSchema),
    async handle({ env, query }) {
      const [createdAt, id] = timeCursor(query.cursor).split('.')
      const before =
        query.cursor === ''
          ? undefined
          : sql`(${notifications.createdAt}, ${notifications.id}) < (${Number(createdAt)}, ${id})`
      const rows = await database(env.DB)
        .select()
        .from(notifications)
        .where(before)
        .orderBy(desc(notifications.createdAt), desc(notifications.id))
        .limit(query.limit + 1)
      return pageOf(
        rows,
        query.limit,
        (row) => `${row.createdAt}.${row.id}`,
        (row): NotificationView => ({
          id: row.id,
          runId: row.run,
          sourceId: row.source,
          kind: row.kind,
          recipients: row.recipients,
          subject: row.subject,
          status: row.status,
          error: row.error,
          createdAt: new Date(row.createdAt).toISOString(),
          sentAt: row.sentAt === null ? null : new Date(row.sentAt).toISOString(),
        }),
      )
    },
  }),
  route({
    method: 'get',
    path: '/api/audit',
    summary: 'Who did what and when, newest first',
    role: 'administrator',
    query: pageQuery,
    answer: pageSchema(auditSchema),
    async handle({ env, query }) {
      const before = query.cursor === '' ? undefined : lt(audits.id, positionCursor(query.cursor))
      const rows = await database(env.DB)
        .select()
        .from(audits)
        .where(before)
        .orderBy(desc(audits.id))
        .limit(query.limit + 1)
      return pageOf(
        rows,
        query.limit,
        (row) => String(row.id),
        ({ id, at, ...entry }) => ({ id: String(id), at: new Date(at).toISOString(), ...entry }),
      )
    },
  }),
]
