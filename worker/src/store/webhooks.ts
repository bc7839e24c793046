import type { Env } from '../env.ts'
import { named, type Statement } from './database.ts'
import { insertSecret, readSecret, SEALED, writeSecret } from './settings.ts'

/**
 * Where a source's events are sent, and the secret that signs them; null if they are not signed. The address is a secret too:
 * whoever has it can write to the channel. The settings of the source name the webhook by its ID. Another address or secret gets
 * another ID, so that the settings and the secrets never disagree.
 */
export interface StoredWebhook {
  url: string
  secret: string | null
}

const nameOf = (id: string) => `webhook.${id}` as const

export function insertWebhook(env: Env, id: string, webhook: StoredWebhook): Promise<void> {
  return insertSecret(env, nameOf(id), JSON.stringify(webhook))
}

/** Decrypts a webhook; null if it has been deleted. Throws `Failure` `secret_unreadable`. */
export async function readWebhook(env: Env, id: string): Promise<StoredWebhook | null> {
  const stored = await readSecret(env, nameOf(id))
  return stored === null ? null : JSON.parse(stored)
}

export async function deleteWebhooks(env: Env, ids: readonly string[]): Promise<void> {
  for (const id of ids) await writeSecret(env, nameOf(id), null)
}

/** Returns the statement that deletes the webhooks of a source that is about to be deleted. */
export function deletingWebhooks(source: string): Statement {
  return named(
    `DELETE FROM setting WHERE name IN (SELECT :prefix || (j.value->>'$.id')
      FROM source s, json_each(s.settings, '$.notify.webhooks') j WHERE s.id = :source)`,
    { source, prefix: SEALED + nameOf('') },
  )
}
