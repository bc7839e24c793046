import type { Env } from '../env.ts'
import { all, named } from './database.ts'

/*
 * E-mails as they were sent, an object in R2 for each. An e-mail names people, so it goes when its run expires, when somebody of
 * its source is erased, and when it is older than what is kept.
 */

/** An e-mail without its recipients. */
export interface StoredMail {
  text: string
  html: string
  /** The attached spreadsheet: a file in R2. */
  spreadsheet: string | null
}

const PREFIX = 'mails/'

export async function putMail(env: Env, id: string, mail: StoredMail): Promise<void> {
  await env.FILES.put(`${PREFIX}${id}`, JSON.stringify(mail))
}

/** Returns an e-mail as it was sent; null if that is not kept, or not any more. */
export async function readMail(env: Env, id: string): Promise<StoredMail | null> {
  if ((await keptMails(env, [id], 0)).size === 0) return null
  const object = await env.FILES.get(`${PREFIX}${id}`)
  // The local runtime's files have a body only.
  return object === null ? null : new Response(object.body).json<StoredMail>()
}

/** Returns the ID of the e-mail that is in an object of R2; null for another object. */
export function mailOf(key: string): string | null {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length) : null
}

/** Returns those of the e-mails whose text may be kept. `before`: those that were made earlier may not. */
export async function keptMails(env: Env, ids: readonly string[], before: number): Promise<ReadonlySet<string>> {
  const rows = await all<{ id: string }>(
    env,
    named(
      `SELECT n.id FROM json_each(:ids) j CROSS JOIN notification n ON n.id = j.value
        WHERE n.created_at >= :before
          AND NOT EXISTS (SELECT 1 FROM run r WHERE r.id = n.run AND r.expired_at IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM erasure e, json_each(e.sources) s WHERE s.value = n.source AND n.created_at <= e.at)`,
      { ids: JSON.stringify(ids), before },
    ),
  )
  return new Set(rows.map(({ id }) => id))
}
