import { z } from 'zod'
import { country } from '../core/source.ts'
import type { Env } from '../env.ts'
import { open, seal } from '../security/secrets.ts'
import { database } from './database.ts'
import { settings } from './schema.ts'

/** Settings of the whole directory, with their defaults. */
export const settingsSchema = z.object({
  /** For how many days snapshots, plans, reports and removed contacts are kept. */
  retentionDays: z.number().int().min(1).max(3650).default(30),
  defaultTimeZone: z.string().default('America/New_York'),
  defaultCountry: country.default('US'),
  sender: z.email().nullable().default(null),
})
export type Settings = z.output<typeof settingsSchema>

export async function readSettings(env: Env): Promise<Settings> {
  const rows = await database(env.DB).select().from(settings)
  return settingsSchema.parse(Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value)])))
}

/** Secrets of the whole directory: they go in and never come out. */
type Secret = 'twilioToken' | 'smsWebhook'

/** The secret, opened; null where there is none. */
export async function readSecret(env: Env, name: Secret): Promise<string | null> {
  const row = await env.DB.prepare('SELECT value FROM setting WHERE name = ?1')
    .bind(SEALED + name)
    .first<{ value: string }>()
  return row === null ? null : open(JSON.parse(row.value), env.ENCRYPTION_KEY, name)
}

/** Keeps the secret, sealed; null takes it away. */
export async function writeSecret(env: Env, name: Secret, secret: string | null): Promise<void> {
  if (secret === null) {
    await env.DB.prepare('DELETE FROM setting WHERE name = ?1')
      .bind(SEALED + name)
      .run()
    return
  }
  await env.DB.prepare(
    'INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
    .bind(SEALED + name, JSON.stringify(await seal(secret, env.ENCRYPTION_KEY, name)))
    .run()
}

/** Before the name of a secret among the settings. */
const SEALED = 'sealed:'

export async function writeSettings(env: Env, values: Settings): Promise<void> {
  await env.DB.prepare(
    'INSERT INTO setting (name, value) SELECT key, json_quote(value) FROM json_each(?1) WHERE true ON CONFLICT DO UPDATE SET value = excluded.value',
  )
    .bind(JSON.stringify(values))
    .run()
}
