import { DatabaseSync } from 'node:sqlite'

/** An account of the stand-in. Only what a deploy looks at and changes is kept. */
export interface Account {
  id: string
  name: string
  zones: { id: string; name: string; status: string }[]
  databases: StoredDatabase[]
  buckets: { name: string; jurisdiction: string; files?: number }[]
  queues: StoredQueue[]
  workers: Map<string, StoredWorker>
  /** Applications of containers, by name. */
  containers: { id: string; name: string; configuration: { image: string } }[]
  projects: Map<string, StoredProject>
  /** DNS records by zone. */
  records: Map<string, { id: string; type: string; name: string; content: string; proxied?: boolean }[]>
  /** The domains of Email Service, by zone. */
  senders: Map<string, { tag: string; name: string; enabled: boolean }[]>
  mails: unknown[]
}

interface StoredDatabase {
  uuid: string
  name: string
  jurisdiction: string | null
  region: string
  /** A real SQLite, so that the real migrations are applied. */
  sqlite: DatabaseSync
  /** What Time Travel restores. The stand-in has one earlier state, for every time. */
  past?: DatabaseSync
}

interface StoredQueue {
  queue_id: string
  queue_name: string
  consumers: { consumer_id: string; [setting: string]: unknown }[]
}

export interface Binding {
  type: string
  name: string
  [setting: string]: unknown
}

export interface StoredWorker {
  bindings: Binding[]
  schedules: string[]
  migrationTag: string | null
  subdomain: { enabled: boolean; previews_enabled: boolean }
  /** Oldest first. */
  versions: { id: string; created: string }[]
  deployments: { id: string; created_on: string; version: string }[]
}

export interface StoredProject {
  name: string
  subdomain: string
  production_branch: string
  domains: { name: string; status: string }[]
  /** Oldest first. */
  deployments: { id: string; created_on: string; branch: string }[]
  canonical: string | null
}

/** Numbers for IDs and times: each is used once, so that two runs give the same golden file. */
export class Counter {
  #next = 1

  hex(): string {
    return (this.#next++).toString(16).padStart(32, '0')
  }

  uuid(): string {
    return `00000000-0000-4000-8000-${(this.#next++).toString(16).padStart(12, '0')}`
  }

  time(): string {
    return new Date(Date.UTC(2026, 10, 1) + this.#next++ * 1000).toISOString()
  }
}

/** Returns an account that has the domain example.org and nothing else. */
export function emptyAccount(): Account {
  return {
    id: 'a'.repeat(32),
    name: 'Example',
    zones: [{ id: 'e'.repeat(32), name: 'example.org', status: 'active' }],
    databases: [],
    buckets: [],
    queues: [],
    workers: new Map(),
    containers: [],
    projects: new Map(),
    records: new Map(),
    senders: new Map(),
    mails: [],
  }
}

/** Makes a database in the account. */
export function addDatabase(
  account: Account,
  counter: Counter,
  name: string,
  jurisdiction: string | null,
): StoredDatabase {
  const region = jurisdiction === 'eu' ? 'EEUR' : 'WEUR'
  const database = { uuid: counter.uuid(), name, jurisdiction, region, sqlite: new DatabaseSync(':memory:') }
  account.databases.push(database)
  return database
}

/** Returns a Worker that was never deployed. */
export function newWorker(): StoredWorker {
  return {
    bindings: [],
    schedules: [],
    migrationTag: null,
    subdomain: { enabled: false, previews_enabled: false },
    versions: [],
    deployments: [],
  }
}

/** Gives the Worker another version, which serves at once. */
export function addVersion(worker: StoredWorker, counter: Counter): string {
  const id = counter.uuid()
  worker.versions.push({ id, created: counter.time() })
  worker.deployments.push({ id: counter.uuid(), created_on: counter.time(), version: id })
  return id
}

/** Lets the DNS records be seen: the pages' domain becomes active, and the sender's can send. */
export function dnsComes(account: Account): void {
  for (const project of account.projects.values()) for (const domain of project.domains) domain.status = 'active'
  for (const senders of account.senders.values()) for (const sender of senders) sender.enabled = true
}
