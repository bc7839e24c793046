import * as z from 'zod'
import { type ChangedAttribute, ChangeFilter, isChangedAttribute } from '../core/change-filter.ts'
import { groupKey } from '../core/contact.ts'
import { PARTS, type Part, shows, unwritten } from '../core/plan.ts'
import type { Env } from '../env.ts'
import type { Total } from '../store/contact-query.ts'
import { findGroup, groupNames, groupSizes, groupsByKeys } from '../store/groups.ts'
import { approvedParts } from '../store/held-runs.ts'
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
import { readDecided, rekeysOf } from '../store/rekeys.ts'
import { findRun, type RunRow } from '../store/runs.ts'
import { yieldThread } from '../yield-thread.ts'
import { changeView } from './contact-view.ts'
import { invalidCursor, numbersCursor, pageQuery } from './page.ts'
import { ApiError, notFound } from './problem.ts'
import { route } from './route.ts'
import { beforeLine, bytesOf, keptRun, lineAfter, PAGE_BYTES } from './run-lines.ts'
import { type Page, pageSchema, totalSchema } from './views/answer.ts'
import { type ChangeView, changeSchema, type MeaningView, meaningSchema } from './views/run.ts'

/** The parts of a plan by which the changes of a run can be filtered. */
const SHOWN_PARTS = [...PARTS, 'waiting', 'applied'] as const

/** The most parts of a plan that one page reads, of `PAGE_BYTES` each. */
const MOST_READS = 20
/** How far a filtered list is counted. */
const MOST_COUNTED = 10_000

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
      attribute: z
        .string()
        .max(200)
        .refine(isChangedAttribute, 'Not an attribute of a contact')
        .optional()
        .describe('Only changes of this attribute: `title`, `smsStatus`, `field:KEY`, …'),
      group: z
        .string()
        .max(200)
        .optional()
        .describe(
          'Only changes by which a contact comes into the group or leaves it: its ID, or the name of a new one',
        ),
      search: z
        .string()
        .max(200)
        .optional()
        .describe('Only changes of contacts that the directory would find by this text'),
    }),
    answer: pageSchema(changeSchema).extend({
      total: totalSchema
        .nullable()
        .describe('How many changes the list has; null on later pages of a list that had to be counted'),
    }),
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

/**
 * Returns the numbers of a plan with the IDs and the names of its groups. The groups of a plan that nobody had to decide about are
 * counted as they are now, after it.
 */
async function meaningView(env: Env, { groups, ...meaning }: StoredMeaning): Promise<MeaningView> {
  const keys = groups.map(({ key }) => key)
  const known = new Map((await groupsByKeys(env, keys)).map((group) => [group.key, group]))
  const uncounted = groups.flatMap(({ key, before }) => (before === null ? [key] : []))
  const sizes = new Map((await groupSizes(env, uncounted)).map(({ key, members }) => [key, members]))
  return {
    ...meaning,
    attributes: [...meaning.attributes],
    groups: groups.map(({ key, name, gained, lost, before }) => {
      const group = known.get(key)
      const had = before ?? Math.max(0, (sizes.get(key) ?? 0) - gained + lost)
      const id = group === undefined ? null : String(group.id)
      return { id, name: group?.name ?? name, before: had, after: Math.max(0, had + gained - lost) }
    }),
  }
}

interface ChangesQuery {
  cursor: string
  limit: number
  op?: ChangeView['op'] | undefined
  id?: string | undefined
  part?: (typeof SHOWN_PARTS)[number] | undefined
  attribute?: ChangedAttribute | undefined
  group?: string | undefined
  search?: string | undefined
}

type ChangesPage = Page<ChangeView> & { total: Total | null }

/**
 * Returns a page of the plan. The cursor is a byte position over all of its sections, and how many changes of the line
 * there were on the page before. Reading ends once the page is full, or with a part of the plan of a bounded size. Only the
 * first page of a filtered list reads on, within that bound, to count.
 */
