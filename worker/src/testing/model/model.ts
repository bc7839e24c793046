import type { RunStatus } from '../../store/runs.ts'
import { ModelDirectory } from './directory.ts'
import { type ModelChange, planOf, reasonsOf } from './plan.ts'
import { textOf } from './roll.ts'
import type { Baseline, ModelRun, ModelSettings, ModelSource } from './state.ts'
import { inverseOf } from './undoing.ts'

const ACTIVE: readonly RunStatus[] = ['queued', 'fetching', 'planning', 'applying']
const OPTIONAL = ['Title', 'Email Address'] as const

/**
 * Muster as design.md describes it, written to be obvious instead of fast. It is in memory, and each step of a run is
 * one call. The rest of it is in `directory.ts`, `plan.ts` and `undoing.ts`.
 */
export class Model {
  readonly directory = new ModelDirectory()
  readonly sources: ModelSource[] = []
  readonly runs: ModelRun[] = []

  get managedRemotely(): boolean {
    return this.sources.some((source) => source.settings.enabled)
  }

  active(source: ModelSource): ModelRun | undefined {
    return this.runs.find((run) => run.source === source && ACTIVE.includes(run.status))
  }

  held(source: ModelSource): ModelRun | undefined {
    return this.runs.find((run) => run.source === source && run.status === 'held')
  }

  /** Returns whether a run is writing contacts. Manual changes are refused at that time. */
  get applying(): boolean {
    return this.runs.some((run) => run.status === 'applying')
  }

  start(source: ModelSource, trigger: ModelRun['trigger'], mode: ModelRun['mode'], undoes: ModelRun | null = null) {
    const run: ModelRun = {
      source,
      trigger,
      mode,
      status: 'queued',
      roll: source.remote,
      settings: '',
      counts: null,
      reasons: [],
      changes: [],
      made: 0,
      groups: new Map(),
      current: '',
      undoes,
      undoneBy: null,
      before: null,
    }
    this.runs.push(run)
    return run
  }

  /** Advances a run by one step. */
  advance(run: ModelRun): void {
    if (run.status === 'queued') run.status = run.undoes === null ? this.#fetch(run) : this.#planUndo(run, run.undoes)
    else if (run.status === 'planning')
      run.status = run.undoes === null ? this.#plan(run) : this.#planUndo(run, run.undoes)
    else if (run.status === 'applying') this.#apply(run, run.changes.length)
  }

