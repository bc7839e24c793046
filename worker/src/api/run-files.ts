import * as z from 'zod'
import { PARTS, type Part, shows, unwritten } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { hasFile, readFile } from '../store/files.ts'
import { groupNames } from '../store/groups.ts'
import { readLines } from '../store/lines.ts'
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
import { emptyReport } from '../store/reports.ts'
import { approvedParts, findRun, type RunRow } from '../store/runs.ts'
import { changeView } from './contact-view.ts'
import { invalidCursor, numbersCursor, pageQuery } from './page.ts'
import { ApiError, expired, notFound } from './problem.ts'
import type { Recorder } from './recording.ts'
import { route } from './route.ts'
import { type ChangeView, changeSchema, type Page, type ProblemView, pageSchema, problemSchema } from './views.ts'

/** The most bytes of a file that one page reads. */
const PAGE_BYTES = 400_000
/** The parts of a plan by which the changes of a run can be filtered. */
const SHOWN_PARTS = [...PARTS, 'waiting', 'applied'] as const

const REPORT_TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
}

/**
 * The files of a run, kept until it expires: its plan, its problems, its reports and the bytes it fetched. Reports and bytes
 * hold columns that are not mapped, and so more than the directory, which every user may read.
 */
export const runFileRoutes = [
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
    path: '/api/runs/:id/problems',
    summary: 'What was not imported as it stands',
    role: 'viewer',
    scope: 'runs:read',
    limited: 'run',
    query: pageQuery,
    answer: pageSchema(problemSchema),
    handle: async ({ env, params, query }) => problems(env, await keptRun(env, params.id), query),
  }),
  route({
    method: 'get',
    path: '/api/runs/:id/report.xlsx',
    summary: 'The error report as a spreadsheet',
    role: 'manager',
    scope: 'runs:write',
    limited: 'run',
    handle: ({ env, params, record }) => reportOf(env, params.id, 'xlsx', record),
  }),
  route({
    method: 'get',
    path: '/api/runs/:id/report.csv',
    summary: 'The error report as CSV',
    role: 'manager',
    scope: 'runs:write',
    limited: 'run',
    handle: ({ env, params, record }) => reportOf(env, params.id, 'csv', record),
  }),
  route({
    method: 'get',
    path: '/api/runs/:id/snapshot',
    summary: 'The bytes the run fetched',
    role: 'manager',
    scope: 'runs:write',
    limited: 'run',
    async handle({ env, params, record }) {
      const run = await keptRun(env, params.id)
      if (run.snapshot === null) throw new ApiError(404, 'no_snapshot', 'This run kept no file.')
      if (!(await hasFile(env.FILES, run.snapshot))) throw expired()
      await record('snapshot_downloaded', run.id)
      return download(readFile(env.FILES, run.snapshot), run.snapshot.name, 'application/octet-stream')
    },
  }),
]

/** Returns a run whose files are still kept. Throws `ApiError` 410 `expired` if they were deleted. */
async function keptRun(env: Env, id: string): Promise<RunRow> {
  const run = await findRun(env, id)
  if (run === null) throw notFound('run')
  const { expiredAt, snapshot, plan, problems } = run
  if (expiredAt !== null && (snapshot ?? plan ?? problems) !== null) throw expired()
  return run
}

interface PageOf {
  cursor: string
  limit: number
}

interface ChangesQuery extends PageOf {
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
      position += bytes(line)
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

async function problems(env: Env, run: RunRow, page: PageOf): Promise<Page<ProblemView>> {
  const files = run.problems
  if (files === null || files.bytes === 0) return { items: [], next: null }
  const [from = 0, skipped = 0] = numbersCursor(page.cursor, 2)
  if (from > files.bytes) throw invalidCursor()
  let position = beforeLine(from)
  let skip = skipped
  const items: ProblemView[] = []
  while (position < files.bytes) {
    const { lines } = await readLines(env.FILES, files, position, { bytes: PAGE_BYTES })
    for (const line of lines) {
      if (position < from) {
        position = lineAfter(line, from)
        continue
      }
      const found: ProblemView[] = JSON.parse(line).problems
      for (const problem of found.slice(skip)) {
        if (items.length === page.limit) return { items, next: `${position}.${skip}` }
        items.push(problem)
        skip++
      }
      skip = 0
      position += bytes(line)
    }
  }
  return { items, next: null }
}

/**
 * Returns a run's error report, without rows if the run had no problems. Throws `ApiError` 404 if the run made no plan,
 * 410 if the report has expired.
 */
async function reportOf(
  env: Env,
  id: string,
  type: 'xlsx' | 'csv',
  record: Recorder<'report_downloaded'>,
): Promise<Response> {
  const { problems } = await keptRun(env, id)
  const name = `import-errors.${type}`
  await record('report_downloaded', id, type)
  if (problems?.rows === 0) return download(await emptyReport(problems, type), name, REPORT_TYPES[type])
  const file = problems?.[type]
  if (!file) throw new ApiError(404, 'no_report', 'This run has no error report: it read no rows.')
  const object = await env.FILES.get(file)
  if (object === null) throw expired()
  return download(object.body, name, REPORT_TYPES[type])
}

/** Returns a file that the browser saves under a name; unsafe characters of the name are replaced. */
function download(body: BodyInit, name: string, type: string): Response {
  const safe = name.replace(/[^\w.-]+/g, '_')
  return new Response(body, {
    headers: { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${safe}"` },
  })
}

/**
 * Returns the position at which reading a page begins: that of the line break before `from`, so that a cursor in the
 * middle of a line is recognised.
 */
function beforeLine(from: number): number {
  return Math.max(0, from - 1)
}

/** Returns `from` if the line break before it was read. Throws `ApiError` 400 if another byte is there. */
function lineAfter(line: string, from: number): number {
  if (line !== '') throw invalidCursor()
  return from
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

function bytes(line: string): number {
  return new TextEncoder().encode(line).length + 1
}