async function changes(env: Env, run: RunRow, page: ChangesQuery): Promise<ChangesPage> {
  const { plan } = run
  if (plan === null) return { items: [], next: null, total: { count: 0, more: false } }
  const approved = approvedParts(run)
  const names = new Map([...(await groupNames(env)), ...Object.entries(plan.newGroups)])
  const filter = new ChangeFilter({ ...page, group: await groupKeyOf(env, page.group) })
  const isSought = (section: PlanSection) => mayHave(section, run, page, filter, approved)
  const known = isCounted(run, page, filter) ? shownIn(plan.sections.filter(isSought)) : null
  const counts = known === null && page.cursor === ''
  const items: ChangeView[] = []
  let found = 0
  let next: string | null = null
  const pageOf = (end: string | null): ChangesPage => {
    const total = known !== null ? { count: known, more: false } : counts ? { count: found, more: end !== null } : null
    return { items, next: next ?? end, total }
  }
  const [from = 0, skipped = 0] = numbersCursor(page.cursor, 2)
  let position = beforeLine(from)
  for (let read = 0; read < MOST_READS; read++) {
    const part = await readPlan(env, plan, position, PAGE_BYTES, isSought)
    if (part === null && position < from) throw invalidCursor()
    if (part === null) return pageOf(null)
    position = part.from
    for (const line of part.lines) {
      if (position < from) {
        position = lineAfter(line, from)
        continue
      }
      const made = isMade(part.section, position, run, approved)
      let at = position === from ? skipped : 0
      for (const change of soughtChanges(line, { ...run, plan }, made, page, filter).slice(at)) {
        if (items.length < page.limit)
          items.push(changeView(unwritten(change), names, { waits: !made, key: keyOf(change, made, run) }))
        else next ??= at === 0 ? String(position) : `${position}.${at}`
        if (next !== null && (!counts || found === MOST_COUNTED)) return pageOf(next)
        found++
        at++
      }
      position += bytesOf(line)
    }
    if (items.length === page.limit && !counts) break
    await yieldThread()
  }
  return pageOf(position >= planBytes(plan) ? null : String(position))
}

/** Returns the key of a group: of its ID, or of the name of a group that the directory may not have yet. */
async function groupKeyOf(env: Env, group: string | undefined): Promise<string | undefined> {
  if (group === undefined) return undefined
  return (await findGroup(env, group))?.key ?? groupKey(group)
}

/** Returns whether the sections tell how many changes a list has, so that it need not be read to the end. */
function isCounted({ status, plan, decision }: RunRow, { id, part }: ChangesQuery, filter: ChangeFilter): boolean {
  if (id !== undefined || !filter.isOpen) return false
  if (status === 'failed' && (part === 'waiting' || part === 'applied')) return false
  if (plan?.sections.some((section) => section.part === undefined) === true) return false
  return decision?.rekey === undefined || decision.rekey === true || plan === null || rekeysOf(plan) === null
}

function shownIn(sections: readonly PlanSection[]): number {
  return sections.reduce((sum, { statuses, shown, changes }) => sum + (statuses ?? shown ?? changes), 0)
}

/** Returns the key of a changed contact; null while or once the directory does not have it. */
function keyOf({ op, key }: KeyedChange, made: boolean, { applied }: RunRow): string | null {
  const isThere = op === 'add' ? made && (applied?.added ?? 0) > 0 : op !== 'remove' || !made || !applied?.removed
  return isThere && key > 0 ? String(key) : null
}

/**
 * Returns whether a section may have the changes that the request asks for: of a kind, and of a part that is decided as such,
 * that waits, or of the others.
 */
function mayHave(
  section: PlanSection,
  run: RunRow,
  { op, part }: ChangesQuery,
  filter: ChangeFilter,
  approved: readonly Part[],
): boolean {
  const kinds = kindsIn(section)
  if (op !== undefined && !kinds.includes(op)) return false
  if (filter.onlyUpdates && !kinds.includes('update') && !kinds.includes('rekey')) return false
  if (part === undefined) return true
  if (part !== 'waiting' && part !== 'applied') return partsOf(section).includes(part)
  return run.status === 'failed' || isTaken(section, approved) === (part === 'applied')
}

/** Returns the kinds of changes that a section may have. New IDs that a person decided against are adds and removals. */
function kindsIn(section: PlanSection): readonly ChangeView['op'][] {
  if (section.rekeys === true) return ['rekey', 'add', 'remove']
  if (isOptOuts(section)) return ['update']
  return section.part === undefined || section.part === 'optOut' ? ['add', 'update', 'remove'] : [section.part]
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
  filter: ChangeFilter,
): KeyedChange[] {
  if ((id !== undefined && !line.includes(JSON.stringify(id))) || !filter.mayMatch(line)) return []
  if ((part === 'applied' && !made) || (part === 'waiting' && made)) return []
  return readDecided([line], run).filter((change) => {
    const shown = change.op === 'sms' ? 'update' : change.op
    const isOfId = id === undefined || change.id === id || (change.op === 'rekey' && change.fromId === id)
    return shows(change) && (op ?? shown) === shown && isOfId && filter.matches(change)
  })
}
