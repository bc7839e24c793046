import { desc, lt } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { database } from './database.ts'

/** The actions of people and systems that are recorded. Each entry names the subject of the action, if it has one. */
export const AUDIT_ACTIONS = [
  'signed_in',
  'sign_in_refused',
  'signed_out',
  'sessions_ended',
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
  'webhook_made',
  'opt_outs_exported',
  'run_approved',
  'run_rejected',
  'run_undone',
  'run_cancelled',
  'snapshot_downloaded',
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
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

export const audits = sqliteTable('audit', {
  id: integer('id').primaryKey(),
  at: integer('at').notNull(),
  actor: text('actor'),
  action: text('action').$type<AuditAction>().notNull(),
  subject: text('subject'),
  detail: text('detail'),
})
export type AuditRow = typeof audits.$inferSelect

/** Records who did what, for `GET /api/audit`. `detail` must not hold a secret. */
export async function audit(
  env: Env,
  actor: string | null,
  action: AuditAction,
  subject: string | null,
  detail: string | null = null,
): Promise<void> {
  await database(env).insert(audits).values({ at: Date.now(), actor, action, subject, detail })
}

/** Records a change of `subject` by the members that really changed; a change of nothing is not recorded. */
export async function auditChange(
  env: Env,
  actor: string | null,
  action: AuditAction,
  subject: string | null,
  changed: readonly string[],
): Promise<void> {
  if (changed.length > 0) await audit(env, actor, action, subject, changed.join('\n'))
}

/** Lists entries, newest first, before the one with the ID `before`; 0 starts at the newest. */
export function listAudit(env: Env, before: number, limit: number): Promise<AuditRow[]> {
  const condition = before === 0 ? undefined : lt(audits.id, before)
  return database(env).select().from(audits).where(condition).orderBy(desc(audits.id)).limit(limit)
}
