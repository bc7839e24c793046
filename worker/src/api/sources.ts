import * as z from 'zod'
import { givesRecords, isUploaded, optOutFileOf } from '../connections/facts.ts'
import type { Kind } from '../connections/kind.ts'
import type { ConnectionSettings } from '../connections/schema.ts'
import { valueAt, withoutSecrets } from '../connections/secrets.ts'
import type { Env } from '../env.ts'
import { incomparable } from '../run/finish-applied.ts'
import type { Role } from '../security/roles.ts'
import { write } from '../store/database.ts'
import { readFields } from '../store/fields.ts'
import { heldRun, heldRuns } from '../store/held-runs.ts'
import { requestingOptOutFiles } from '../store/opt-out-files.ts'
import { latestRuns } from '../store/run-lists.ts'
import { activeRun } from '../store/runs.ts'
import { readSample } from '../store/samples.ts'
import {
  changeSource,
  decryptConnection,
  deleteSource,
  findSource,
  listSources,
  readableConnection,
  readableSecrets,
  type SourceRow,
  sealSecrets,
  settingsHash,
} from '../store/sources.ts'
import { stalePlans } from '../store/stale-plans.ts'
import { givenFile, lastUpload } from '../store/uploads.ts'
import { deleteWebhooks } from '../store/webhooks.ts'
import { requireConfirmed } from './access.ts'
import { changedMembers, changedSecrets } from './changed-members.ts'
import { fieldsMoved, requireFields } from './fields.ts'
import { parse } from './input.ts'
import { isObject } from './json-object.ts'
import { storedWebhooks } from './notify-webhooks.ts'
import { pageOf, pageQuery, timeCursor } from './page.ts'
import { ApiError, notFound } from './problem.ts'
import { route } from './route.ts'
import { runView, viewOf } from './run-view.ts'
import { sourceBody, sourceSchema, testBody, testSettingsSchema } from './source-body.ts'
import { makeSource } from './source-making.ts'
import { patched } from './source-patch.ts'
import { settingsOf, sourceView } from './source-view.ts'
import { readChoices, testConnection } from './test-connection.ts'
import { pageSchema } from './views/answer.ts'
import { choicesSchema, sourceViewSchema, testSchema } from './views/source.ts'

