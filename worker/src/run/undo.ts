import { COUNT_OF, noCounts, type RunCounts } from '../core/counts.ts'
import type { ErasedPeople } from '../core/erased.ts'
import { Failure } from '../core/failure.ts'
import { type Fields, withoutUndefined } from '../core/field.ts'
import { invert } from '../core/inverting.ts'
import { type Change, type ContactChange, unwritten } from '../core/plan.ts'
import { isSomebodyElseAgain } from '../core/somebody-else.ts'
import type { Env } from '../env.ts'
import { QueryBudget } from '../store/database.ts'
import { directoryOf } from '../store/directory.ts'
import { readErased } from '../store/erasures.ts'
import { readFields } from '../store/fields.ts'
import { approvedParts } from '../store/held-runs.ts'
import { readChunk, readChunks } from '../store/plan-chunks.ts'
import { type PausedPlan, PlanFiles } from '../store/plan-files.ts'
import { isPlanOfNewerCode, isTaken, type PlanManifest, planBytes } from '../store/plan-reading.ts'
import { readDecided } from '../store/rekeys.ts'
import { findRun, type RunRow, reportProgress } from '../store/runs.ts'
import { becomesSomebodyElse } from '../store/somebody-else.ts'
import type { SourceRow } from '../store/sources.ts'
import { yieldThread } from '../yield-thread.ts'
import { beginApplying } from './apply.ts'
import { leaveToNewerCode } from './newer-code.ts'
import { type Basis, beginStage, goOn, resumed } from './staging.ts'
import { type Started, startRun } from './start.ts'

/** Says whether a run can be undone: it was applied at least in part, and has neither expired nor been undone. */
export function isUndoable(run: RunRow): boolean {
  const { mode, plan, position, status, undoneBy, expiredAt } = run
  if (expiredAt !== null || mode !== 'apply' || plan === null || plan.changes === 0 || undoneBy !== null) return false
  return status === 'succeeded' || (position > 0 && status !== 'applying')
}

/** Starts the run that undoes `run`. Refused while another run of the source is active. */
export function startUndo(env: Env, run: RunRow, requestedBy: string, now: number): Promise<Started> {
  return startRun(
    env,
    { source: run.source, trigger: 'undo', mode: 'apply', fetch: 'all', requestedBy, undoes: run.id },
    now,
  )
}

/** The number of queries that a chunk takes at most, and those that the end of a message takes. */
const OF_A_CHUNK = 3
const OF_THE_END = 60

/** An undo that goes on in another message. */
interface PausedUndo extends Basis {
  /** Where the plan that is undone is read on, in bytes over all of its sections. */
  position: number
  /** How many of its changes have been read. */
  seen: number
  counts: RunCounts
  groups: Map<string, string>
  somebodyElse: number[]
  files: PausedPlan
}

/**
 * Makes the plan of an undoing run, which is the inverted plan of the run that it undoes, value by value. A long plan takes
 * several messages.
 */
export async function undoStep(env: Env, queued: RunRow, source: SourceRow): Promise<void> {
  const budget = new QueryBudget(env.STAGE?.queries)
  const counted = budget.counting(env)
  const now = Date.now()
  const run = await beginStage(counted, queued, {
    status: 'planning',
    startedAt: queued.startedAt ?? now,
    settingsHash: source.settingsHash,
  })
  if (run === null) return
  const undone = await findRun(counted, run.undoes ?? '')
  if (undone?.plan == null) throw new Error('An undoing run does not name a run with a plan')
  // The run had not expired when the undo was requested, but did before the undo became the active run.
  if (undone.expiredAt !== null)
    throw new Failure('internal', EXPIRED, 'Change what is wrong in the file, and import it.')

  if (isPlanOfNewerCode(undone.plan)) return leaveToNewerCode(counted, run, 'plan')

  const { basis, saved } = await resumed<PausedUndo>(counted, run, source)
  const files = new PlanFiles(counted, run, { labels: [], targets: [] }, saved?.files)
  try {
    const made = await invertPlan(counted, run, { ...undone, plan: undone.plan }, files, saved, budget)
    if (made === 'cancelled') await files.abort()
    else if ('position' in made) {
      const { seen } = made
      const progress = { done: seen, total: undone.plan.changes }
      await goOn<PausedUndo>(counted, run, { ...basis, ...made, files: await files.pause() }, progress)
    } else {
      const { groups, somebodyElse, counts } = made
      const { manifest, files: problems } = await files.close(source, {
        newGroups: groups,
        newContacts: 0,
        optOuts: 0,
        somebodyElse: Float64Array.from(somebodyElse).sort(),
        fingerprints: null,
        current: basis.current,
      })
      await beginApplying(env, run, { plan: manifest, problems, counts, settingsHash: source.settingsHash })
    }
  } catch (error) {
    await files.abort()
    throw error
  }
}

