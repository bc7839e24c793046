import { desc, lt, sql } from 'drizzle-orm'
import { database } from '../store/database.ts'
import { audits, notifications } from '../store/schema.ts'
import { pageQuery, route } from './route.ts'
import type { NotificationView } from './views.ts'

/** What Muster told people, and what people did in Muster. */
export const noticeRoutes = [
  route({
    method: 'get',
    path: '/api/notifications',
    summary: 'E-mails and what became of them, newest first',
    role: 'viewer',
    query: pageQuery,
    async handle({ env, query }) {
      const [createdAt, id] = query.cursor.split('.')
      const before =
        query.cursor === ''
          ? undefined
          : sql`(${notifications.createdAt}, ${notifications.id}) < (${Number(createdAt)}, ${id})`
      const rows = await database(env.DB)
        .select()
        .from(notifications)
        .where(before)
        .orderBy(desc(notifications.createdAt), desc(notifications.id))
        .limit(query.limit)
      const last = rows.at(-1)
      return {
        items: rows.map(
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
        ),
        next: last !== undefined && rows.length === query.limit ? `${last.createdAt}.${last.id}` : null,
      }
    },
  }),
  route({
    method: 'get',
    path: '/api/audit',
    summary: 'Who did what and when, newest first',
    role: 'administrator',
    query: pageQuery,
    async handle({ env, query }) {
      const before = query.cursor === '' ? undefined : lt(audits.id, Number(query.cursor))
      const rows = await database(env.DB)
        .select()
        .from(audits)
        .where(before)
        .orderBy(desc(audits.id))
        .limit(query.limit)
      const last = rows.at(-1)
      return {
        items: rows.map(({ id, at, ...entry }) => ({ id: String(id), at: new Date(at).toISOString(), ...entry })),
        next: last !== undefined && rows.length === query.limit ? String(last.id) : null,
      }
    },
  }),
]
