import type { RunCounts } from '../../core/counts.ts'
import type { Limits } from '../../core/limits.ts'
import type { RunStatus } from '../../store/runs.ts'
import type { ModelReason } from './judging.ts'
import type { ModelChange } from './plan.ts'
import type { Roll } from './roll.ts'
import type { Waiting } from './waiting.ts'

export interface ModelSettings {
  enabled: boolean
  removal: 'remove' | 'keep'
  covers: 'own' | 'directory'
  limits: Limits
  hold: 'part' | 'whole'
}

/** The bytes and settings of the last run that was applied, rejected or undone. */
export interface Baseline {
  bytes: string
  settings: string
  run: ModelRun
  outcome: 'applied' | 'rejected' | 'undone'
}

export interface ModelSource {
  id: string
  settings: ModelSettings
  remote: Roll
  baseline: Baseline | null
  /** The bytes whose import a person undid, until another decision follows. */
  undone: string | null
  /** The optional columns of the last file whose rows are remembered. */
  columns: readonly string[]
  /** Whether an import has ever been applied, in whole or in part. */
  imported: boolean
  /** What identifies the changes that a person rejected last. */
  rejected: string | null
  /** It changes with every change to the contacts of the source. */
  revision: number
  /** How many days have passed for the limit on removals: they stand still while removals wait. */
  days: number
}

export interface ModelRun {
  source: ModelSource
  trigger: 'manual' | 'api' | 'schedule' | 'undo'
  mode: 'apply' | 'preview'
  status: RunStatus
  roll: Roll
  settings: string
  counts: RunCounts | null
  reasons: ModelReason[]
  /** The changes that are applied, in this order: at first those that do not wait, then those that were approved. */
  changes: ModelChange[]
  /** The changes that wait, or were rejected. */
  waiting: Waiting[]
  /** How the waiting changes are known already. */
  repeats: 'held' | 'rejected' | null
  /** Whether a person has approved, so that nothing waits any more. */
  approved: boolean
  /** Whether its whole plan changes manual contacts. */
  manual: boolean
  /** Whether its whole plan makes a contact somebody else. Then the next run plans even the same bytes. */
  others: boolean
  /** How many of the changes have been applied. */
  made: number
  groups: ReadonlyMap<string, string>
  /** The revisions of the source and of the manual contacts that the plan was made on, with the run’s own changes since. */
  revisions: { source: number; manual: number }
  undoes: ModelRun | null
  undoneBy: ModelRun | null
  replacedBy: ModelRun | null
  /** The baseline of the source when the run began to apply. */
  before: Pick<ModelSource, 'baseline' | 'undone'> | null
}
