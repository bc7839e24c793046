import * as z from 'zod'
import { encodingNamed } from './encodings.ts'
import { keysOf } from './keys.ts'
import { limitsSchema } from './limits.ts'
import { mappingSchema, rowRulesSchema } from './mapping.ts'
import { isCountry } from './values/countries.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day as HH:MM, from 00:00 to 23:59')

const timeZone = z.string().refine(isTimeZone, 'Not a time zone; use an IANA name such as America/Vancouver')

/** Returns whether the runtime knows the IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** A country whose telephone numbers can be read. */
export const country = z.string().refine((code): boolean => isCountry(code), 'A two-letter country code such as CA')

/** When a source is imported automatically (seed: Step 5; Nightly Import). */
const scheduleSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('weekly'),
    days: z.array(z.enum(DAYS)).min(1).max(7),
    times: z.array(clock).min(1).max(24),
    timeZone,
  }),
  z.object({
    kind: z.literal('nightly'),
    from: clock.default('01:00'),
    to: clock.default('04:00'),
    timeZone: timeZone.default('America/New_York'),
  }),
])
export type Schedule = z.infer<typeof scheduleSchema>

/** A label of a text encoding; its name is stored. */
const encodingLabel = z
  .string()
  .refine(
    (label) => encodingNamed(label) !== null,
    'Not an encoding; use a label such as windows-1250, macintosh or shift_jis',
  )
  .overwrite((label) => encodingNamed(label) ?? label)
  .describe('The encoding of a text that does not say it: any label of the Encoding Standard')

export const formatSchema = z.object({
  type: z.enum(['auto', 'csv', 'xlsx', 'json']).default('auto'),
  sheet: z.string().min(1).nullable().default(null),
  delimiter: z.enum([',', ';', '\t', '|']).nullable().default(null),
  encoding: encodingLabel.nullable().default(null),
  defaultCountry: country.default('US'),
})
export type Format = z.infer<typeof formatSchema>

export const WEBHOOK_KINDS = ['muster', 'slack', 'teams'] as const
export type WebhookKind = (typeof WEBHOOK_KINDS)[number]

/** An address that takes JSON, to which it is sent that an import waits or failed. */
export const webhookSchema = z.object({
  id: z
    .string()
    .max(40)
    .default('')
    .describe(
      'Made by Muster. An entry that is sent back with its `id` keeps the address and the secret that are not shown',
    ),
  kind: z
    .enum(WEBHOOK_KINDS)
    .describe('`muster`: a signed event for a program; `slack`, `teams`: a message in a channel of that product'),
  url: z.string().min(1).max(4000).describe('A secret: it reads back as its host and `/…`'),
  secret: z
    .string()
    .min(16)
    .max(200)
    .nullable()
    .default(null)
    .describe('Signs the events of the kind `muster`; reads back as null'),
  hasSecret: z.boolean().default(false).describe('Whether a secret is set; ignored when it is sent'),
})
export type WebhookSetting = z.infer<typeof webhookSchema>

const notifySchema = z.object({
  emails: z.array(z.email()).max(50).default([]),
  when: z.enum(['always', 'problems', 'never']).default('always'),
  webhooks: z
    .array(webhookSchema)
    .max(5)
    .default([])
    .describe('Where it is also sent that an import waits or failed, beside the e-mails'),
})

/** One value of the SMS status, or a list of values. */
export const smsValue = z.union([
  z.string(),
  z.array(z.string().max(100).regex(/\S/, 'A value that is not blank')).min(1).max(50),
])

/** How a source writes the SMS status (seed: Opt-Out Field). */
const smsValuesSchema = z.object({
  optedIn: smsValue.default('Y'),
  optedOut: smsValue.default('N'),
  emptyMeansOptedIn: z.boolean().default(false),
})

/** All settings of a source except its connection. Every setting has a default, including the nested ones. */
export const sourceSettingsSchema = z.object({
  enabled: z.boolean().default(true),
  format: formatSchema.prefault({}),
  mapping: mappingSchema.nullable().default(null),
  rows: rowRulesSchema
    .default([])
    .describe('Rules that leave rows out by the values of a column. Who is left out is not in the file'),
  smsStatus: smsValuesSchema.prefault({}),
  removal: z.enum(['remove', 'keep']).default('remove'),
  covers: z.enum(['own', 'directory']).default('own'),
  changesOnly: z.boolean().default(false),
  schedule: scheduleSchema.nullable().default(null),
  freshness: z
    .object({ atLeastEveryHours: z.number().int().min(1).max(8784) })
    .nullable()
    .default(null),
  limits: limitsSchema.prefault({}),
  hold: z
    .enum(['part', 'whole'])
    .default('part')
    .describe('What waits if a limit is exceeded: the parts of the plan that it stops, or the whole plan'),
  notify: notifySchema.prefault({}),
})
export type SourceSettings = z.infer<typeof sourceSettingsSchema>

/**
 * Whether a plan depends on a setting. If such a setting changes, the same bytes are planned again (design: settings).
 */
const IN_PLAN: Record<keyof SourceSettings, boolean> = {
  enabled: false,
  format: true,
  mapping: true,
  rows: true,
  smsStatus: true,
  removal: true,
  covers: true,
  changesOnly: false,
  schedule: false,
  freshness: false,
  limits: false,
  hold: false,
  notify: false,
}

/**
 * Returns the settings that a plan depends on, in an order that never changes. Without rules for rows they are those of
 * the versions that had none.
 */
export function planSettings(settings: SourceSettings): unknown[] {
  return keysOf(IN_PLAN)
    .filter((key) => IN_PLAN[key] && !(key === 'rows' && settings.rows.length === 0))
    .map((key) => settings[key])
}
