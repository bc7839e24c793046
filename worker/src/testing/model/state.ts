import type { RunCounts } from '../../core/counts.ts'
import type { HoldReason, Limits } from '../../core/limits.ts'
import type { RunStatus } from '../../store/runs.ts'
import type { ModelChange } from './plan.ts'
import type { Roll } from './roll.ts'

export interface ModelSettings {
  enabled: boolean
  removal: 'remove' | 'keep'
  covers: 'own' | 'directory'
  limits: Limits
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
  /** The optional columns of the last file that was applied; null before the first. */
  columns: readonly string[] | null
  /** It changes with every change to the contacts of the source. */
  revision: number
}

export interface ModelRun {
  source: ModelSource
  trigger: 'manual' | 'api' | 'schedule' | 'undo'
  mode: 'apply' | 'preview'
  status: RunStatus
  roll: Roll
  settings: string
  counts: RunCounts | null
  reasons: Pick<HoldReason, 'limit' | 'count' | 'of'>[]
  changes: ModelChange[]
  /** How many of the changes have been applied. */
  made: number
  groups: ReadonlyMap<string, string>
  current: string
  undoes: ModelRun | null
  undoneBy: ModelRun | null
  /** The baseline of the source when the run began to apply. */
  before: Pick<ModelSource, 'baseline' | 'undone'> | null
}