/** Remote sources: their settings, and whether they can be reached. */
export const sourceRoutes = [
  route({
    method: 'get',
    path: '/api/sources',
    summary: 'Sources, in the order they were made',
    role: 'viewer',
    scope: 'runs:read',
    limited: 'handler',
    query: pageQuery,
    answer: pageSchema(sourceViewSchema),
    async handle({ env, query, actor }) {
      const rows = await listSources(env, timeCursor(query.cursor), query.limit + 1, actor.sources)
      const ids = rows.map((row) => row.id)
      const runs = await latestRuns(env, ids)
      const held = await heldRuns(env, ids)
      const stale = await stalePlans(env, [...runs.values()])
      const secrets = new Map(
        await Promise.all(rows.map(async (row) => [row.id, await readableSecrets(env, row)] as const)),
      )
      return pageOf(
        rows,
        query.limit,
        (row) => `${row.createdAt}.${row.id}`,
        (row) => {
          const last = runs.get(row.id)
          const view = last === undefined ? null : viewOf(last, stale)
          return sourceView(row, view, held.get(row.id) ?? null, Date.now(), secrets.get(row.id) ?? {}, actor.role)
        },
      )
    },
  }),
  route({
    method: 'post',
    path: '/api/sources',
    summary: 'Make a source',
    role: 'administrator',
    status: 201,
    body: sourceBody,
    raw: 'whole',
    view: sourceViewSchema,
    answer: sourceViewSchema,
    async handle({ env, body, actor, record }) {
      const { row, secrets } = await makeSource(env, body)
      await record('source_made', row.id, row.name)
      return sourceView(row, null, null, row.createdAt, secrets, actor.role)
    },
  }),
  route({
    method: 'post',
    path: '/api/sources/test',
    summary: 'Test a connection that is not saved',
    role: 'administrator',
    body: testBody.partial({ name: true }),
    raw: 'whole',
    view: sourceViewSchema,
    answer: testSchema,
    async handle({ env, body, record }) {
      const { connection, sample, ...settings } = parse(testSettingsSchema, { name: 'test', ...body }, 'body')
      const tested = { settings, sourceId: null, sample: await sampleOf(env, connection, sample) }
      const result = await testConnection(env, connection, tested)
      await record('connection_tested', null, testDetail(connection, result))
      return result
    },
  }),
  route({
    method: 'get',
    path: '/api/sources/:id',
    summary: 'One source',
    role: 'viewer',
    scope: 'runs:read',
    limited: 'source',
    answer: sourceViewSchema,
    handle: async ({ env, params, actor }) => view(env, await find(env, params.id), actor.role),
  }),
  route({
    method: 'patch',
    path: '/api/sources/:id',
    summary: 'Change a source (JSON merge patch); a secret left out is kept, null clears it',
    role: 'administrator',
    body: sourceBody,
    raw: 'patch',
    view: sourceViewSchema,
    answer: sourceViewSchema,
    confirms: 'sometimes',
    async handle({ env, params, body, actor, record }) {
      const source = await find(env, params.id)
      const stored = await readableConnection(env, source)
      const { connection, name, ...patchedSettings } = patched(sourceSchema, source, stored, body)
      const { open, secrets } = withoutSecrets(connection)
      const changes = changedSecrets(withoutSecrets(stored).secrets, secrets)
      const { webhooks } = patchedSettings.notify
      if (changes.some((path) => path !== 'url') || webhooks.some(({ secret }) => secret !== null))
        requireConfirmed(actor)
      const before = source.settings.notify.webhooks
      const kept =
        isObject(body.notify) && 'webhooks' in body.notify ? await storedWebhooks(env, webhooks, before) : before
      const settings = { ...patchedSettings, notify: { ...patchedSettings.notify, webhooks: kept } }
      const current = await readFields(env)
      requireFields(settings.mapping, current, settings.format.defaultCountry)
      const hash = await settingsHash(connection, settings, current.fields)
      const now = Date.now()
      const enabling = settings.enabled && !source.enabled
      // Enabling the source or changing its freshness limit starts the time for a new file again.
      const anew = enabling || JSON.stringify(settings.freshness) !== JSON.stringify(source.settings.freshness)
      const change = {
        name,
        enabled: settings.enabled,
        connection: open,
        secrets: await sealSecrets(env, source.id, secrets),
        settings,
        settingsHash: hash,
        mappingVersion:
          source.mappingVersion +
          (JSON.stringify(settings.mapping) === JSON.stringify(source.settings.mapping) ? 0 : 1),
        scheduleSince:
          JSON.stringify(settings.schedule) === JSON.stringify(source.settings.schedule) ? source.scheduleSince : now,
        // Contacts may have been changed manually while the source was disabled, so the same bytes are planned again.
        ...(enabling ? { baseline: incomparable(source.baseline) } : {}),
        ...(anew ? { freshSince: now, lateAt: null } : {}),
        createdAt: source.createdAt,
      }
      if (!(await changeSource(env, source.id, change, current.revision))) throw fieldsMoved()
      const left = new Set(kept.map(({ id }) => id))
      await deleteWebhooks(
        env,
        before.flatMap(({ id }) => (left.has(id) ? [] : [id])),
      )
      const changed = { ...source, ...change }
      const shown = [settingsOf(source), settingsOf(changed)] as const
      const [from, to] = shown.map(({ connection: one }) => valueAt(one, 'url'))
      const unseen = changes.filter((path) => path !== 'url' || from === to)
      const members = changedMembers(
        ...shown,
        unseen.map((path) => `connection.${path}`),
      )
      await record('source_changed', source.id, members)
      if (optOutFileOf(open) !== null) await write(env, [requestingOptOutFiles([source.id], now, { atOnce: true })])
      return view(env, changed, actor.role)
    },
  }),
  route({
    method: 'delete',
    path: '/api/sources/:id',
    summary: 'Delete a source; its contacts stay as hand-made ones unless they are to be removed',
    role: 'administrator',
    query: z.object({ contacts: z.enum(['keep', 'remove']).default('keep') }),
    confirms: 'sometimes',
    async handle({ env, params, query, actor, record }) {
      if (query.contacts === 'remove') requireConfirmed(actor)
      const source = await find(env, params.id)
      const active = await activeRun(env, source.id)
      if (active !== null)
        throw new ApiError(
          409,
          'run_active',
          'An import of this source is running. Wait for it to end, or cancel it.',
          { runId: active.id },
        )
      await deleteSource(env, source.id, query.contacts)
      await record('source_deleted', source.id, `${source.name}; contacts: ${query.contacts}`)
    },
  }),
  route({
    method: 'post',
    path: '/api/sources/:id/test',
    summary: 'Test a saved connection, with changes that are not saved yet where they are sent',
    role: 'administrator',
    body: testBody,
    raw: 'patch',
    view: sourceViewSchema,
    answer: testSchema,
    async handle({ env, params, body, record }) {
      const source = await find(env, params.id)
      const stored = await readableConnection(env, source)
      const { connection, sample, ...settings } = patched(testSettingsSchema, source, stored, body)
      const last = isUploaded(connection) ? await lastUpload(env, source.id) : 'none'
      const given = typeof last === 'string' ? undefined : givenFile(env, last)
      const tested = { settings, sourceId: source.id, sample: await sampleOf(env, connection, sample), given }
      const result = await testConnection(env, connection, tested)
      await record('connection_tested', source.id, testDetail(connection, result))
      return result
    },
  }),
  route({
    method: 'get',
    path: '/api/sources/:id/choices',
    summary: 'What the CRM of a saved source offers to choose from: attributes, filters, source codes, or teams',
    role: 'administrator',
    answer: choicesSchema,
    async handle({ env, params }) {
      const source = await find(env, params.id)
      if (givesRecords(source.connection)) return readChoices(env, await decryptConnection(env, source))
      throw new ApiError(409, 'wrong_kind', 'This source is a file, which offers nothing to choose from.')
    },
  }),
]

