import { noCounts, type RunCounts } from '../core/counts.ts'
import type { Env } from '../env.ts'
import { nextRuns } from '../schedule/due.ts'
import { allows } from '../security/scopes.ts'
import { heldRuns, waitingChanges } from '../store/held-runs.ts'
import { type KeptReach, largestGroups } from '../store/kept-reach.ts'
import {
  type ChartedRun,
  type Conflict,
  conflicts,
  failingSince,
  recentRuns,
  type Unsent,
  unsentEmails,
} from '../store/overview.ts'
import type { RunRow } from '../store/runs.ts'
import { listSources, type SourceRow } from '../store/sources.ts'
import type { Actor } from './access.ts'
import { route } from './route.ts'
import { healthOf, settingsOf } from './source-view.ts'
import { type NeededView, type OverviewView, overviewSchema } from './views/overview.ts'

const MOST_SOURCES = 500
/** The most runs of a source, and of all sources, in charts. */
const RUNS = 30
const ALL_RUNS = 3000

/** What needs a person, how each source is, and whom the groups reach. */
export const overviewRoutes = [
  route({
    method: 'get',
    path: '/api/overview',
    summary: 'What needs a person, most urgent first; each source with its last runs; the reach of the largest groups',
    role: 'viewer',
    scope: 'runs:read',
    limited: 'handler',
    // The navigation reads it by itself, which is no sign that the person is active.
    passive: true,
    answer: overviewSchema,
    async handle({ env, actor, context }) {
      const now = Date.now()
      const sources = await listSources(env, '', MOST_SOURCES, actor.sources)
      const ids = sources.map(({ id }) => id)
      const state: State = {
        sources,
        runs: await recentRuns(env, ids, Math.max(1, Math.min(RUNS, Math.floor(ALL_RUNS / ids.length)))),
        held: await heldRuns(env, ids),
        failing: await failingSince(
          env,
          sources.filter(isFailing).map(({ id }) => id),
        ),
        unsent: await unsentEmails(env, actor.sources, now),
        conflicts: await conflicts(env, ids),
      }
      const { groups, at } = mayReadGroups(actor) ? await reachOf(env, now, context) : NO_GROUPS
      return {
        items: needed(state),
        sources: sources.map((source) => sourceOverview(source, state, now)),
        groups: groups.map(({ id, name, contacts, ...reach }) => ({ id: String(id), name, contacts, reach })),
        countedAt: time(at),
      }
    },
  }),
]

/** What the overview is made of. The runs of a source come newest first. */
interface State {
  sources: readonly SourceRow[]
  runs: ReadonlyMap<string, ChartedRun[]>
  held: ReadonlyMap<string, RunRow>
  failing: ReadonlyMap<string, number>
  unsent: Unsent | null
  conflicts: readonly Conflict[]
}

const NO_GROUPS: KeptReach = { groups: [], at: null }

/** A group has contacts of any source, so a token that is limited to some sees none. */
function mayReadGroups({ scopes, sources }: Actor): boolean {
  return sources === null && (scopes === null || allows(scopes, 'viewer', 'directory:read'))
}

function reachOf(env: Env, now: number, context: { executionCtx: Pick<ExecutionContext, 'waitUntil'> }) {
  return largestGroups(env, now, (work) => context.executionCtx.waitUntil(work()))
}

function isFailing({ enabled, failing }: SourceRow): boolean {
  return enabled && failing !== null
}

