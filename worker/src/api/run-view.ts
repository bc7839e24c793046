import { noCounts } from '../core/counts.ts'
import { isUndoable } from '../run/undo.ts'
import type { RunRow } from '../store/runs.ts'
import type { RunView } from './views.ts'

/** Returns a run as the API shows it. A run of a deleted source cannot be undone. */
export function runView(run: RunRow, sourceStands = true): RunView {
  const { snapshot, plan, decision } = run
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  return {
    id: run.id,
    sourceId: run.source,
    trigger: run.trigger,
    mode: run.mode,
    fetch: run.fetch,
    status: run.status,
    createdAt: new Date(run.createdAt).toISOString(),
    startedAt: time(run.startedAt),
    finishedAt: time(run.finishedAt),
    progress: { step: run.status, done: run.done, total: run.total },
    file:
      snapshot === null
        ? null
        : { name: snapshot.name, bytes: snapshot.bytes, sha256: snapshot.sha256, modifiedAt: snapshot.modifiedAt },
    counts: { ...noCounts(), ...run.counts },
    plan: plan === null ? null : { hash: plan.hash, undoable: sourceStands && isUndoable(run) },
    hold: run.hold,
    failure: run.failure,
    undoes: run.undoes,
    undoneBy: run.undoneBy,
    requestedBy: run.requestedBy,
    decision: decision === null ? null : { ...decision, at: new Date(decision.at).toISOString() },
    expiredAt: time(run.expiredAt),
  }
}
