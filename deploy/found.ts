import * as z from 'zod'
import { type Answers, domainOf } from './answers.ts'
import type { Cloudflare } from './api.ts'
import { placeOf } from './place.ts'
import type { Wanted } from './wanted.ts'

/** What a Cloudflare account has of Muster. Null means that it is not there. */
export interface Found {
  account: { id: string; name: string }
  /** The zone of the pages' domain, and that of the sender's. */
  zone: Zone | null
  senderZone: Zone | null
  database: Database | null
  /** The names of the migrations that the database has. */
  migrations: string[]
  /** Whether the database has sources or users, whose secrets the encryption key opens. */
  hasData: boolean
  hasAdministrator: boolean
  bucket: boolean
  queues: { id: string; name: string }[]
  /** The names of the Worker's secrets, whose values cannot be read, and whether it has a binding for the SFTP bridge. */
  worker: { secrets: string[]; bridge: boolean } | null
  /** The image that the SFTP bridge's container runs. */
  container: { id: string; image: string } | null
  /** The Pages project and its address under pages.dev. */
  project: { subdomain: string } | null
  /** The pages' domain in the Pages project: `active`, or waiting for DNS or a certificate. */
  domain: { status: string } | null
  /** The DNS records at the pages' domain. */
  records: DnsRecord[]
  /** The sender's domain in Email Service. It is enabled once its DNS records are seen. */
  sender: { enabled: boolean } | null
}

const zoneSchema = z.object({ id: z.string(), name: z.string(), status: z.string() })
type Zone = z.infer<typeof zoneSchema>

const databaseSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  jurisdiction: z.string().nullish(),
  running_in_region: z.string().nullish(),
  created_in_region: z.string().nullish(),
})
export interface Database {
  id: string
  jurisdiction: string | null
  /** Where the database is, such as `WEUR`. */
  region: string | null
}

export const recordSchema = z.object({ id: z.string(), type: z.string(), content: z.string() })
type DnsRecord = z.infer<typeof recordSchema>

const applicationSchema = z.object({
  id: z.string(),
  name: z.string(),
  configuration: z.object({ image: z.string() }),
})

export const queueSchema = z.object({ queue_id: z.string(), queue_name: z.string() })

const projectSchema = z.object({ subdomain: z.string() })

/** The permissions that a deploy needs, by the names of https://developers.cloudflare.com/fundamentals/api/reference/permissions/ */
export const RIGHTS = {
  account: 'Account Settings Read',
  zone: 'Zone Read',
  dns: 'DNS Write',
  d1: 'D1 Write',
  r2: 'Workers R2 Storage Write',
  queues: 'Queues Write',
  worker: 'Workers Scripts Write',
  containers: 'Workers Containers Write',
  pages: 'Pages Write',
  email: 'Email Sending Write',
} as const

/** Asks an account what it has of Muster. Changes nothing. Throws `CloudflareError`, or an `Error` if no account is meant. */
export async function look(cloudflare: Cloudflare, wanted: Wanted, answers: Answers): Promise<Found> {
  const account = await accountOf(cloudflare, answers.account)
  const path = `/accounts/${account.id}`
  const zone = await zoneOf(cloudflare, account.id, answers.domain)
  const senderZone = await zoneOf(cloudflare, account.id, domainOf(answers.sender))
  const database = await databaseNamed(cloudflare, path, wanted.database)
  const migrations = database === null ? [] : await migrationsOf(cloudflare, path, database.id)
  const data = database === null || migrations.length === 0 ? null : await contentsOf(cloudflare, path, database.id)
  const worker = await workerNamed(cloudflare, path, wanted.worker)
  const project = await cloudflare.find(`${path}/pages/projects/${wanted.project}`, [8000007], {
    right: RIGHTS.pages,
    result: projectSchema,
  })
  return {
    account,
    zone,
    senderZone,
    database,
    migrations,
    hasData: data !== null && data.rows > 0,
    hasAdministrator: data !== null && data.administrators > 0,
    bucket: await hasBucket(cloudflare, path, wanted.bucket, answers),
    queues: await allQueues(cloudflare, path),
    worker,
    container: worker?.bridge === true ? await containerNamed(cloudflare, path, wanted.container) : null,
    project,
    domain: project === null ? null : await domainIn(cloudflare, path, wanted.project, answers.domain),
    records: zone === null ? [] : await recordsAt(cloudflare, zone.id, answers.domain),
    sender: senderZone === null ? null : await senderIn(cloudflare, senderZone.id, domainOf(answers.sender)),
  }
}

