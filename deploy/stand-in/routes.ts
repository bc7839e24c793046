import { unstable_splitSqlQuery as splitSql } from 'wrangler'
import {
  type Account,
  addDatabase,
  addVersion,
  type Binding,
  type Counter,
  newWorker,
  type StoredProject,
} from './account.ts'

/** A request to the stand-in, with its body read. */
export interface Asked {
  account: Account
  counter: Counter
  /** What the pattern of the route found in the path. */
  params: Record<string, string>
  query: URLSearchParams
  headers: Headers
  /** The JSON of the body, or the fields of a form. */
  // biome-ignore lint/suspicious/noExplicitAny: each route knows its own body, and a wrong one fails the test that sent it.
  body: any
}

/** An answer that is a refusal, with Cloudflare's code. */
export class Refusal extends Error {
  readonly status: number
  readonly code: number

  constructor(status: number, code: number, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

type Route = (asked: Asked) => unknown

function found<T>(value: T | undefined, code: number, message: string): T {
  if (value === undefined) throw new Refusal(404, code, message)
  return value
}

const workerOf = ({ account, params }: Asked) =>
  found(account.workers.get(params.worker ?? ''), 10007, 'This Worker does not exist on your account.')
const projectOf = ({ account, params }: Asked) =>
  found(account.projects.get(params.project ?? ''), 8000007, 'Project not found.')
const queueOf = ({ account, params }: Asked) =>
  found(
    account.queues.find((queue) => queue.queue_id === params.queue),
    11000,
    'Queue not found.',
  )
const databaseOf = ({ account, params }: Asked) =>
  found(
    account.databases.find(({ uuid }) => uuid === params.database),
    7404,
    'The database could not be found.',
  )

const A = '/accounts/:account'
const WORKER = `${A}/workers/scripts/:worker`
const PROJECT = `${A}/pages/projects/:project`

/**
 * What the stand-in answers. Each route is documented at https://developers.cloudflare.com/api/ or is one that wrangler calls. An
 * answer has the fields that wrangler and the deploy read.
 */
export const ROUTES: Record<string, Route> = {
  'GET /accounts': ({ account }) => [{ id: account.id, name: account.name }],
  [`GET ${A}`]: ({ account }) => ({ id: account.id, name: account.name }),
  'GET /memberships': ({ account }) => [{ id: account.id, account: { id: account.id, name: account.name } }],
  'GET /user': () => ({ email: 'operator@example.org' }),

  'GET /zones': ({ account, query }) => account.zones.filter(({ name }) => name === query.get('name')),
  'GET /zones/:zone/dns_records': ({ account, params, query }) =>
    (account.records.get(params.zone ?? '') ?? []).filter(({ name }) => name === query.get('name')),
  'POST /zones/:zone/dns_records': ({ account, counter, params, body }) => {
    const record = { id: counter.hex(), ...body }
    account.records.set(params.zone ?? '', [...(account.records.get(params.zone ?? '') ?? []), record])
    return record
  },
  'DELETE /zones/:zone/dns_records/:record': ({ account, params }) => {
    const records = account.records.get(params.zone ?? '') ?? []
    account.records.set(
      params.zone ?? '',
      records.filter(({ id }) => id !== params.record),
    )
    return null
  },

  [`GET ${A}/d1/database`]: ({ account, query }) =>
    account.databases.filter(({ name }) => name.startsWith(query.get('name') ?? '')).map(databaseInfo),
  [`POST ${A}/d1/database`]: ({ account, counter, body }) => {
    if (account.databases.some(({ name }) => name === body.name)) {
      throw new Refusal(400, 7502, 'A database with that name already exists.')
    }
    return databaseInfo(addDatabase(account, counter, body.name, body.jurisdiction ?? null))
  },
  [`GET ${A}/d1/database/:database`]: (asked) => databaseInfo(databaseOf(asked)),
  [`DELETE ${A}/d1/database/:database`]: (asked) => {
    const { uuid } = databaseOf(asked)
    asked.account.databases = asked.account.databases.filter((database) => database.uuid !== uuid)
    return null
  },
  [`POST ${A}/d1/database/:database/query`]: (asked) => {
    const { sqlite } = databaseOf(asked)
    try {
      return splitSql(asked.body.sql).map((sql) => {
        const results = sqlite.prepare(sql).all(...(asked.body.params ?? []))
        return { success: true, results, meta: { duration: 0, changes: 0, rows_read: 0, rows_written: 0 } }
      })
    } catch (error) {
      throw new Refusal(400, 7500, error instanceof Error ? error.message : String(error))
    }
  },

  [`POST ${A}/d1/database/:database/time_travel/restore`]: (asked) => {
    const database = databaseOf(asked)
    if (Number.isNaN(Date.parse(asked.query.get('timestamp') ?? ''))) throw new Refusal(400, 7400, 'Invalid timestamp')
    database.sqlite = found(database.past, 7404, 'There is no such state.')
    return { bookmark: '00000001-00000000', previous_bookmark: '00000002-00000000', message: 'Restored.' }
  },

  [`GET ${A}/r2/buckets/:bucket`]: ({ account, params, headers }) => {
    const jurisdiction = headers.get('cf-r2-jurisdiction') ?? 'default'
    const bucket = account.buckets.find((one) => one.name === params.bucket && one.jurisdiction === jurisdiction)
    return found(bucket, 10006, 'The specified bucket does not exist.')
  },
  [`POST ${A}/r2/buckets`]: ({ account, headers, body }) => {
    account.buckets.push({ name: body.name, jurisdiction: headers.get('cf-r2-jurisdiction') ?? 'default' })
    return {}
  },

  [`DELETE ${A}/r2/buckets/:bucket`]: ({ account, params }) => {
    if (account.buckets.some(({ name, files = 0 }) => name === params.bucket && files > 0)) {
      throw new Refusal(409, 10008, 'The bucket you tried to delete is not empty.')
    }
    account.buckets = account.buckets.filter(({ name }) => name !== params.bucket)
    return {}
  },

  [`GET ${A}/queues`]: ({ account, query }) => {
    const names = query.getAll('name')
    return account.queues.filter(({ queue_name: name }) => names.length === 0 || names.includes(name))
  },
  [`POST ${A}/queues`]: ({ account, counter, body }) => {
    const queue = { queue_id: counter.hex(), queue_name: body.queue_name, consumers: [] }
    account.queues.push(queue)
    return queue
  },
  [`GET ${A}/queues/:queue`]: queueOf,
  [`DELETE ${A}/queues/:queue`]: (asked) => {
    const { queue_id: id, consumers } = queueOf(asked)
    if (consumers.length > 0) throw new Refusal(400, 11005, 'The queue has a consumer.')
    asked.account.queues = asked.account.queues.filter((queue) => queue.queue_id !== id)
    return null
  },
  [`POST ${A}/queues/:queue/messages`]: () => ({}),
  [`POST ${A}/queues/:queue/consumers`]: (asked) => {
    const consumer = { consumer_id: asked.counter.hex(), script: asked.body.script_name, ...asked.body }
    queueOf(asked).consumers.push(consumer)
    return consumer
  },
  [`PUT ${A}/queues/:queue/consumers/:consumer`]: ({ body }) => body,

  [`GET ${A}/workers/services/:worker`]: (asked) => {
    const { migrationTag } = workerOf(asked)
    const script = { tag: 'tag', tags: null, last_deployed_from: 'wrangler', migration_tag: migrationTag }
    return { id: asked.params.worker, default_environment: { environment: 'production', script } }
  },
  [`GET ${A}/workers/scripts`]: ({ account }) =>
    [...account.workers].map(([id, { migrationTag }]) => ({ id, migration_tag: migrationTag })),
  [`DELETE ${WORKER}`]: ({ account, params }) => {
    account.workers.delete(params.worker ?? '')
    for (const queue of account.queues) {
      queue.consumers = queue.consumers.filter(({ script }) => script !== params.worker)
    }
    return null
  },
  [`GET ${WORKER}/settings`]: (asked) => ({ bindings: workerOf(asked).bindings }),
  [`GET ${WORKER}/secrets`]: (asked) => workerOf(asked).bindings.filter(({ type }) => type === 'secret_text'),
  [`PUT ${WORKER}/secrets`]: (asked) => {
    const worker = workerOf(asked)
    const others = worker.bindings.filter(({ name }) => name !== asked.body.name)
    worker.bindings = [...others, { type: 'secret_text', name: asked.body.name }]
    addVersion(worker, asked.counter)
    return { name: asked.body.name, type: 'secret_text' }
  },
  [`DELETE ${WORKER}/secrets/:secret`]: (asked) => {
    const worker = workerOf(asked)
    worker.bindings = worker.bindings.filter(({ name }) => name !== asked.params.secret)
    addVersion(worker, asked.counter)
    return null
  },
  [`PUT ${WORKER}`]: (asked) => {
    const { account, params, body } = asked
    const worker = account.workers.get(params.worker ?? '') ?? newWorker()
    account.workers.set(params.worker ?? '', worker)
    worker.migrationTag = body.metadata.migrations?.new_tag ?? worker.migrationTag
    return { id: params.worker, deployment_id: upload(asked, worker, body.metadata.bindings), startup_time_ms: 12 }
  },
  [`POST ${WORKER}/versions`]: (asked) => {
    const id = upload(asked, workerOf(asked), asked.body.metadata.bindings)
    return { id, startup_time_ms: 12, resources: { script: { etag: 'etag' }, bindings: workerOf(asked).bindings } }
  },
  [`GET ${WORKER}/versions/:version`]: (asked) => ({
    id: asked.params.version,
    number: 1,
    metadata: { created_on: '2026-11-01T00:00:00Z', source: 'wrangler', author_email: 'operator@example.org' },
    annotations: {},
    resources: { bindings: workerOf(asked).bindings, script: { etag: 'etag' }, script_runtime: {} },
  }),
  [`GET ${WORKER}/deployments`]: (asked) => ({
    deployments: [...workerOf(asked).deployments].reverse().map(({ id, created_on, version }) => ({
      ...{ id, created_on, source: 'wrangler', strategy: 'percentage', author_email: 'operator@example.org' },
      versions: [{ version_id: version, percentage: 100 }],
    })),
  }),
  [`POST ${WORKER}/deployments`]: (asked) => {
    const version = asked.body.versions[0].version_id
    workerOf(asked).deployments.push({ id: asked.counter.uuid(), created_on: asked.counter.time(), version })
    return { id: version }
  },
  [`PATCH ${WORKER}/script-settings`]: ({ body }) => body,
  [`GET ${A}/workers/workers/:worker`]: (asked) => ({
    name: asked.params.worker,
    subdomain: workerOf(asked).subdomain,
  }),
  [`GET ${WORKER}/subdomain`]: (asked) => workerOf(asked).subdomain,
  [`POST ${WORKER}/subdomain`]: (asked) => {
    workerOf(asked).subdomain = asked.body
    return asked.body
  },
  [`PUT ${WORKER}/schedules`]: (asked) => {
    workerOf(asked).schedules = asked.body.map(({ cron }: { cron: string }) => cron)
    return { schedules: asked.body }
  },
  [`GET ${A}/workers/subdomain`]: () => {
    throw new Refusal(404, 10007, 'You do not have a workers.dev subdomain.')
  },

  [`GET ${A}/containers/applications`]: ({ account, query }) =>
    account.containers.filter(({ name }) => query.get('name') === null || query.get('name') === name),
  [`POST ${A}/containers/applications`]: ({ account, counter, body }) => {
    const application = { id: counter.uuid(), ...body }
    account.containers.push(application)
    return application
  },
  [`DELETE ${A}/containers/applications/:application`]: ({ account, params }) => {
    account.containers = account.containers.filter(({ id }) => id !== params.application)
    return null
  },

  [`GET ${A}/pages/projects`]: ({ account }) => [...account.projects.values()].map(projectInfo),
  [`POST ${A}/pages/projects`]: ({ account, body }) => {
    const project = {
      ...{ name: body.name, subdomain: `${body.name}.pages.dev`, production_branch: body.production_branch },
      ...{ domains: [], deployments: [], canonical: null },
    }
    account.projects.set(body.name, project)
    return projectInfo(project)
  },
  [`GET ${PROJECT}`]: (asked) => projectInfo(projectOf(asked)),
  [`GET ${PROJECT}/domains`]: (asked) => projectOf(asked).domains,
  [`POST ${PROJECT}/domains`]: (asked) => {
    const domain = { name: asked.body.name, status: 'initializing' }
    projectOf(asked).domains.push(domain)
    return domain
  },
  [`DELETE ${PROJECT}/domains/:domain`]: (asked) => {
    const project = projectOf(asked)
    project.domains = project.domains.filter(({ name }) => name !== asked.params.domain)
    return null
  },
  [`DELETE ${PROJECT}`]: (asked) => {
    if (projectOf(asked).domains.length > 0) throw new Refusal(400, 8000028, 'Remove the custom domains first.')
    asked.account.projects.delete(asked.params.project ?? '')
    return null
  },
  [`GET ${PROJECT}/upload-token`]: () => ({ jwt: uploadToken() }),
  'POST /pages/assets/check-missing': ({ body }) => body.hashes,
  'POST /pages/assets/upload': () => null,
  'POST /pages/assets/upsert-hashes': () => null,
  [`POST ${PROJECT}/deployments`]: (asked) => {
    const project = projectOf(asked)
    const deployment = { id: asked.counter.uuid(), created_on: asked.counter.time(), branch: asked.body.branch }
    project.deployments.push(deployment)
    if (deployment.branch === project.production_branch) project.canonical = deployment.id
    return { ...deployment, url: `https://${deployment.id.slice(-8)}.${project.subdomain}`, latest_stage: DEPLOYED }
  },
  [`GET ${PROJECT}/deployments`]: (asked) =>
    [...projectOf(asked).deployments].reverse().map((deployment) => ({ ...deployment, latest_stage: DEPLOYED })),
  [`GET ${PROJECT}/deployments/:deployment`]: ({ params }) => ({ id: params.deployment, latest_stage: DEPLOYED }),
  [`POST ${PROJECT}/deployments/:deployment/rollback`]: (asked) => {
    projectOf(asked).canonical = asked.params.deployment ?? null
    return { id: asked.params.deployment }
  },

  'GET /zones/:zone/email/sending/subdomains': ({ account, params }) => account.senders.get(params.zone ?? '') ?? [],
  'POST /zones/:zone/email/sending/subdomains': ({ account, counter, params, body }) => {
    const sender = { tag: counter.hex(), name: body.name, enabled: false }
    account.senders.set(params.zone ?? '', [...(account.senders.get(params.zone ?? '') ?? []), sender])
    return sender
  },
  [`POST ${A}/email/sending/send`]: ({ account, body }) => {
    account.mails.push(body)
    return { delivered: [body.to], permanent_bounces: [], queued: [] }
  },
}

/** The namespace of the only Durable Object. */
const NAMESPACE = 'd'.repeat(32)

const DEPLOYED = { name: 'deploy', status: 'success' }

function databaseInfo({ uuid, name, jurisdiction, region }: Account['databases'][number]) {
  return { uuid, name, jurisdiction, running_in_region: region, version: 'production' }
}

function projectInfo(project: StoredProject) {
  const { name, subdomain, production_branch, canonical } = project
  const deployment_configs = { production: {}, preview: {} }
  return {
    ...{ name, subdomain, production_branch, deployment_configs },
    canonical_deployment: canonical && { id: canonical },
  }
}

/** Stores an upload. Secrets that the upload does not name stay, unless it says otherwise (`keep_bindings`). */
function upload({ counter }: Asked, worker: Parameters<typeof addVersion>[0], bindings: Binding[]): string {
  const names = new Set(bindings.map(({ name }) => name))
  const kept = worker.bindings.filter(({ type, name }) => type === 'secret_text' && !names.has(name))
  const inherited = new Set(bindings.filter(({ type }) => type === 'inherit').map(({ name }) => name))
  for (const name of inherited) {
    if (!worker.bindings.some((binding) => binding.name === name)) {
      throw new Refusal(400, 10021, `The binding ${name} was not found on the previous version.`)
    }
  }
  const before = worker.bindings.filter(({ name }) => inherited.has(name))
  const others = bindings.filter(({ type }) => type !== 'inherit')
  worker.bindings = [...kept, ...before, ...others].map((binding) =>
    binding.type === 'durable_object_namespace' ? { namespace_id: NAMESPACE, ...binding } : binding,
  )
  return addVersion(worker, counter)
}

/** Returns a token for uploads of Pages: wrangler reads its expiry and how many files it allows. */
function uploadToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ exp: 4_102_444_800, max_file_count_allowed: 20_000 })}.none`
}
