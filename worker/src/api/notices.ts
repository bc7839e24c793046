import * as z from 'zod'
import { webhookSchema } from '../core/source.ts'
import type { Env } from '../env.ts'
import { csvStream } from '../formats/csv-write.ts'
import type { CellValue } from '../formats/workbook.ts'
import { testWebhook } from '../notify/webhooks.ts'
import { sendStep } from '../run/step.ts'
import { mayAct } from '../security/roles.ts'
import { AUDIT_ACTIONS, type AuditFilter, type AuditRow, listAudit } from '../store/audit.ts'
import { type DeliveryRow, listDeliveries, sendAgain } from '../store/deliveries.ts'
import { readMail } from '../store/mails.ts'
import { findNotification, listNotifications, type NotificationRow } from '../store/notifications.ts'
import { findSource } from '../store/sources.ts'
import { yieldThread } from '../yield-thread.ts'
import type { Actor } from './access.ts'
import { file } from './export.ts'
import { wholeWebhook } from './notify-webhooks.ts'
import { pageOf, pageQuery, positionCursor, timeCursor, timeSchema } from './page.ts'
import { ApiError, expired, notFound } from './problem.ts'
import { route } from './route.ts'
import { pageSchema } from './views/answer.ts'
import {
  type AuditView,
  auditSchema,
  type NotificationView,
  notificationSchema,
  type SentMailView,
  sentMailSchema,
} from './views/settings.ts'

/** How long after an e-mail was sent it is not sent again, so that a request that comes twice sends one, in milliseconds. */
const RESENT_WITHIN = 60_000

/** An e-mail has its styles in its elements. Nothing else is allowed in it, and only the pages may frame it. */
const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-top-navigation-by-user-activation",
  'X-Frame-Options': 'SAMEORIGIN',
}

const auditFilters = {
  actor: z.string().max(300).optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
  subject: z.string().max(300).optional(),
  from: timeSchema.optional(),
  to: timeSchema.optional(),
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
    async handle({ env, query, actor }) {
      const rows = await listNotifications(env, timeCursor(query.cursor), query.limit + 1)
      return pageOf(
        rows,
        query.limit,
        (row) => `${row.createdAt}.${row.id}`,
        (row): NotificationView => ({
          ...notificationView(row),
          recipients: mayAct(actor.role, 'manager') ? row.recipients : [],
        }),
      )
    },
  }),
  route({
    method: 'get',
    path: '/api/notifications/:id',
    summary: 'An e-mail as it was sent, and what became of it for each recipient',
    role: 'viewer',
    answer: sentMailSchema,
    handle: async ({ env, params, actor }) => sentMail(env, await requireNotification(env, params.id), actor),
  }),
  route({
    method: 'get',
    path: '/api/notifications/:id/html',
    summary: 'The same e-mail as a page, to be shown in a frame of the pages',
    role: 'viewer',
    async handle({ env, params }) {
      const mail = await readMail(env, params.id)
      if (mail === null) throw notFound('text of this e-mail')
      // A link leads where it does in a mail program, and not inside of the frame.
      return new Response(mail.html.replace('<head>', '<head><base target="_top">'), { headers: PAGE_HEADERS })
    },
  }),
  route({
    method: 'post',
    path: '/api/notifications/test',
    summary:
      'Send a test to an address of `notify.webhooks`, saved or not. With `sourceId`, what is left out or reads back hidden is that of the webhook with the same `id`',
    role: 'administrator',
    body: z.object({ sourceId: z.string().max(40).optional(), webhook: webhookSchema }),
    answer: z.object({
      ok: z.boolean(),
      code: z.string().nullable().describe('Why not: `http_404` and so on, or a code of failure'),
      detail: z.string().nullable(),
    }),
    async handle({ env, body: { sourceId, webhook }, record }) {
      const source = sourceId === undefined ? null : await findSource(env, sourceId)
      if (sourceId !== undefined && source === null) throw notFound('source')
      const saved = source?.settings.notify.webhooks ?? []
      const { whole } = await wholeWebhook(env, webhook, saved, 'webhook')
      const result = await testWebhook(env, webhook.kind, whole)
      await record(
        'channel_tested',
        sourceId ?? null,
        `${webhook.kind} ${new URL(whole.url).host}: ${result.code ?? 'ok'}`,
      )
      return result
    },
  }),
  route({
    method: 'post',
    path: '/api/notifications/:id/resend',
    summary:
      'Send a notification again: to the recipients and webhooks that have not got it, or as it was to all if all have. While it is pending, or within a minute of sending, nothing more is sent',
    role: 'manager',
    status: 202,
    answer: sentMailSchema,
    async handle({ env, params, actor, record }) {
      const row = await requireNotification(env, params.id)
      if (row.status === 'not_needed') {
        throw new ApiError(409, 'not_needed', 'This e-mail was not needed: it would have said nothing new.')
      }
      if (row.sentAt !== null && (await readMail(env, row.id)) === null) throw expired()
      const now = Date.now()
      if (await sendAgain(env, row.id, now - RESENT_WITHIN, now)) {
        await record('notification_resent', row.id)
        await sendStep(env, { step: 'notify', notification: row.id })
      }
      return sentMail(env, await requireNotification(env, row.id), actor)
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

async function requireNotification(env: Env, id: string): Promise<NotificationRow> {
  const row = await findNotification(env, id)
  if (row === null) throw notFound('e-mail')
  return row
}

function notificationView(row: NotificationRow): Omit<NotificationView, 'recipients'> {
  const { id, run, source, kind, subject, status, error, createdAt, sentAt } = row
  return {
    ...{ id, runId: run, sourceId: source, kind, subject, status, error },
    createdAt: new Date(createdAt).toISOString(),
    sentAt: timeText(sentAt),
  }
}

async function sentMail(env: Env, row: NotificationRow, { role }: Actor): Promise<SentMailView> {
  const mail = await readMail(env, row.id)
  const view = notificationView(row)
  const delivered = await listDeliveries(env, row.id)
  const byEmail = delivered.filter(({ channel }) => channel === 'email')
  const { status, error, sentAt } = row
  // One that nobody has tried to send yet, or that an earlier version sent in one message to all recipients.
  const recipients =
    byEmail.length === 0 ? row.recipients.map((address) => ({ address, status, code: error, sentAt })) : byEmail
  const source = row.source === null ? null : await findSource(env, row.source)
  const urls = new Map(source?.settings.notify.webhooks.map(({ id, url }) => [id, url]))
  return {
    ...view,
    text: mail?.text ?? null,
    html: mail?.html ?? null,
    recipients: recipients.map(({ address, ...state }) => ({
      email: mayAct(role, 'manager') ? address : null,
      ...stateView(state),
    })),
    webhooks: delivered.flatMap(({ channel, address, ...state }) =>
      channel === 'email' ? [] : [{ kind: channel, url: urls.get(address) ?? null, ...stateView(state) }],
    ),
  }
}

function stateView({ status, code, sentAt }: Pick<DeliveryRow, 'status' | 'code' | 'sentAt'>) {
  return { status, code, at: timeText(sentAt) }
}

function timeText(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

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
    lastAt: timeText(lastAt),
    ...entry,
  }
}