export async function accountOf(cloudflare: Cloudflare, id: string | undefined): Promise<Found['account']> {
  const result = z.object({ id: z.string(), name: z.string() })
  if (id !== undefined) return cloudflare.call('GET', `/accounts/${id}`, { right: RIGHTS.account, result })
  const accounts = await cloudflare.call('GET', '/accounts', { right: RIGHTS.account, result: z.array(result) })
  const [first, ...others] = accounts
  if (first === undefined) throw new Error('The API token sees no account.')
  if (others.length === 0) return first
  const list = accounts.map((account) => `  ${account.id}  ${account.name}`).join('\n')
  throw new Error(`The API token sees several accounts. Name one with --account:\n${list}`)
}

/** Looks for the zone of a name and then of the names above it, as wrangler does. */
async function zoneOf(cloudflare: Cloudflare, account: string, name: string): Promise<Zone | null> {
  const labels = name.split('.')
  for (let start = 0; start <= labels.length - 2; start++) {
    const query = { name: labels.slice(start).join('.'), 'account.id': account }
    const zones = await cloudflare.call('GET', '/zones', { right: RIGHTS.zone, query, result: z.array(zoneSchema) })
    if (zones[0] !== undefined) return zones[0]
  }
  return null
}

/** Returns the database of that name; null if the account has no such database. */
export async function databaseNamed(cloudflare: Cloudflare, path: string, name: string): Promise<Database | null> {
  const right = RIGHTS.d1
  const listed = await cloudflare.call('GET', `${path}/d1/database`, {
    right,
    query: { name },
    result: z.array(databaseSchema),
  })
  // The list has every database whose name begins like that, and does not say where one is.
  const found = listed.find((database) => database.name === name)
  if (found === undefined) return null
  return databaseOf(
    await cloudflare.call('GET', `${path}/d1/database/${found.uuid}`, { right, result: databaseSchema }),
  )
}

function databaseOf(answer: z.infer<typeof databaseSchema>): Database {
  return {
    id: answer.uuid,
    jurisdiction: answer.jurisdiction ?? null,
    region: answer.running_in_region ?? answer.created_in_region ?? null,
  }
}

/** Makes the database. Its place cannot be changed later. */
export async function makeDatabase(cloudflare: Cloudflare, found: Found, name: string, answers: Answers) {
  const { jurisdiction, hint } = placeOf(answers.data)
  const answer = await cloudflare.call('POST', `/accounts/${found.account.id}/d1/database`, {
    right: RIGHTS.d1,
    body: { name, ...(jurisdiction ? { jurisdiction } : {}), ...(hint ? { primary_location_hint: hint } : {}) },
    result: databaseSchema,
  })
  return { ...databaseOf(answer), jurisdiction: answer.jurisdiction ?? jurisdiction ?? null }
}

/** Runs a query in D1 and returns its rows. */
export async function query<T>(
  cloudflare: Cloudflare,
  path: string,
  database: string,
  sql: string,
  row: z.ZodType<T>,
): Promise<T[]> {
  const answer = await cloudflare.call('POST', `${path}/d1/database/${database}/query`, {
    right: RIGHTS.d1,
    body: { sql },
    result: z.array(z.object({ results: z.array(row) })),
  })
  return answer[0]?.results ?? []
}