/** Returns what the audit says of a test: the kind, the host and what came of it. */
function testDetail(
  connection: object & { kind: Kind; url?: string },
  { code }: { code?: string | undefined },
): string {
  const { kind, url } = connection
  const host = url === undefined || !URL.canParse(url) ? '' : ` ${new URL(url).host}`
  return `${kind}${host}: ${code ?? 'ok'}`
}

/** Returns the sample that a test names; null if it names none. Throws `ApiError` 410 if it is no longer kept. */
async function sampleOf(env: Env, connection: ConnectionSettings, id: string | undefined) {
  if (id === undefined) return null
  const sample = await readSample(env, id, Date.now())
  if (sample === null) throw new ApiError(410, 'expired', 'A sample is kept for an hour. Test the connection again.')
  if (sample.records === givesRecords(connection)) return { ...sample, id }
  const message = 'This sample is not of such a connection. Test the connection without it.'
  throw new ApiError(400, 'invalid', `The body is not valid. ${message}`, { errors: [{ path: 'sample', message }] })
}

async function find(env: Env, id: string): Promise<SourceRow> {
  const source = await findSource(env, id)
  if (source === null) throw notFound('source')
  return source
}

async function view(env: Env, source: SourceRow, role: Role) {
  const last = (await latestRuns(env, [source.id])).get(source.id)
  const view = last === undefined ? null : await runView(env, last)
  return sourceView(source, view, await heldRun(env, source.id), Date.now(), await readableSecrets(env, source), role)
}
