import { z } from 'zod'
import { country } from '../core/source.ts'
import type { Env } from '../env.ts'
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

export async function writeSettings(env: Env, values: Settings): Promise<void> {
  await env.DB.prepare(
    'INSERT INTO setting (name, value) SELECT key, json_quote(value) FROM json_each(?1) WHERE true ON CONFLICT DO UPDATE SET value = excluded.value',
  )
    .bind(JSON.stringify(values))
    .run()
}
