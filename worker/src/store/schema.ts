import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ConnectionSettings } from '../connections/schema.ts'
import type { RunCounts } from '../core/counts.ts'
import type { FailureCode } from '../core/failure.ts'
import type { HoldReason } from '../core/limits.ts'
import type { SourceSettings } from '../core/source.ts'

/** The D1 tables as `migrations/` makes them; what each column means is said there. */

/** The bytes and settings of the last run that a source has settled, and how it was settled. */
export interface Settled {
  run: string
  outcome: 'applied' | 'rejected' | 'undone'
  sha256: string
  settingsHash: string
  validator: { etag: string | null; lastModified: string | null } | null
  counts: RunCounts
  /** The bytes that a person took back, until other changes have been applied or rejected. */
  undone?: string
  /** Whether the bytes were all records or the changed ones; left out: all. */
  fetch?: RunRow['fetch']
}

/** Up to when the changes of a CRM have been taken, in milliseconds since 1970, and under which settings. */
export interface Mark {
  at: number
  settingsHash: string
  /** When the last run that fetched everything began; null where only changes have been asked for. */
  fullAt: number | null
}

/** A file of fingerprints in R2: which run made it, on which settings, and up to which change it knows of every contact. */
export interface FingerprintFile {
  file: string
  run: string
  settingsHash: string
  seq: number
  /** The key of the first contact that run added. */
  firstKey: number
  /** What its file had columns for. */
  targets: string[]
}

export const sources = sqliteTable('source', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  enabled: integer('enabled', { mode: 'boolean' }).notNull(),
  /** Without its secrets. */
  connection: text('connection', { mode: 'json' }).$type<ConnectionSettings>().notNull(),
  /** Encrypted JSON of the connection's secret fields. */
  secrets: text('secrets'),
  webhook: text('webhook'),
  settings: text('settings', { mode: 'json' }).$type<SourceSettings>().notNull(),
  settingsHash: text('settings_hash').notNull(),
  mappingVersion: integer('mapping_version').notNull(),
  revision: integer('revision').notNull(),
  scheduleSince: integer('schedule_since').notNull(),
  settled: text('settled', { mode: 'json' }).$type<Settled>(),
  fingerprints: text('fingerprints', { mode: 'json' }).$type<FingerprintFile>(),
  firstAppliedAt: integer('first_applied_at'),
  failing: text('failing').$type<FailureCode>(),
  mark: text('mark', { mode: 'json' }).$type<Mark>(),
  fileSha256: text('file_sha256'),
  fileChangedAt: integer('file_changed_at'),
  freshSince: integer('fresh_since').notNull(),
  lateAt: integer('late_at'),
  createdAt: integer('created_at').notNull(),
})
export type SourceRow = typeof sources.$inferSelect

export const TRIGGERS = ['schedule', 'manual', 'webhook', 'api', 'undo'] as const
export type Trigger = (typeof TRIGGERS)[number]

export const ACTIVE_STATUSES = ['queued', 'fetching', 'planning', 'applying'] as const
export const RUN_STATUSES = [
  ...ACTIVE_STATUSES,
  'held',
  'succeeded',
  'unchanged',
  'previewed',
  'failed',
  'rejected',
  'replaced',
  'cancelled',
] as const
export type RunStatus = (typeof RUN_STATUSES)[number]

/** The bytes a run fetched, in R2. */
export interface Snapshot {
  file: string
  name: string
  bytes: number
  sha256: string
  /** The SHA-256 of each of its objects; the first snapshots had none. */
  pieces?: string[]
  modifiedAt: string | null
  validator: { etag: string | null; lastModified: string | null } | null
  version?: string
}

/** A plan in R2: its sections in the order they are applied, and what it was made on. */
export interface PlanManifest {
  hash: string
  sections: { file: string; bytes: number; changes: number; optOuts?: true }[]
  /** Names of groups the plan brings, by group key. */
  newGroups: Record<string, string>
  changes: number
  /** How many keys the plan's new contacts need; they are reserved when applying begins, from `fingerprints.firstKey`. */
  newContacts: number
  sourceRevision: number
  handRevision: number
  /** Whether it changes contacts made by hand, or makes some. */
  hand: boolean
  /** Null for a plan that is not made from rows. */
  fingerprints: FingerprintFile | null
  /** What its source had settled when it began to be applied. */
  settledBefore?: Settled | null
}

/** What a person decided about a run. `at`: milliseconds since 1970. */
export interface RunDecision {
  what: 'approved' | 'rejected' | 'cancelled'
  by: string
  at: number
}

/** A run's problems and reports in R2. */
export interface ProblemFiles {
  file: string
  bytes: number
  header: string[]
  rows: number
  xlsx: string | null
  csv: string | null
}

export const runs = sqliteTable('run', {
  id: text('id').primaryKey(),
  source: text('source').notNull(),
  trigger: text('trigger').$type<Trigger>().notNull(),
  mode: text('mode').$type<'apply' | 'preview'>().notNull(),
  fetch: text('fetch').$type<'all' | 'changes'>().notNull(),
  status: text('status').$type<RunStatus>().notNull(),
  remembered: integer('remembered', { mode: 'boolean' }).notNull().default(false),
  requestedBy: text('requested_by'),
  createdAt: integer('created_at').notNull(),
  startedAt: integer('started_at'),
  finishedAt: integer('finished_at'),
  staleAt: integer('stale_at').notNull(),
  attempt: integer('attempt').notNull().default(0),
  done: integer('done').notNull().default(0),
  total: integer('total').notNull().default(0),
  position: integer('position').notNull().default(0),
  settingsHash: text('settings_hash'),
  snapshot: text('snapshot', { mode: 'json' }).$type<Snapshot>(),
  counts: text('counts', { mode: 'json' }).$type<RunCounts>(),
  plan: text('plan', { mode: 'json' }).$type<PlanManifest>(),
  problems: text('problems', { mode: 'json' }).$type<ProblemFiles>(),
  hold: text('hold', { mode: 'json' }).$type<{ reasons: HoldReason[] }>(),
  afterImport: text('after_import').$type<'pending' | 'done' | 'failed'>(),
  failure: text('failure', { mode: 'json' }).$type<{ code: FailureCode; message: string; advice: string }>(),
  undoes: text('undoes'),
  undoneBy: text('undone_by'),
  mark: text('mark', { mode: 'json' }).$type<{ before: Mark | null; after: Mark }>(),
  expiredAt: integer('expired_at'),
  decision: text('decision', { mode: 'json' }).$type<RunDecision>(),
})
export type RunRow = typeof runs.$inferSelect
