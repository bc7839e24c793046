import * as z from 'zod'
import { PARTS, type Part, shows, unwritten } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { groupNames, groupsByKeys } from '../store/groups.ts'
import type { StoredMeaning } from '../store/meaning.ts'
import {
  isOptOuts,
  isTaken,
  type KeyedChange,
  type PlanManifest,
  type PlanSection,
  partsOf,
  planBytes,
  readPlan,
} from '../store/plan-reading.ts'
import { readDecided } from '../store/rekeys.ts'
import { approvedParts, findRun, type RunRow } from '../store/runs.ts'
import { changeView } from './contact-view.ts'
import { invalidCursor, numbersCursor, pageQuery } from './page.ts'
import { ApiError, notFound } from './problem.ts'
import { route } from './route.ts'
import { beforeLine, bytesOf, keptRun, lineAfter, PAGE_BYTES } from './run-lines.ts'
import { type ChangeView, changeSchema, type MeaningView, meaningSchema, type Page, pageSchema } from './views.ts'

/** The parts of a plan by which the changes of a run can be filtered. */
const SHOWN_PARTS = [...PARTS, 'waiting', 'applied'] as const

/** What a run's plan changes, in numbers and contact by contact. */
export const runChangeRoutes = [
  route({
    method: 'get',
    path: '/api/runs/:id/changes',
    summary: 'What the run’s plan changes, contact by contact',
    role: 'viewer',
    scope: 'runs:read',
    limited: 'run',
    query: pageQuery.extend({
      op: z.enum(['add', 'update', 'rekey', 'remove']).optional(),
      /** Only changes that are decided with this part, that wait or were not made (`waiting`), or the others (`applied`). */
      part: z.enum(SHOWN_PARTS).optional(),
      /** Only changes of the contact with this ID, or that has had it before the run. */
      id: z.string().max(500).optional(),
    }),
    answer: pageSchema(changeSchema),
    handle: async ({ env, params, query }) => changes(env, await keptRun(env, params.id), query),
  }),
  route({
    method: 'get',
    path: '/api/runs/:id/meaning',
    summary: 'What the run’s plan changes in numbers: by attribute, by group, and whom it reaches',
    role: 'viewer',
    scope: 'runs:read',
    limited: 'run',
    answer: meaningSchema,
    async handle({ env, params }) {
      const run = await findRun(env, params.id)
      if (run === null) throw notFound('run')
      if (run.meaning === null) throw new ApiError(404, 'no_plan', 'This run has no plan that was counted.')
      return meaningView(env, run.meaning)
    },
  }),
]

/** Returns the numbers of a plan with the IDs and the current names of its groups. */
async function meaningView(env: Env, { groups, ...meaning }: StoredMeaning): Promise<MeaningView> {
  const rows = await groupsByKeys(
    env,
    groups.map(({ key }) => key),
  )
  const known = new Map(rows.map((row) => [row.key, row]))
  return {
    ...meaning,
    attributes: [...meaning.attributes],
    groups: groups.map(({ key, name, before, after }) => {
      const group = known.get(key)
      return { id: group === undefined ? null : String(group.id), name: group?.name ?? name, before, after }
    }),
  }
}

interface ChangesQuery {
  cursor: string
  limit: number
  op?: string | undefined
  id?: string | undefined
  part?: (typeof SHOWN_PARTS)[number] | undefined
}

/**
 * Returns a page of the plan. The cursor is a byte position over all of its sections, and how many changes of the line
 * there were on the page before.
 */
async function changes(env: Env, run: RunRow, page: ChangesQuery): Promise<Page<ChangeView>> {
  const { plan } = run
  const approved = approvedParts(run)
  const items: ChangeView[] = []
  if (plan === null) return { items, next: null }
  const names = new Map([...(await groupNames(env)), ...Object.entries(plan.newGroups)])
  const [from = 0, skipped = 0] = numbersCursor(page.cursor, 2)
  let position = beforeLine(from)
  for (let read = 0; items.length < page.limit && read < 20; read++) {
    const part = await readPlan(env, plan, position, PAGE_BYTES, (section) =>
      mayHave(section, run, page.part, approved),
    )
    if (part === null && position < from) throw invalidCursor()
    if (part === null) return { items, next: null }
    position = part.from
    for (const line of part.lines) {
      if (position < from) {
        position = lineAfter(line, from)
        continue
      }
      const made = isMade(part.section, position, run, approved)
      let at = position === from ? skipped : 0
      for (const change of soughtChanges(line, { ...run, plan }, made, page).slice(at)) {
        if (items.length === page.limit) return { items, next: at === 0 ? String(position) : `${position}.${at}` }
        items.push(changeView(unwritten(change), !made, names))
        at++
      }
      position += bytesOf(line)
    }
  }
  return { items, next: position >= planBytes(plan) ? null : String(position) }
}

/** Returns whether a section may have changes of a part: of one that is decided as such, that wait, or of the others. */
function mayHave(section: PlanSection, run: RunRow, part: ChangesQuery['part'], approved: readonly Part[]): boolean {
  if (part === undefined) return true
  if (part !== 'waiting' && part !== 'applied') return partsOf(section).includes(part)
  return run.status === 'failed' || isTaken(section, approved) === (part === 'applied')
}

/**
 * Returns whether a change neither waits nor was rejected. A run that failed has made those up to its position, and the
 * opt-outs, which are applied before the others.
 */
function isMade(section: PlanSection, at: number, run: RunRow, approved: readonly Part[]): boolean {
  if (!isTaken(section, approved)) return false
  return run.status !== 'failed' || isOptOuts(section) || at < run.position
}

/**
 * Returns the changes on a line that the request asks for, mostly one or none. A line that only records a source's value has
 * no change.
 * A new ID that a person decided against is an added contact, and perhaps a removed one. Of a long plan, only the lines that
 * may have the requested ID are parsed.
 */
function soughtChanges(
  line: string,
  run: RunRow & { plan: PlanManifest },
  made: boolean,
  { op, id, part }: ChangesQuery,
): KeyedChange[] {
  if (id !== undefined && !line.includes(JSON.stringify(id))) return []
  if ((part === 'applied' && !made) || (part === 'waiting' && made)) return []
  return readDecided([line], run).filter((change) => {
    const shown = change.op === 'sms' ? 'update' : change.op
    const isOfId = id === undefined || change.id === id || (change.op === 'rekey' && change.fromId === id)
    return shows(change) && (op ?? shown) === shown && isOfId
  })
}