type Inverting = Omit<PausedUndo, keyof Basis | 'files' | 'position'>

/**
 * Inverts the changes of a plan as far as the queries of a message reach. Returns the place where the next message goes on,
 * unless that is the end.
 */
async function invertPlan(
  env: Env,
  run: RunRow,
  undone: RunRow & { plan: PlanManifest },
  files: PlanFiles,
  saved: PausedUndo | null,
  budget: QueryBudget,
): Promise<Inverting | (Inverting & { position: number }) | 'cancelled'> {
  const { plan } = undone
  const directory = directoryOf(env, run.source)
  const { fields } = await readFields(env)
  const { people: erased } = await readErased(env, run.source)
  // A group that has been renamed since comes back under its old name.
  const start: Inverting = { counts: noCounts(), groups: new Map(), somebodyElse: [], seen: 0 }
  const { counts, groups, somebodyElse } = saved ?? start
  let seen = saved?.seen ?? 0
  const chunks = await readChunks(env, plan)
  const approved = approvedParts(undone)
  const hasBecomeSomebodyElse = await becomesSomebodyElse(env, plan)
  const end = undone.status === 'succeeded' ? planBytes(plan) : undone.position
  const from = saved?.position ?? 0
  for (let position = from; position < end; ) {
    if (position > from && !budget.has(OF_A_CHUNK + OF_THE_END)) return { counts, groups, somebodyElse, seen, position }
    const part = await readChunk(env, plan, chunks, position, (section) => isTaken(section, approved))
    if (part === null) break
    position = part.next
    const changes = readDecided(part.lines, undone).map(unwritten)
    seen += changes.length
    await yieldThread()
    const stored = new Map(
      (await directory.byKeys(changes.map(({ key }) => key))).map((contact) => [contact.key, contact]),
    )
    /** Returns the ID that a contact has once the change is undone. It may have got another one since. */
    const idOf = (one: Change) => (one.op === 'rekey' ? one.fromId : (stored.get(one.key)?.id ?? one.id))
    // The ID of a contact that comes back, or that goes back to its former owner, may be taken by now.
    const returning = changes.filter(
      (one) => one.op === 'remove' || one.op === 'rekey' || (one.op === 'update' && one.owner !== undefined),
    )
    const rivalsOf = returning.length === 0 ? [] : await directory.byIds(returning.map(idOf))
    const others = Map.groupBy(rivalsOf, ({ id }) => id)
    for (const applied of changes) {
      // An undo sets no SMS status (invariant 8). An opt-in that is undone needs no opt-out: the source reports its value again.
      if (applied.op === 'sms') continue
      if (erased !== null && isErased(erased, applied)) {
        counts.leftOut++
        continue
      }
      const current = stored.get(applied.key) ?? null
      const rivals = others.get(idOf(applied)) ?? []
      const { change: inverse, left } = invert(definedOnly(applied, fields), current, rivals)
      if (left.length > 0) {
        counts.warnings++
        files.report({ row: 0, cells: [], problems: left })
      }
      // An undo reads no file. The contacts that it brings back, changes or leaves as they are count as matched.
      if (inverse?.op !== 'remove') counts.matched++
      counts[inverse === null ? 'unchanged' : COUNT_OF[inverse.op]]++
      if (inverse === null) continue
      if (current?.manual) files.touchManual()
      if (applied.op === 'update' && inverse.op === 'update') {
        const has = hasBecomeSomebodyElse(applied.key)
        if (isSomebodyElseAgain(applied, inverse, has)) somebodyElse.push(applied.key)
      }
      for (const group of inverse.after?.groups ?? []) groups.set(group, group)
      files.change(SECTION_OF[inverse.op], inverse)
    }
    await files.flush()
    if (!(await reportProgress(env, run, { done: seen, total: plan.changes }, Date.now()))) return 'cancelled'
  }
  return { counts, groups, somebodyElse, seen }
}

/** Returns whether a change is about a person who was erased. Nothing of it is undone, or named in a report. */
function isErased(people: ErasedPeople, { key, id, op, before, after }: ContactChange): boolean {
  const isNew = op === 'add' || op === 'remove'
  return people.hasKey(key) || [before, after].some((details) => details !== null && people.has(id, details, isNew))
}

/** Returns the change without the values of fields that have been deleted since. */
function definedOnly(change: ContactChange, fields: Fields): ContactChange {
  const { before, after } = change
  return Object.assign({}, change, {
    before: before === null ? null : withoutUndefined(before, fields),
    after: after === null ? null : withoutUndefined(after, fields),
  })
}

/** The message for a run that is too old to be undone. */
export const EXPIRED = 'This import is older than the time for which imports are kept, and can no longer be undone.'

const SECTION_OF = { add: 'adds', update: 'updates', rekey: 'rekeys', remove: 'removals' } as const
