import type { Env } from '../env.ts'

/** Sets a contact's SMS status. It takes its place in the order of changes, and makes no plan stale. */
export async function setSmsStatus(
  env: Env,
  key: number,
  status: 'opted_in' | 'opted_out',
  by: string,
  now: number,
): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(`UPDATE counter SET value = value + 1 WHERE name = 'seq'`),
    env.DB.prepare(
      `UPDATE contact SET sms_status = ?2, sms_by = ?3, sms_at = ?4, updated_at = ?4, run = NULL,
          seq = (SELECT value FROM counter WHERE name = 'seq'),
          history = '[' || json_object('at', ?4, 'op', 'sms', 'by', ?3, 'changed', json_array('sms')) ||
            iif(history = '[]', ']', ',' || substr(history, 2))
        WHERE key = ?1 AND removed_at IS NULL`,
    ).bind(key, status, by, now),
  ])
}
