import { eq, sql } from 'drizzle-orm'
import { sqliteTable, text } from 'drizzle-orm/sqlite-core'
import * as z from 'zod'
import { country } from '../core/source.ts'
import type { Env } from '../env.ts'
import { open, seal } from '../security/secrets.ts'
import { database } from './database.ts'

/** Settings by name. Each value is JSON text. */
export const settings = sqliteTable('setting', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
})

/** Settings of the whole directory, with their defaults. */
export const settingsSchema = z.object({
  /** How many days snapshots, plans, reports and removed contacts are kept. */
  retentionDays: z.number().int().min(1).max(3650).default(30),
  defaultTimeZone: z.string().default('America/New_York'),
  defaultCountry: country.default('US'),
  sender: z.email().nullable().default(null),
  /** Who must have an authenticator app to sign in with a password. */
  secondFactor: z.enum(['off', 'administrators', 'everybody']).default('off'),
  /** After how many minutes without activity a session ends. */
  idleMinutes: z.number().int().min(5).max(720).default(60),
})
/** The settings of a new directory. */
export const SETTING_DEFAULTS = settingsSchema.parse({})
export type Settings = z.output<typeof settingsSchema>

export async function readSettings(env: Env): Promise<Settings> {
  const rows = await database(env).select().from(settings)
  return settingsSchema.parse(Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value)])))
}

export async function writeSettings(env: Env, values: Settings): Promise<void> {
  await put(env, values)
}

/** Secrets of the whole directory, and of webhooks by their ID. They are stored and never returned by the API. */
type Secret = 'twilioToken' | 'smsWebhook' | 'erasedKey' | `webhook.${string}`

/** The prefix of a secret's name among the settings. */
export const SEALED = 'sealed:'

/** Whom the secret of a setting belongs to, by the name of the setting. */
export function ownerOfSecret(name: string): string {
  return name.slice(SEALED.length)
}

/** Decrypts the secret; null if none is set. Throws `Failure` `secret_unreadable`. */
export async function readSecret(env: Env, name: Secret): Promise<string | null> {
  const [row] = await database(env)
    .select()
    .from(settings)
    .where(eq(settings.name, SEALED + name))
  return row === undefined ? null : open(JSON.parse(row.value), env, name)
}

/** Stores the secret, encrypted; null deletes it. */
export async function writeSecret(env: Env, name: Secret, secret: string | null): Promise<void> {
  if (secret !== null) return put(env, { [SEALED + name]: await seal(secret, env, name) })
  await database(env)
    .delete(settings)
    .where(eq(settings.name, SEALED + name))
}

/** Stores the secret, encrypted, unless it is set. */
export async function insertSecret(env: Env, name: Secret, secret: string): Promise<void> {
  const value = JSON.stringify(await seal(secret, env, name))
  await database(env)
    .insert(settings)
    .values({ name: SEALED + name, value })
    .onConflictDoNothing()
}

/** Returns whether the secret is set. */
export async function hasSecret(env: Env, name: Secret): Promise<boolean> {
  const found = await database(env)
    .select({ name: settings.name })
    .from(settings)
    .where(eq(settings.name, SEALED + name))
  return found.length > 0
}

async function put(env: Env, values: Record<string, unknown>): Promise<void> {
  const rows = Object.entries(values).map(([name, value]) => ({ name, value: JSON.stringify(value) }))
  const replaced = { target: settings.name, set: { value: sql`excluded.value` } }
  await database(env).insert(settings).values(rows).onConflictDoUpdate(replaced)
}
