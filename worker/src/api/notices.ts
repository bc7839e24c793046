import * as z from 'zod'
import type { Env } from '../env.ts'
import { csvStream } from '../formats/csv-write.ts'
import type { CellValue } from '../formats/workbook.ts'
import { AUDIT_ACTIONS, type AuditFilter, type AuditRow, listAudit } from '../store/audit.ts'
import { listNotifications } from '../store/notifications.ts'
import { yieldThread } from '../yield-thread.ts'
import { file } from './export.ts'
import { pageOf, pageQuery, positionCursor, timeCursor } from './page.ts'
import { route } from './route.ts'
import { type AuditView, auditSchema, type NotificationView, notificationSchema, pageSchema } from './views.ts'

/** A day, or a time with its zone. */
const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/, 'Not a time in ISO 8601')
  .refine(Date.parse)
const auditFilters = {
  actor: z.string().max(300).optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
  subject: z.string().max(300).optional(),
  from: time.optional(),
  to: time.optional(),
}

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
    summary: 'Who did what and when, newest first; `actor` is a name or an ID, `to` is not included',
    role: 'administrator',
    query: pageQuery.extend(auditFilters),
    answer: pageSchema(auditSchema),
    async handle({ env, query: { cursor, limit, ...filter } }) {
      const rows = await listAudit(env, filterOf(filter), positionCursor(cursor), limit + 1)
      return pageOf(rows, limit, (row) => String(row.id), auditView)
    },
  }),
  route({
    method: 'get',
    path: '/api/audit.csv',
    summary: 'The same as CSV, all entries',
    role: 'administrator',
    query: z.object(auditFilters),
    async handle({ env, query, record }) {
      const asked = Object.entries(query).map(([name, value]) => `${name}: ${value}`)
      await record('audit_exported', null, asked.join('\n') || null)
      const pieces = csvStream(auditRows(env, filterOf(query)))
      return file(pieces, 'audit.csv', 'text/csv; charset=utf-8')
    },
  }),
]

/** How many entries one query reads. A download is one invocation, for which D1 allows 1,000 queries. */
const PAGE = 5000

async function* auditRows(env: Env, filter: AuditFilter): AsyncGenerator<CellValue[]> {
  yield ['Time', 'Actor', 'Kind', 'Actor ID', 'Address', 'Action', 'Subject', 'Details', 'Times', 'Last time']
  for (let before = 0; ; ) {
    const page = await listAudit(env, filter, before, PAGE)
    for (const row of page) {
      const { at, actor, actorKind, actorId, client, action, subject, detail, count, lastAt } = auditView(row)
      yield [at, actor, actorKind, actorId, client, action, subject, detail, count, lastAt].map((cell) => cell ?? '')
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    await yieldThread()
    before = last.id
  }
}

function filterOf({ from, to, ...filter }: z.output<z.ZodObject<typeof auditFilters>>): AuditFilter {
  const ms = (time: string | undefined) => (time === undefined ? undefined : Date.parse(time))
  return { ...filter, from: ms(from), to: ms(to) }
}

function auditView({ id, at, lastAt, fold: _, ...entry }: AuditRow): AuditView {
  return {
    id: String(id),
    at: new Date(at).toISOString(),
    lastAt: lastAt === null ? null : new Date(lastAt).toISOString(),
    ...entry,
  }
}
