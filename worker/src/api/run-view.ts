import { noChanges, noCounts } from '../core/counts.ts'
import type { Env } from '../env.ts'
import { isUndoable } from '../run/undo.ts'
import { waitingChanges } from '../store/held-runs.ts'
import { rekeysOf } from '../store/rekeys.ts'
import { type RunRow, runFigures, unitOf } from '../store/runs.ts'
import { type Stale, stalePlans } from '../store/stale-plans.ts'
import type { RunView } from './views/run.ts'
import type { SourceView } from './views/source.ts'

/** Returns a run as the API shows it. A run of a deleted source cannot be undone. */
export async function runView(env: Env, run: RunRow, sourceExists = true): Promise<RunView> {
  return viewOf(run, await stalePlans(env, [run]), sourceExists)
}

/** Returns a run as `runView` does. `stale` has the held runs whose plan is stale. */
export function viewOf(run: RunRow, stale: ReadonlyMap<string, Stale>, sourceExists = true): RunView {
  const { snapshot, plan, decision } = run
  return {
    id: run.id,
    sourceId: run.source,
    trigger: run.trigger,
    mode: run.mode,
    fetch: run.fetch,
    status: run.status,
    createdAt: timeOf(run.createdAt),
    startedAt: time(run.startedAt),
    finishedAt: time(run.finishedAt),
    progress: {
      step: run.status,
      done: run.done,
      total: run.total === 0 ? null : run.total,
      unit: unitOf(run),
      startedAt: timeOf(run.stepAt ?? run.startedAt ?? run.createdAt),
    },
    file:
      snapshot === null
        ? null
        : { name: snapshot.name, bytes: snapshot.bytes, sha256: snapshot.sha256, modifiedAt: snapshot.modifiedAt },
    counts: { ...noCounts(), ...run.counts },
    plan:
      plan === null
        ? null
        : { hash: plan.hash, undoable: sourceExists && isUndoable(run), stale: staleView(stale.get(run.id)) },
    applied: run.applied ?? noChanges(),
    figures: runFigures(run),
    rekeyed: rekeyedOf(run),
    waiting: run.status === 'held' ? waitingChanges(run) : null,
    hold: run.hold === null ? null : { reasons: run.hold.reasons },
    failure: run.failure,
    undoes: run.undoes,
    undoneBy: run.undoneBy,
    requestedBy: run.requestedBy,
    decision: decision === null ? null : { ...decision, at: timeOf(decision.at) },
    replacedBy: run.replacedBy,
    expiredAt: time(run.expiredAt),
  }
}

/** Returns a run without anything about a contact or a person of the staff, for the system that uploaded its file. */
export function onlyStatus(run: RunView): RunView {
  const { hold, decision } = run
  return {
    ...run,
    requestedBy: null,
    hold: hold && { reasons: hold.reasons.map((reason) => ({ ...reason, examples: [] })) },
    decision: decision && { what: decision.what, at: decision.at, by: '' },
  }
}

/** Returns a source's held run as the API shows it with the source. */
export function heldView(run: RunRow | null): SourceView['held'] {
  return run === null ? null : { runId: run.id, reasons: run.hold?.reasons ?? [], waiting: waitingChanges(run) }
}

/** Returns how many people come under new IDs; null if the plan gives nobody a new one. */
function rekeyedOf({ plan }: RunRow): RunView['rekeyed'] {
  const section = plan === null ? null : rekeysOf(plan)
  return section === null ? null : { count: section.changes }
}

function staleView(stale: Stale | undefined) {
  return stale === undefined ? null : { why: stale.why, since: timeOf(stale.since) }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}

function time(ms: number | null): string | null {
  return ms === null ? null : timeOf(ms)
}
