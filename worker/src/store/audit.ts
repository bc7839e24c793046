import type { Env } from '../env.ts'
import { database } from './database.ts'
import { type AuditAction, audits } from './schema.ts'

/** Notes who did what, for `GET /api/audit`. `detail` must not hold a secret. */
export async function audit(
  env: Env,
  actor: string | null,
  action: AuditAction,
  subject: string | null,
  detail: string | null = null,
): Promise<void> {
  await database(env.DB).insert(audits).values({ at: Date.now(), actor, action, subject, detail })
}
