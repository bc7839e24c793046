import { FACTS } from '../connections/facts.ts'
import type { Kind } from '../connections/kind.ts'
import { type Secrets, withoutSecrets } from '../connections/secrets.ts'
import type { Env } from '../env.ts'
import { newId } from '../security/random.ts'
import { readFields } from '../store/fields.ts'
import { readSettings, type Settings } from '../store/settings.ts'
import { insertSource, type SourceRow, sealSecrets, settingsHash } from '../store/sources.ts'
import { fieldsMoved, requireFields } from './fields.ts'
import { parse } from './input.ts'
import { isObject } from './json-object.ts'
import { storedWebhooks } from './notify-webhooks.ts'
import { sourceSchema } from './source-body.ts'

/** Makes a source from the body of a request. Returns it with its secrets. Throws `ApiError`. */
export async function makeSource(
  env: Env,
  body: Record<string, unknown>,
): Promise<{ row: SourceRow; secrets: Secrets }> {
  const sent = withDefaults(body, await readSettings(env))
  const { name, connection, ...parsed } = parse(sourceSchema, sent, 'body')
  const webhooks = await storedWebhooks(env, parsed.notify.webhooks)
  const settings = { ...parsed, notify: { ...parsed.notify, webhooks } }
  const current = await readFields(env)
  requireFields(settings.mapping, current, settings.format.defaultCountry)
  const id = newId()
  const now = Date.now()
  const { open, secrets } = withoutSecrets(connection)
  const row = {
    id,
    name,
    enabled: settings.enabled,
    connection: open,
    secrets: await sealSecrets(env, id, secrets),
    webhook: null,
    settings,
    settingsHash: await settingsHash(connection, settings, current.fields),
    mappingVersion: 1,
    revision: 0,
    scheduleSince: now,
    baseline: null,
    fingerprints: null,
    firstAppliedAt: null,
    fileEnd: null,
    rejected: null,
    failing: null,
    watermark: null,
    fileSha256: null,
    fileChangedAt: null,
    freshSince: now,
    lateAt: null,
    longFetch: false,
    createdAt: now,
  }
  if (!(await insertSource(env, row, current.revision))) throw fieldsMoved()
  return { row, secrets }
}

/**
 * Returns the body of a new source with the missing values: the defaults of its kind, the directory's country and a
 * weekly schedule's zone.
 */
function withDefaults(body: Record<string, unknown>, { defaultCountry, defaultTimeZone }: Settings) {
  const { connection, format, schedule } = body
  const weekly = isObject(schedule) && schedule.kind === 'weekly'
  return {
    ...(isObject(connection) && isKind(connection.kind) ? FACTS[connection.kind].defaults : {}),
    ...body,
    ...(format === undefined || isObject(format) ? { format: { defaultCountry, ...format } } : {}),
    ...(weekly ? { schedule: { timeZone: defaultTimeZone, ...schedule } } : {}),
  }
}

function isKind(kind: unknown): kind is Kind {
  return typeof kind === 'string' && Object.hasOwn(FACTS, kind)
}
