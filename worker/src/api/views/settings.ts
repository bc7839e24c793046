import * as z from 'zod'
import { WEBHOOK_KINDS } from '../../core/source.ts'
import { AUTHOR_KINDS } from '../../security/author.ts'
import { AUDIT_ACTIONS } from '../../store/audit.ts'
import { NOTIFICATION_KINDS, NOTIFICATION_STATUSES } from '../../store/notifications.ts'
import { text, time } from './answer.ts'

/* What the pages under Settings show beside people: e-mails and the audit log; and the demo. */

/** The weeks whose files the demo has. */
export const WEEKS = [1, 2, 3] as const

const week = z.literal(WEEKS)

/** The demo of a local Muster. */
export const demoSchema = z.object({
  /** The week whose files the demo's servers serve now. */
  week,
  weeks: z.array(z.object({ week, title: text, text })),
  /** The page on which the files can be changed too; null while the servers do not run. */
  url: text.nullable(),
  /** The sources of the demo that have not been deleted. */
  sources: z.array(z.object({ id: text, name: text })),
})
export type DemoView = z.infer<typeof demoSchema>

export const notificationSchema = z.object({
  id: text,
  runId: text.nullable(),
  sourceId: text.nullable(),
  kind: z.enum(NOTIFICATION_KINDS),
  /** The addresses; empty for a viewer. */
  recipients: z.array(text),
  subject: text,
  status: z.enum(NOTIFICATION_STATUSES),
  error: text.nullable(),
  createdAt: time,
  sentAt: time.nullable(),
})
export type NotificationView = z.infer<typeof notificationSchema>

/** An e-mail as it was sent. `text` and `html` are null before it is, and once they are not kept any more. */
export const sentMailSchema = notificationSchema.omit({ recipients: true }).extend({
  text: text.nullable(),
  html: text.nullable(),
  /** What became of it for each recipient. A viewer sees no address. */
  recipients: z.array(
    z.object({
      email: text.nullable(),
      status: notificationSchema.shape.status,
      /** Why it could not be sent: a code of Email Service, such as `E_RECIPIENT_SUPPRESSED`, or a class of errors. */
      code: text.nullable(),
      at: time.nullable(),
    }),
  ),
  /** What became of it for each webhook. Of an address the host is shown; null if the source does not have it any more. */
  webhooks: z.array(
    z.object({
      kind: z.enum(WEBHOOK_KINDS),
      url: text.nullable(),
      status: notificationSchema.shape.status,
      /** Why it could not be sent: `http_404` and so on, a code of failure, or `removed`. */
      code: text.nullable(),
      at: time.nullable(),
    }),
  ),
})
export type SentMailView = z.infer<typeof sentMailSchema>

export const auditSchema = z.object({
  id: text,
  at: time,
  /** A user’s e-mail address or a token’s name; `actorKind` and `actorId` tell who it really was. */
  actor: text.nullable(),
  /** Null in entries of earlier versions. */
  actorKind: z.enum(AUTHOR_KINDS).nullable(),
  /** The ID of the user, of the token, or of the webhook’s source. */
  actorId: text.nullable(),
  /** The network address that the request came from. */
  client: text.nullable(),
  action: z.enum(AUDIT_ACTIONS),
  subject: text.nullable(),
  /** The source of the run that is the subject. */
  sourceId: text.nullable(),
  detail: text.nullable(),
  /** How often it happened within a quarter of an hour, for what could be repeated without end; otherwise 1. */
  count: z.number().int(),
  lastAt: time.nullable(),
})
export type AuditView = z.infer<typeof auditSchema>