  #fetch(run: ModelRun): RunStatus {
    const { source } = run
    if (!source.settings.enabled && run.mode === 'apply') return 'cancelled'
    run.roll = source.remote
    run.settings = settingsOf(source)
    if ('broken' in run.roll && run.roll.broken !== 'headless') return 'failed'
    const { baseline } = source
    const asked = run.trigger === 'manual'
    const found = { bytes: textOf(run.roll), settings: run.settings }
    if (run.mode === 'preview') return 'planning'
    if (baseline !== null && agrees(baseline, found) && (baseline.outcome === 'applied' || !asked)) return 'unchanged'
    const held = this.held(source)
    const waits = held !== undefined && agrees({ bytes: textOf(held.roll), settings: held.settings }, found)
    return waits && !asked ? 'unchanged' : 'planning'
  }

  #plan(run: ModelRun): RunStatus {
    const { source, roll } = run
    if (!source.settings.enabled && run.mode === 'apply') return 'cancelled'
    if ('broken' in roll || roll.people.length === 0) return 'failed'
    const plan = planOf(this.directory, { ...source.settings, id: source.id, columns: source.columns ?? [] }, roll)
    const reasons: ModelRun['reasons'] = reasonsOf(
      this.directory,
      plan,
      source.settings.limits,
      source.columns === null,
    )
    const { changes, counts, groups } = plan
    const count = changes.length
    if (source.undone !== null && count > 0 && (run.trigger !== 'manual' || source.undone !== textOf(roll)))
      reasons.push({ limit: 'afterUndo', count, of: count })
    if (run.mode === 'apply' && reasons.length === 0 && this.#mustWait(changes)) return 'planning'
    Object.assign(run, {
      changes,
      counts,
      groups,
      reasons,
      settings: settingsOf(source),
      current: this.#current(source),
    })
    if (run.mode === 'preview') return 'previewed'
    this.#replaceHeld(run)
    if (reasons.length > 0) return 'held'
    this.#begin(run)
    return 'applying'
  }

  #planUndo(run: ModelRun, undone: ModelRun): RunStatus {
    const { changes, left } = inverseOf(this.directory, run.source.id, undone.changes.slice(0, undone.made))
    if (this.#mustWait(changes)) return 'planning'
    const count = (op: ModelChange['op']) => changes.filter((change) => change.op === op).length
    run.changes = changes
    run.counts = {
      rows: 0,
      leftOut: 0,
      matched: undone.made,
      added: count('add'),
      updated: count('update'),
      unchanged: 0,
      removed: count('remove'),
      contactsWithErrors: 0,
      errors: 0,
      warnings: left,
    }
    run.groups = new Map(changes.flatMap(({ after }) => (after?.groups ?? []).map((key) => [key, key] as const)))
    this.#replaceHeld(run)
    this.#begin(run)
    return 'applying'
  }

  /** Two sources may want the same manual contact. The plan of one is then made only after the other is applied. */
  #mustWait(changes: readonly ModelChange[]): boolean {
    const others = this.runs.filter((other) => other.status === 'applying')
    return touchesManual(changes) && others.some((other) => touchesManual(other.changes))
  }

  #replaceHeld(run: ModelRun): void {
    const held = this.held(run.source)
    if (held !== undefined) held.status = 'replaced'
  }

  #begin(run: ModelRun): void {
    const { source } = run
    run.before = { baseline: source.baseline, undone: source.undone }
    if (run.changes.length > 0) Object.assign(source, { baseline: null, undone: null })
    this.directory.makeGroups(run.groups)
  }

  /** Applies the first `count` changes of a run and ends it. */
  #apply(run: ModelRun, count: number): void {
    const { undoes } = run
    this.#make(run, count)
    run.status = 'succeeded'
    if (undoes === null) this.#setBaseline(run)
    else this.#setBaselineOfUndo(run, undoes)
  }

  #setBaseline(run: ModelRun): void {
    const { source, roll, settings } = run
    source.columns = OPTIONAL.filter((name) => !('without' in roll && roll.without.includes(name)))
    source.baseline = { bytes: textOf(roll), settings, run, outcome: 'applied' }
  }

  /** Fails a run that crashed after it had applied the first `count` changes. */
  die(run: ModelRun, count: number): void {
    this.#make(run, count)
    run.status = 'failed'
  }

  #make(run: ModelRun, count: number): void {
    run.made = count
    if (count > 0) run.source.revision++
    if (count > 0 && touchesManual(run.changes)) this.directory.hand++
    this.directory.apply(run.changes.slice(0, count))
  }

  #setBaselineOfUndo(run: ModelRun, undone: ModelRun): void {
    const { source } = run
    undone.undoneBy = run
    if (undone.undoes === null) {
      const bytes = textOf(undone.roll)
      source.baseline = { bytes, settings: undone.settings, run: undone, outcome: 'undone' }
      source.undone = bytes
      return
    }
    undone.undoes.undoneBy = null
    // Undoing an undo restores the baseline from before it, if no other decision has followed.
    const original = undone.undoes
    const { baseline, undone: bytes } = run.before ?? {}
    const still = baseline?.run === original && baseline.outcome === 'undone'
    if (still) Object.assign(source, undone.before)
    else Object.assign(source, { baseline: null, undone: bytes === textOf(original.roll) ? null : (bytes ?? null) })
  }

  approve(run: ModelRun, hashIsRight: boolean): 'done' | string {
    if (run.status !== 'held') return 'not_held'
    if (!hashIsRight) return 'plan_stale'
    if (!run.source.settings.enabled) return 'source_disabled'
    if (run.current !== this.#current(run.source) || run.settings !== settingsOf(run.source)) return 'plan_stale'
    if (this.active(run.source) !== undefined) return 'run_active'
    if (this.#mustWait(run.changes)) return 'plan_stale'
    this.#begin(run)
    run.status = 'applying'
    return 'done'
  }

  reject(run: ModelRun): 'done' | string {
    if (run.status !== 'held') return 'not_held'
    run.status = 'rejected'
    run.source.baseline = { bytes: textOf(run.roll), settings: run.settings, run, outcome: 'rejected' }
    run.source.undone = null
    return 'done'
  }

  cancel(run: ModelRun): 'done' | string {
    if (run.status === 'applying') return 'already_applying'
    if (!['queued', 'planning', 'held'].includes(run.status)) return 'already_over'
    run.status = 'cancelled'
    return 'done'
  }

  undoable(run: ModelRun): boolean {
    return (
      this.sources.includes(run.source) &&
      run.mode === 'apply' &&
      run.undoneBy === null &&
      run.made > 0 &&
      (run.status === 'succeeded' || run.status === 'failed')
    )
  }

  change(source: ModelSource, settings: Partial<ModelSettings>): void {
    // Enabling a source plans even the same bytes.
    if (settings.enabled === true && !source.settings.enabled) source.baseline = null
    Object.assign(source.settings, settings)
  }

  deleteSource(source: ModelSource, contacts: 'keep' | 'remove'): void {
    this.directory.release(source.id, contacts)
    for (const run of this.runs) if (run.source === source && run.status === 'held') run.status = 'cancelled'
    this.sources.splice(this.sources.indexOf(source), 1)
  }

  #current(source: ModelSource): string {
    return `${source.revision} ${this.directory.hand}`
  }
}

function agrees(one: Pick<Baseline, 'bytes' | 'settings'>, other: Pick<Baseline, 'bytes' | 'settings'>): boolean {
  return one.bytes === other.bytes && one.settings === other.settings
}

function touchesManual(changes: readonly ModelChange[]): boolean {
  return changes.some(({ from, to }) => from === 'hand' || to === 'hand')
}

function settingsOf({ settings: { removal, covers } }: ModelSource): string {
  return `${removal} ${covers}`
}