/** Returns what needs a person, the most urgent kind first, and of each kind what has waited longest. */
function needed({ sources, runs, held, failing, unsent, conflicts }: State): NeededView[] {
  const items: NeededView[] = []
  const add = (kind: NeededView['kind'], found: Omit<NeededView, 'kind'>[]) => {
    found.sort((one, other) => (one.since ?? '').localeCompare(other.since ?? ''))
    for (const item of found) items.push({ kind, ...item })
  }
  add(
    'held',
    sources.flatMap(({ id }) => heldItem(held.get(id))),
  )
  add(
    'failing',
    sources.filter(isFailing).map(({ id, failing: code }) => {
      const last = (runs.get(id) ?? []).find(({ status, mode }) => status === 'failed' && mode === 'apply')
      const since = time(failing.get(id) ?? last?.createdAt ?? null)
      return { sourceId: id, runId: last?.id ?? null, since, message: last?.failure?.message ?? `It fails: ${code}.` }
    }),
  )
  add(
    'late',
    sources
      .filter(({ enabled, lateAt }) => enabled && lateAt !== null)
      .map(({ id, lateAt, settings }) => {
        const allowed = duration(settings.freshness?.atLeastEveryHours ?? 0)
        return {
          sourceId: id,
          runId: null,
          since: time(lateAt),
          message: `The file has not changed for over ${allowed}.`,
        }
      }),
  )
  add('unsent', unsent === null ? [] : [unsentItem(unsent)])
  add(
    'conflict',
    conflicts.map(({ source, state, since, contacts }) => {
      const one = contacts === 1
      const message =
        state === 'conflict'
          ? `The source shows another SMS status than was set here for ${one ? 'a contact' : `${number.format(contacts)} contacts`}.`
          : `The SMS status of ${one ? 'a contact' : `${number.format(contacts)} contacts`} could not be written to the source.`
      return { sourceId: source, runId: null, since: time(since), message }
    }),
  )
  add('setUp', setUpItems(sources, runs))
  return items
}

function heldItem(run: RunRow | undefined): Omit<NeededView, 'kind'>[] {
  if (run === undefined) return []
  const { added, updated, removed } = waitingChanges(run)
  const contacts = added + updated + removed
  const waiting = contacts === 1 ? '1 contact waits' : `${number.format(contacts)} contacts wait`
  const [reason] = run.hold?.reasons ?? []
  const since = time(run.removalsHeldAt ?? run.startedAt ?? run.createdAt)
  const message = reason === undefined ? `${waiting} for your decision.` : `${waiting}: ${reason.message}`
  return [{ sourceId: run.source, runId: run.id, since, message }]
}

function unsentItem({ emails, since, source }: Unsent): Omit<NeededView, 'kind'> {
  const message = emails === 1 ? 'An e-mail could not be sent.' : `${number.format(emails)} e-mails could not be sent.`
  return { sourceId: source, runId: null, since: time(since), message }
}

/** Returns what is left to do before contacts are imported. */
function setUpItems(sources: readonly SourceRow[], runs: State['runs']): Omit<NeededView, 'kind'>[] {
  if (sources.length === 0) return [{ sourceId: null, runId: null, since: null, message: 'There is no source yet.' }]
  return sources
    .filter(({ id, enabled }) => enabled && !runs.has(id))
    .map(({ id, createdAt }) => {
      return { sourceId: id, runId: null, since: time(createdAt), message: 'Nothing has been imported yet.' }
    })
}

function sourceOverview(source: SourceRow, { runs, held }: State, now: number): OverviewView['sources'][number] {
  const { id, name, enabled } = source
  const own = (runs.get(id) ?? []).map((run) => ({ ...run, counts: { ...noCounts(), ...run.counts } }))
  const waits = held.get(id)
  const { schedule } = settingsOf(source)
  const [next] = schedule === null || !enabled ? [] : nextRuns(schedule, id, new Date(now), 1)
  return {
    id,
    name,
    kind: source.connection.kind,
    enabled,
    health: healthOf(source, own[0] ?? null, waits ?? null),
    held: waits === undefined ? null : { runId: waits.id, waiting: waitingChanges(waits) },
    nextRun: next?.toISOString() ?? null,
    contacts: contactsIn(source, own),
    runs: own.toReversed().map((run) => ({
      id: run.id,
      mode: run.mode,
      status: run.status,
      createdAt: new Date(run.createdAt).toISOString(),
      finishedAt: time(run.finishedAt),
      counts: run.counts,
    })),
  }
}

/** Returns how many contacts met the criteria in the last import of the whole file that was applied; null if that is not known. */
function contactsIn(
  { baseline, settings }: SourceRow,
  runs: readonly { mode: string; status: string; counts: RunCounts }[],
): number | null {
  if (baseline?.outcome === 'applied' && baseline.fetch !== 'changes') return baseline.counts.matched
  // A run that waits has applied a part only, so the one before it counts.
  if (settings.changesOnly) return null
  return runs.find(({ mode, status }) => mode === 'apply' && status === 'succeeded')?.counts.matched ?? null
}

const number = new Intl.NumberFormat('en')

/** Returns a number of hours in words, as days if it is some. */
function duration(hours: number): string {
  const days = hours / 24
  return Number.isInteger(days) && days > 1 ? `${days} days` : `${hours} hours`
}

function time(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
