import * as z from 'zod'
import { FACTS } from '../../connections/facts.ts'
import type { Facts, Kind } from '../../connections/kind.ts'
import { type ConnectionDraft, type ConnectionSettings, connectionSchema } from '../../connections/schema.ts'
import { hasPath } from '../../connections/secrets.ts'
import { NUMBER_TYPES, SMS_STATUSES } from '../../core/contact.ts'
import { FAILURE_CODES } from '../../core/failure.ts'
import { smsValue, sourceSettingsSchema } from '../../core/source.ts'
import { count, text, time } from './answer.ts'
import { detailsSchema } from './contact.ts'
import { causeSchema, changeCounts, countsSchema, failureSchema, reasonSchema, runSchema } from './run.ts'

/* Sources as the API shows them, with their webhooks and the tests of their connections. */

type HasMembers = Record<`has${string}`, boolean>

/** An object of a connection as it is read back: beside each secret, which is null, is `has…`. */
type ReadBack<S> = {
  [M in keyof S]: S[M] extends { name: string } | null ? (S[M] & HasMembers) | null : S[M]
} & HasMembers

type ReadBackOf<S> = S extends unknown ? ReadBack<S> : never

/** A connection as it is read back. `fetches`: the address that is really fetched, if it is another than `url`. */
export type ConnectionView = ReadBackOf<ConnectionSettings> & { fetches?: string | null }

const [firstKind, ...otherKinds] = connectionSchema.options

const connectionViewSchema: z.ZodType<ConnectionView, ConnectionDraft & HasMembers> = z.discriminatedUnion('kind', [
  readBack(firstKind),
  ...otherKinds.map(readBack),
])

function readBack<S extends (typeof connectionSchema.options)[number]>(kind: S) {
  const { secrets, fetches } = FACTS[kind.shape.kind.value] as Facts<Kind>
  const has: Record<`has${string}`, z.ZodBoolean> = {}
  const objects: Record<string, z.ZodType> = fetches === undefined ? {} : { fetches: text.nullable() }
  for (const path of secrets) {
    const [name = '', inner] = hasPath(path).split('.')
    const member: unknown = Object.entries(kind.shape).find(([key]) => key === name)?.[1]
    if (inner === undefined) has[name as `has${string}`] = z.boolean()
    else
      objects[name] = objectIn(member)
        .extend({ [inner]: z.boolean() })
        .nullable()
  }
  // Without the checks between members, which would refuse to be extended, and are not needed for what is read back.
  const members = z.object(kind.shape) as S
  return members.extend({ ...has, ...(objects as Record<never, never>) })
}

/** Returns the object that a member may be, without what wraps it. */
function objectIn(schema: unknown): z.ZodObject {
  return schema instanceof z.ZodObject ? schema : objectIn((schema as z.ZodNullable | z.ZodDefault).unwrap())
}

export const KINDS = Object.keys(FACTS) as [Kind, ...Kind[]]

export const healthSchema = z.enum([
  'new',
  'running',
  'ok',
  'undone',
  'problems',
  'held',
  'failing',
  'late',
  'disabled',
])

export const sourceViewSchema = sourceSettingsSchema.extend({
  id: text,
  name: text,
  connection: connectionViewSchema,
  mappingVersion: count,
  nextRuns: z.array(time).max(5),
  lastRun: runSchema.nullable(),
  /** The run that waits for a person, which need not be the last one. */
  held: z.object({ runId: text, reasons: z.array(reasonSchema), waiting: changeCounts }).nullable(),
  health: healthSchema,
  /** When a run last found a changed file. */
  fileChangedAt: time.nullable(),
})
export type SourceView = z.infer<typeof sourceViewSchema>

/**
 * The file on a source's server to which the statuses set here are written; `url` is null if the source has none. `due`:
 * it is to be written or read back. `failure`: why the last attempt failed.
 */
export const optOutFileSchema = z.object({
  url: text.nullable(),
  writtenAt: time.nullable(),
  due: z.boolean(),
  failure: failureSchema.nullable(),
})
export type OptOutFileView = z.infer<typeof optOutFileSchema>

/** A source's webhook and its last calls, newest first. */
export const webhookSchema = z.object({
  url: text,
  hasSecret: z.boolean(),
  calls: z.array(
    z.object({
      at: time,
      /** What the call was answered: 202, or the status and the code of a refusal. */
      status: z.int(),
      code: text.nullable(),
      /** The run that the call started, or that it joined. */
      runId: text.nullable(),
      /** Whether it was a call of Muster's own, which starts no run. */
      test: z.boolean(),
      /** The number of equal refusals in a row, as one entry; `at` is the time of the last. */
      times: count,
    }),
  ),
})
export type WebhookView = z.infer<typeof webhookSchema>

const choices = z.array(z.object({ id: z.union([text, z.number()]), name: text })).optional()

/**
 * The outcome of a connection test (api: `POST /api/sources/test`). For a CRM it also lists the choices of the
 * settings.
 */
export const testSchema = z.object({
  ok: z.boolean(),
  code: z.enum(FAILURE_CODES).optional(),
  detail: text.optional(),
  advice: text.optional(),
  /** `sheet`: the one of a workbook that was read. */
  file: z.object({ name: text, bytes: count, modifiedAt: text.nullable(), sheet: text.optional() }).optional(),
  hostKey: text.optional(),
  columns: z.array(
    z.object({
      name: text,
      samples: z.array(text),
      suggestion: z
        .object({
          to: text,
          type: z.enum(NUMBER_TYPES).optional(),
          list: z.boolean().optional(),
          smsStatus: z
            .object({ optedIn: smsValue, optedOut: smsValue })
            .optional()
            .describe(
              'The values for the setting `smsStatus` that go with this column: under "SMS Opt Out" a yes is an opt-out',
            ),
          confidence: z.number().min(0).max(1),
        })
        .nullable(),
    }),
  ),
  rows: z.array(z.array(text)),
  /** What the first contacts would be. Only with a mapping or the template’s headers, like the members below. */
  contacts: z
    .array(
      detailsSchema.extend({
        id: text,
        sms: z.object({ status: z.enum(SMS_STATUSES) }),
        rows: z.array(count),
      }),
    )
    .optional(),
  /** The counts of an import into an empty directory. */
  counts: countsSchema.optional(),
  partial: z.boolean().optional().describe('Whether only the beginning of the file was read'),
  /** The problems by their causes: errors first, and those of most rows first. */
  causes: z.array(causeSchema).optional(),
  /** The ID of the bytes that were read, which are kept for an hour. A test that sends it reads them again. */
  sample: text.optional(),
  attributes: choices,
  filters: choices,
  sourceCodes: choices,
  teams: choices,
})
export type TestView = z.infer<typeof testSchema>

/** What the service of a saved source offers to choose from, or why it could not be asked. */
export const choicesSchema = testSchema.pick({
  ok: true,
  code: true,
  detail: true,
  advice: true,
  attributes: true,
  filters: true,
  sourceCodes: true,
  teams: true,
})
export type ChoicesView = z.infer<typeof choicesSchema>
