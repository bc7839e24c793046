import { noCounts } from '../../core/counts.ts'
import { PARTS, type Part } from '../../core/plan.ts'
import type { RunStatus } from '../../store/runs.ts'
import type { Rekey } from './actions.ts'
import { ModelDirectory } from './directory.ts'
import { makesSomebodyElse, reasonsOf } from './judging.ts'
import { type ModelChange, planOf } from './plan.ts'
import { textOf } from './roll.ts'
import type { Baseline, ModelRun, ModelSettings, ModelSource } from './state.ts'
import { inverseOf } from './undoing.ts'
import { keyOf, parted, stoppedParts, type Waiting } from './waiting.ts'

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
      waiting: [],
      repeats: null,
      approved: false,
      manual: false,
      others: false,
      made: 0,
      groups: new Map(),
      revisions: { source: 0, manual: 0 },
      undoes,
      undoneBy: null,
      replacedBy: null,
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
    if (baseline !== null && agrees(baseline, found)) {
      const planned = baseline.outcome === 'applied' ? !baseline.run.others : !asked
      if (planned) return 'unchanged'
    }
    const held = this.held(source)
    const waits = held !== undefined && agrees({ bytes: textOf(held.roll), settings: held.settings }, found)
    return waits && !asked ? 'unchanged' : 'planning'
  }

  #plan(run: ModelRun): RunStatus {
    const { source, roll } = run
    if (!source.settings.enabled && run.mode === 'apply') return 'cancelled'
    if ('broken' in roll || roll.people.length === 0) return 'failed'
    const rekeyed = source.imported ? source.settings.limits.rekeyed : null
    const plan = planOf(this.directory, { ...source.settings, id: source.id, columns: source.columns, rekeyed }, roll)
    const { limits } = source.settings
    const reasons = reasonsOf(this.directory, plan, { ...source, limits, first: !source.imported })
    const { changes, counts, groups } = plan
    const count = changes.length
    if (source.undone !== null && count > 0 && (run.trigger !== 'manual' || source.undone !== textOf(roll)))
      reasons.push({ limit: 'afterUndo', count, of: count, parts: PARTS })
    if (source.settings.hold === 'whole') for (const reason of reasons) reason.parts = PARTS
    const { first, waiting } = parted(changes, stoppedParts(reasons))
    const manual = touchesManual(changes)
    const begins = reasons.length === 0 || first.length > 0
    if (run.mode === 'apply' && begins && this.#mustWait(manual)) return 'planning'
    Object.assign(run, {
      changes: first,
      waiting,
      manual,
      others: makesSomebodyElse(plan),
      counts,
      groups,
      reasons,
      settings: settingsOf(source),
      revisions: { source: source.revision, manual: this.directory.hand },
    })
    if (run.mode === 'preview') return 'previewed'
    run.repeats = this.#repeats(run)
    this.#replaceHeld(run)
    if (begins) {
      this.#begin(run)
      return 'applying'
    }
    return this.#endFirst(run)
  }

  /** The changes that do not wait have been made. */
  #endFirst(run: ModelRun): RunStatus {
    if (run.repeats !== 'rejected') return 'held'
    this.#setRejected(run)
    if (run.made > 0) run.source.columns = columnsOf(run)
    return 'rejected'
  }

  #repeats({ source, trigger, waiting }: ModelRun): ModelRun['repeats'] {
    const key = keyOf(waiting)
    const held = this.held(source)
    if (key === null) return null
    if (held !== undefined && keyOf(held.waiting) === key) return 'held'
    return trigger !== 'manual' && source.rejected === key ? 'rejected' : null
  }

  #planUndo(run: ModelRun, undone: ModelRun): RunStatus {
    const { changes, left } = inverseOf(this.directory, run.source.id, undone.changes.slice(0, undone.made))
    const manual = touchesManual(changes)
    if (this.#mustWait(manual)) return 'planning'
    const count = (op: ModelChange['op']) => changes.filter((change) => change.op === op).length
    Object.assign(run, { changes, manual })
    run.counts = {
      ...noCounts(),
      matched: undone.made - count('remove'),
      added: count('add'),
      updated: count('update') + count('rekey'),
      unchanged: undone.made - changes.length,
      removed: count('remove'),
      warnings: left,
    }
    run.groups = new Map(changes.flatMap(({ after }) => (after?.groups ?? []).map((key) => [key, key] as const)))
    if (undone.status === 'held') undone.status = 'rejected'
    this.#replaceHeld(run)
    this.#begin(run)
    return 'applying'
  }

  /** Two sources may want the same manual contact. The plan of one is then made only after the other is applied. */
  #mustWait(manual: boolean): boolean {
    return manual && this.runs.some((other) => other.status === 'applying' && other.manual)
  }

  #replaceHeld(run: ModelRun): void {
    const held = this.held(run.source)
    if (held !== undefined) Object.assign(held, { status: 'replaced', replacedBy: run })
  }

  #begin(run: ModelRun): void {
    const { source } = run
    if (run.made === 0) {
      run.before = { baseline: source.baseline, undone: source.undone }
      this.directory.makeGroups(run.groups)
    }
    if (run.changes.length + run.waiting.length === 0) return
    source.baseline = null
    // As long as a part waits, what a person undid before is still known.
    if (run.reasons.length === 0 || run.approved) source.undone = null
  }

  /** Makes the changes of a run as far as it got, and ends it. */
  #apply(run: ModelRun, count: number): void {
    const { undoes } = run
    this.#make(run, count)
    if (run.reasons.length > 0 && !run.approved) {
      run.status = this.#endFirst(run)
      return
    }
    run.status = 'succeeded'
    if (undoes === null) this.#setBaseline(run)
    else this.#setBaselineOfUndo(run, undoes)
  }

  #setBaseline(run: ModelRun): void {
    const { source, roll, settings, waiting } = run
    source.columns = columnsOf(run)
    source.imported = true
    source.rejected = keyOf(waiting)
    const outcome = waiting.length === 0 ? 'applied' : 'rejected'
    source.baseline = { bytes: textOf(roll), settings, run, outcome }
  }

  /** What waited is rejected; what did not wait has been made. */
  #setRejected(run: ModelRun): void {
    const { source, roll, settings, waiting } = run
    source.baseline = { bytes: textOf(roll), settings, run, outcome: 'rejected' }
    source.undone = null
    source.rejected = keyOf(waiting)
    if (run.made > 0) source.imported = true
  }

  /** A run crashed while it applied its plan, after this many changes. */
  die(run: ModelRun, count: number): void {
    this.#make(run, count)
    run.status = 'failed'
  }

  #make(run: ModelRun, count: number): void {
    const changes = run.changes.slice(run.made, count)
    run.made = count
    if (changes.length > 0) this.#raiseRevisions(run)
    // What a person approved or took back does not count for the limit on removals.
    const unasked = run.undoes === null && !run.approved
    this.directory.apply(changes, unasked ? run.source.days : null)
  }

  /** Records that a run makes changes. They do not make its own plan stale. */
  #raiseRevisions({ source, revisions, manual }: ModelRun): void {
    source.revision++
    revisions.source++
    if (!manual) return
    this.directory.hand++
    revisions.manual++
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
    else {
      // An undo has no bytes of its own.
      const same = original.undoes === null && bytes === textOf(original.roll)
      Object.assign(source, { baseline: null, undone: same ? null : (bytes ?? null) })
    }
  }

  approve(run: ModelRun, hashIsRight: boolean, parts: readonly Part[] | null, rekey: Rekey): 'done' | string {
    const { waiting } = run
    const decides = waiting.some(({ change }) => change.op === 'rekey') && parts?.includes('remove') !== false
    if (run.status !== 'held') return 'not_held'
    if (!hashIsRight) return 'plan_stale'
    if (parts?.every((one) => waiting.every(({ part }) => part !== one))) return 'part_not_waiting'
    if (parts?.some((one) => waiting.every(({ part, change: { op } }) => part !== one && op !== one)))
      return 'part_not_waiting'
    if (rekey !== null && !decides) return 'pair_not_waiting'
    if (!run.source.settings.enabled) return 'source_disabled'
    if (this.stale(run)) return 'plan_stale'
    if (this.active(run.source) !== undefined) return 'run_active'
    if (this.#mustWait(run.manual)) return 'plan_stale'
    run.approved = true
    this.#begin(run)
    run.status = 'applying'
    const isApproved = ({ part }: Waiting) => parts === null || parts.includes(part)
    const moved = movedBy(waiting, rekey)
    run.changes.push(
      ...waiting.filter(isApproved).flatMap(({ change }) => (moved.has(change) ? change : apart(change))),
    )
    if (waiting.some((one) => isApproved(one) && one.change.op === 'remove'))
      this.directory.forgetRemovals(run.source.id)
    run.waiting = waiting.filter((one) => !isApproved(one))
    return 'done'
  }

  /** Whether anything but a held run itself has changed since its plan was made. */
  stale({ source, revisions, settings }: ModelRun): boolean {
    const moved = revisions.source !== source.revision || revisions.manual !== this.directory.hand
    return moved || settings !== settingsOf(source)
  }

  reject(run: ModelRun): 'done' | string {
    if (run.status !== 'held') return 'not_held'
    run.status = 'rejected'
    this.#setRejected(run)
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
      run.status !== 'applying'
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

  /** Lets days pass. */
  passDays(days: number): void {
    for (const source of this.sources) {
      const removals = this.held(source)?.waiting.some(({ change }) => change.op === 'remove') ?? false
      if (!removals) source.days += days
    }
  }
}

function agrees(one: Pick<Baseline, 'bytes' | 'settings'>, other: Pick<Baseline, 'bytes' | 'settings'>): boolean {
  return one.bytes === other.bytes && one.settings === other.settings
}

/** Returns the changes that give a person a new ID and that a decision makes. */
export function movedBy(waiting: readonly Waiting[], rekey: Rekey): ReadonlySet<ModelChange> {
  const all = waiting.flatMap(({ change }) => (change.op === 'rekey' ? [change] : []))
  const inOrder = all.sort((one, other) => (one.id < other.id ? -1 : 1))
  return new Set(inOrder.filter((_, i) => (rekey === 'some' ? i % 2 === 0 : rekey !== false)))
}

/** Returns the new contact, and perhaps the removal, in place of a new ID; any other change as it is. */
function apart(change: ModelChange): ModelChange[] {
  const { id, contact, before, from, to, rekey } = change
  if (rekey?.otherwise == null) return [change]
  const { after, removes } = rekey.otherwise
  const added: ModelChange = { op: 'add', id, contact: null, before: null, after, from: to, to }
  const removed: ModelChange = { op: 'remove', id: rekey.from, contact, before, after: null, from, to: from }
  return removes ? [added, removed] : [added]
}

function touchesManual(changes: readonly ModelChange[]): boolean {
  return changes.some(({ from, to }) => from === 'hand' || to === 'hand')
}

function columnsOf({ roll }: ModelRun): string[] {
  return OPTIONAL.filter((name) => !('without' in roll && roll.without.includes(name)))
}

function settingsOf({ settings: { removal, covers } }: ModelSource): string {
  return `${removal} ${covers}`
}
