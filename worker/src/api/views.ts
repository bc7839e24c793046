import type { ConnectionSettings } from '../connections/schema.ts'
import type { ContactDetails, NumberType, Priority, SmsStatus } from '../core/contact.ts'
import type { RunCounts } from '../core/counts.ts'
import type { FailureCode } from '../core/failure.ts'
import type { HoldReason } from '../core/limits.ts'
import type { Problem } from '../core/problem.ts'
import type { SourceSettings } from '../core/source.ts'
import type { Suggestion } from '../core/suggestion.ts'
import type { Role } from '../security/roles.ts'
import type { NotificationKind, RunStatus, Trigger } from '../store/schema.ts'

/** What the API answers, as types the pages share. Times are ISO 8601 UTC. */

export interface Page<T> {
  items: T[]
  next: string | null
}

export interface SessionView {
  email: string | null
  name: string
  role: Role
  /** Whether a source is enabled, so that contacts and groups are read-only here. */
  managedRemotely: boolean
}

/** A connection as it reads back: every secret is null, with `has…` beside it. */
export type ConnectionView = ConnectionSettings & Record<`has${string}`, boolean>

export interface SourceView extends SourceSettings {
  id: string
  name: string
  connection: ConnectionView
  mappingVersion: number
  nextRuns: string[]
  lastRun: RunView | null
  health: 'new' | 'running' | 'ok' | 'undone' | 'problems' | 'held' | 'failing' | 'disabled'
}

export interface RunView {
  id: string
  sourceId: string
  trigger: Trigger
  mode: 'apply' | 'preview'
  fetch: 'all' | 'changes'
  status: RunStatus
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
  progress: { step: RunStatus; done: number; total: number }
  file: { name: string; bytes: number; sha256: string; modifiedAt: string | null } | null
  counts: RunCounts
  plan: { hash: string; undoable: boolean } | null
  hold: { reasons: HoldReason[] } | null
  failure: { code: FailureCode; message: string; advice: string } | null
  undoes: string | null
  undoneBy: string | null
}

/** A contact's attributes as people see them: groups by name, and not by key. */
export type DetailsView = ContactDetails

export interface ChangeView {
  op: 'add' | 'update' | 'remove'
  id: string
  name: string
  before: DetailsView | null
  after: DetailsView | null
  changed: string[]
  rows: number[]
}

export type ProblemView = Problem

export interface HistoryEntry {
  at: string
  op: 'add' | 'update' | 'remove' | 'sms'
  /** The run that made the change, or the person. */
  runId: string | null
  by: string | null
  changed: string[]
}

export interface ContactView extends DetailsView {
  key: string
  sourceId: string | null
  id: string
  sms: { status: SmsStatus; by: string | null; at: string | null; writeBack: 'pending' | 'confirmed' | 'failed' | null }
  updatedAt: string
  history?: HistoryEntry[]
}

export interface GroupView {
  id: string
  name: string
  contacts: number
}

export interface RecipientView {
  key: string
  id: string
  name: string
  number: string | null
  type: NumberType | null
  extension: string | null
  email: string | null
  priority: Priority
}

export interface NotificationView {
  id: string
  runId: string | null
  sourceId: string | null
  kind: NotificationKind
  recipients: string[]
  subject: string
  status: 'pending' | 'sent' | 'failed' | 'not_needed'
  error: string | null
  createdAt: string
  sentAt: string | null
}

/** The outcome of a connection test (api: `POST /api/sources/test`). */
export interface TestView {
  ok: boolean
  code?: FailureCode
  detail?: string
  advice?: string
  file?: { name: string; bytes: number; modifiedAt: string | null }
  hostKey?: string
  columns: { name: string; samples: string[]; suggestion: Suggestion | null }[]
  rows: string[][]
}
