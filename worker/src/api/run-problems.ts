import * as z from 'zod'
import { PROBLEM_CODES, type Problem } from '../core/problem.ts'
import type { Env } from '../env.ts'
import { causesOf } from '../store/compared-problems.ts'
import type { Total } from '../store/contact-query.ts'
import { readLines } from '../store/lines.ts'
import type { ProblemFiles } from '../store/reports.ts'
import { invalidCursor, numbersCursor, pageOf, pageQuery, positionCursor } from './page.ts'
import { route } from './route.ts'
import { beforeLine, bytesOf, keptRun, lineAfter, PAGE_BYTES } from './run-lines.ts'
import { type Page, pageSchema, totalSchema } from './views/answer.ts'
import { type ProblemView, problemSchema, runCauseSchema } from './views/run.ts'

/** The most parts of the file that one page reads, of `PAGE_BYTES` each. */
const MOST_READS = 20

const problemsQuery = pageQuery.extend({
  code: z.enum(PROBLEM_CODES).optional(),
  column: z.string().max(500).optional().describe('Only problems of the column with this header'),
  severity: z.enum(['error', 'warning']).optional(),
  new: z
    .enum(['true', 'false'])
    .optional()
    .describe('Only problems that the report before did not have, or that it had'),
})
type ProblemsQuery = z.output<typeof problemsQuery>

/** What was wrong in a run's file: row by row, and by what rows have in common. */
export const runProblemRoutes = [
  route({
    method: 'get',
    path: '/api/runs/:id/problems',
    summary: 'What was not imported as it stands, in the order of the rows',
    role: 'viewer',
    scope: 'runs:read',
    limited: 'run',
    query: problemsQuery,
    answer: pageSchema(problemSchema).extend({
      total: totalSchema
        .nullable()
        .describe('How many problems the run has; null for a filtered list, and before the run has ended'),
    }),
    handle: async ({ env, params, query }) => problems(env, (await keptRun(env, params.id)).problems, query),
  }),
  route({
    method: 'get',
    path: '/api/runs/:id/problems/causes',
    summary: 'What problems rows have in common: errors first, and those of most rows first',
    role: 'viewer',
    scope: 'runs:read',
    limited: 'run',
    query: pageQuery,
    answer: pageSchema(runCauseSchema),
    async handle({ env, params, query }) {
      const { problems: files } = await keptRun(env, params.id)
      const causes = files === null ? [] : await causesOf(env, files)
      const from = positionCursor(query.cursor)
      const some = causes.slice(from, from + query.limit + 1).map((cause, at) => ({ cause, next: from + at + 1 }))
      return pageOf(
        some,
        query.limit,
        ({ next }) => String(next),
        ({ cause }) => cause,
      )
    },
  }),
]

/**
 * Returns a page of the problems. The cursor is a byte position in the file, and how many problems of the line there were on
 * the page before. A page of a filtered list ends after a part of the file of a bounded size.
 */
async function problems(
  env: Env,
  files: ProblemFiles | null,
  page: ProblemsQuery,
): Promise<Page<ProblemView> & { total: Total | null }> {
  if (files === null || files.bytes === 0) return { items: [], next: null, total: { count: 0, more: false } }
  const { cursor, limit, code, column, severity } = page
  const isFiltered = [code, column, severity, page.new].some((sought) => sought !== undefined)
  const { problems: count, more = 0 } = files
  const total = isFiltered || count === undefined ? null : { count, more: more > 0 }
  const [from = 0, skipped = 0] = numbersCursor(cursor, 2)
  if (from > files.bytes) throw invalidCursor()
  let position = beforeLine(from)
  let at = skipped
  const items: ProblemView[] = []
  for (let read = 0; position < files.bytes && read < MOST_READS; read++) {
    const { lines } = await readLines(env.FILES, files, position, { bytes: PAGE_BYTES })
    for (const line of lines) {
      if (position < from) {
        position = lineAfter(line, from)
        continue
      }
      const found: Problem[] = JSON.parse(line).problems
      for (const problem of found.slice(at)) {
        const view = { ...problem, new: problem.new === true && files.repeated !== true }
        if (isSought(view, page)) {
          if (items.length === limit) return { items, next: `${position}.${at}`, total }
          items.push(view)
        }
        at++
      }
      at = 0
      position += bytesOf(line)
    }
  }
  return { items, next: position < files.bytes ? String(position) : null, total }
}

function isSought(problem: ProblemView, { code, column, severity, new: isNew }: ProblemsQuery): boolean {
  return (
    (code === undefined || problem.code === code) &&
    (column === undefined || problem.column === column) &&
    (severity === undefined || problem.severity === severity) &&
    (isNew === undefined || problem.new === (isNew === 'true'))
  )
}