async function migrationsOf(cloudflare: Cloudflare, path: string, database: string): Promise<string[]> {
  const name = z.object({ name: z.string() })
  const kept = await query(
    cloudflare,
    path,
    database,
    "SELECT name FROM sqlite_schema WHERE name = 'd1_migrations'",
    name,
  )
  if (kept.length === 0) return []
  const rows = await query(cloudflare, path, database, 'SELECT name FROM d1_migrations ORDER BY id', name)
  return rows.map((row) => row.name)
}

async function contentsOf(cloudflare: Cloudflare, path: string, database: string) {
  const sql = `SELECT (SELECT count(*) FROM source) + (SELECT count(*) FROM user) AS rows,
    (SELECT count(*) FROM user WHERE role = 'administrator') AS administrators`
  const [row] = await query(cloudflare, path, database, sql, z.object({ rows: z.number(), administrators: z.number() }))
  return row ?? { rows: 0, administrators: 0 }
}

/** R2 names a bucket's jurisdiction in a header; a bucket of another jurisdiction is not found. */
export function bucketHeaders(answers: Answers): Record<string, string> {
  const { jurisdiction } = placeOf(answers.data)
  return jurisdiction === undefined ? {} : { 'cf-r2-jurisdiction': jurisdiction }
}

async function hasBucket(cloudflare: Cloudflare, path: string, name: string, answers: Answers): Promise<boolean> {
  const bucket = await cloudflare.find(`${path}/r2/buckets/${name}`, [10006], {
    right: RIGHTS.r2,
    headers: bucketHeaders(answers),
    result: z.unknown(),
  })
  return bucket !== null
}

async function allQueues(cloudflare: Cloudflare, path: string): Promise<Found['queues']> {
  const found: Found['queues'] = []
  for (let page = 1; ; page++) {
    const queues = await cloudflare.call('GET', `${path}/queues`, {
      right: RIGHTS.queues,
      query: { page: String(page), per_page: '100' },
      result: z.array(queueSchema),
    })
    found.push(...queues.map(({ queue_id: id, queue_name: name }) => ({ id, name })))
    if (queues.length < 100) return found
  }
}

async function workerNamed(cloudflare: Cloudflare, path: string, name: string): Promise<Found['worker']> {
  const settings = await cloudflare.find(`${path}/workers/scripts/${name}/settings`, [10007], {
    right: RIGHTS.worker,
    result: z.object({ bindings: z.array(z.object({ type: z.string(), name: z.string() })) }),
  })
  if (settings === null) return null
  const { bindings } = settings
  return {
    secrets: bindings.filter(({ type }) => type === 'secret_text').map((binding) => binding.name),
    bridge: bindings.some(({ type }) => type === 'durable_object_namespace'),
  }
}

async function containerNamed(cloudflare: Cloudflare, path: string, name: string): Promise<Found['container']> {
  const applications = await cloudflare.call('GET', `${path}/containers/applications`, {
    right: RIGHTS.containers,
    query: { name },
    result: z.array(applicationSchema),
  })
  const found = applications.find((application) => application.name === name)
  return found === undefined ? null : { id: found.id, image: found.configuration.image }
}

async function domainIn(cloudflare: Cloudflare, path: string, project: string, domain: string) {
  const domains = await cloudflare.call('GET', `${path}/pages/projects/${project}/domains`, {
    right: RIGHTS.pages,
    result: z.array(z.object({ name: z.string(), status: z.string() })),
  })
  return domains.find(({ name }) => name === domain) ?? null
}

function recordsAt(cloudflare: Cloudflare, zone: string, name: string): Promise<DnsRecord[]> {
  return cloudflare.call('GET', `/zones/${zone}/dns_records`, {
    right: RIGHTS.dns,
    query: { name },
    result: z.array(recordSchema),
  })
}

async function senderIn(cloudflare: Cloudflare, zone: string, domain: string): Promise<Found['sender']> {
  const domains = await cloudflare.call('GET', `/zones/${zone}/email/sending/subdomains`, {
    right: RIGHTS.email,
    result: z.array(z.object({ name: z.string(), enabled: z.boolean() })),
  })
  return domains.find(({ name }) => name === domain) ?? null
}
