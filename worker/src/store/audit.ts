import { and, desc, eq, getTableColumns, gte, lt, or, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { AUTHOR_KINDS, type Author } from '../security/author.ts'
import { database, named, write } from './database.ts'

/** The actions that are recorded. Each entry names the subject of the action, if it has one. */
export const AUDIT_ACTIONS = [
  'signed_in',
  'sign_in_refused',
  'identity_confirmed',
  'signed_out',
  'sessions_ended',
  'second_factor_offered',
  'second_factor_on',
  'second_factor_off',
  'recovery_codes_made',
  'recovery_code_used',
  'user_invited',
  'invitation_accepted',
  'password_reset_sent',
  'password_reset',
  'password_changed',
  'settings_changed',
  'sms_webhook_made',
  'source_made',
  'source_changed',
  'source_deleted',
  'connection_tested',
  'webhook_made',
  'webhook_tested',
  'channel_tested',
  'opt_outs_exported',
  'run_started',
  'run_approved',
  'run_rejected',
  'run_undone',
  'run_cancelled',
  'snapshot_downloaded',
  'report_downloaded',
  'contact_made',
  'contact_changed',
  'contact_removed',
  'group_made',
  'group_changed',
  'group_deleted',
  'sms_opted_in',
  'sms_opted_out',
  'contacts_exported',
  'decisions_exported',
  'contact_taken_out',
  'person_erased',
  'erasure_lifted',
  'field_made',
  'field_changed',
  'field_deleted',
  'user_made',
  'user_changed',
  'user_deleted',
  'token_made',
  'token_revoked',
  'token_refused',
  'signature_refused',
  'access_refused',
  'notification_resent',
  'demo_made',
  'demo_changed',
  'demo_removed',
  'audit_exported',
  'secrets_resealed',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

export const audits = sqliteTable('audit', {
  id: integer('id').primaryKey(),
  at: integer('at').notNull(),
  actor: text('actor'),
  action: text('action').$type<AuditAction>().notNull(),
  subject: text('subject'),
  detail: text('detail'),
  /** Who did it; the label `actor` is for readers. Null in entries of earlier versions. */
  actorKind: text('actor_kind', { enum: AUTHOR_KINDS }),
  actorId: text('actor_id'),
  /** The network address that the request came from. */
  client: text('client'),
  /** How often it happened within a quarter of an hour, if entries are folded; otherwise 1. */
  count: integer('count').notNull().default(1),
  lastAt: integer('last_at'),
  /** Within a quarter of an hour, what has the same `fold` is one entry; null if every action has its own. */
  fold: text('fold'),
})
/** An entry, with the ID of the source whose run is its subject. */
export type AuditRow = typeof audits.$inferSelect & { sourceId: string | null }
const COLUMNS = {
  ...getTableColumns(audits),
  sourceId: sql<string | null>`(SELECT run.source FROM run WHERE run.id = audit.subject)`,
}

/** What is recorded. `detail` must hold neither a secret nor what is known about a contact. */
export interface Entry {
  who: Author
  action: AuditAction
  subject: string | null
  detail: string | null
  client: string | null
}

/** Records who did what, for `GET /api/audit`. */
export async function audit(env: Env, { who, ...entry }: Entry): Promise<void> {
  const { kind, id, label } = who
  await database(env)
    .insert(audits)
    .values({ ...entry, at: Date.now(), actor: label, actorKind: kind, actorId: id })
}

/** Records that somebody did the same to several subjects: one entry for each. */
export async function auditEach(
  env: Env,
  { who, action, detail, client }: Omit<Entry, 'subject'>,
  subjects: readonly string[],
): Promise<void> {
  const { kind, id, label } = who
  await write(env, [
    named(
      `INSERT INTO audit (at, actor, action, subject, detail, actor_kind, actor_id, client)
        SELECT :now, :label, :action, value, :detail, :kind, :id, :client FROM json_each(:subjects)`,
      { now: Date.now(), label, action, detail, kind, id, client, subjects: JSON.stringify(subjects) },
    ),
  ])
}

/** The time within which equal entries are folded into one, in milliseconds. */
const FOLDED_WITHIN = 15 * 60_000
const DAY = 24 * 60 * 60_000
/**
 * How many folded entries strangers can cause in a day, for each action. What is beyond shares one entry in a quarter of an hour,
 * without address and subject, so that two years of refusals are fewer than a million entries.
 */
const MOST_OF_STRANGERS = 300

/**
 * Records what can be repeated without end, such as a refusal: a repetition within a quarter of an hour raises the count of the
 * first entry. `network` stands for the client's address, so that a client with many addresses has one entry.
 */
export async function auditFolded(env: Env, { who, ...entry }: Entry, network: string | null): Promise<void> {
  const { kind, id, label } = who
  const { action, subject, detail, client } = entry
  const now = Date.now()
  const day = `${kind} ${action} ${Math.floor(now / DAY)} `
  const shared = `${day}${Math.floor(now / FOLDED_WITHIN)} `
  const fold = shared + JSON.stringify([id, subject, detail, network])
  const own = `EXISTS (SELECT 1 FROM audit WHERE fold = :fold)
    OR (SELECT count(*) FROM audit WHERE fold > :day AND fold < :end) < :most`
  const insert = named(
    `WITH place AS MATERIALIZED (SELECT ${own} AS own)
      INSERT INTO audit (at, actor, action, subject, detail, actor_kind, actor_id, client, last_at, fold)
      SELECT :now, iif(own, :label, NULL), :action, iif(own, :subject, NULL), iif(own, :detail, 'from many addresses'), :kind,
          iif(own, :id, NULL), iif(own, :client, NULL), :now, iif(own, :fold, :shared)
        FROM place WHERE true
      ON CONFLICT (fold) WHERE fold IS NOT NULL DO UPDATE SET count = count + 1, last_at = excluded.last_at`,
    {
      ...{ now, label, action, subject, detail, kind, id, client, fold, shared, day, end: `${day}~` },
      most: kind === 'stranger' ? MOST_OF_STRANGERS : Number.MAX_SAFE_INTEGER,
    },
  )
  await write(env, [insert])
}

/** The entries to list. `from` and `to` are in milliseconds since 1970; `to` itself is not included. */
export interface AuditFilter {
  /** The label or the ID of an actor. */
  actor?: string | undefined
  action?: AuditAction | undefined
  subject?: string | undefined
  from?: number | undefined
  to?: number | undefined
}

/** Lists entries, newest first, before the one with the ID `before`; 0 starts at the newest. */
export function listAudit(env: Env, filter: AuditFilter, before: number, limit: number): Promise<AuditRow[]> {
  const { actor, action, subject, from, to } = filter
  const condition = and(
    before === 0 ? undefined : lt(audits.id, before),
    actor === undefined ? undefined : or(eq(audits.actor, actor), eq(audits.actorId, actor)),
    action === undefined ? undefined : eq(audits.action, action),
    subject === undefined ? undefined : eq(audits.subject, subject),
    // A folded entry also belongs to the time in which its last action happened.
    from === undefined ? undefined : or(gte(audits.at, from), gte(audits.lastAt, from)),
    to === undefined ? undefined : lt(audits.at, to),
  )
  return database(env).select(COLUMNS).from(audits).where(condition).orderBy(desc(audits.id)).limit(limit)
}
