import { listAudit } from '../store/audit.ts'
import { listNotifications } from '../store/notifications.ts'
import { pageOf, pageQuery, positionCursor, timeCursor } from './page.ts'
import { route } from './route.ts'
import { auditSchema, type NotificationView, notificationSchema, pageSchema } from './views.ts'

/** The e-mails that Muster sent, and the actions of people in Muster. */
export const noticeRoutes = [
  route({
    method: 'get',
    path: '/api/notifications',
    summary: 'E-mails and what became of them, newest first',
    role: 'viewer',
    query: pageQuery,
    answer: pageSchema(notificationSchema),
    async handle({ env, query }) {
      const rows = await listNotifications(env, timeCursor(query.cursor), query.limit + 1)
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
      const rows = await listAudit(env, positionCursor(query.cursor), query.limit + 1)
      return pageOf(
        rows,
        query.limit,
        (row) => String(row.id),
        ({ id, at, ...entry }) => ({ id: String(id), at: new Date(at).toISOString(), ...entry }),
      )
    },
  }),
]
