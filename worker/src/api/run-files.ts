import type { Env } from '../env.ts'
import { hasFile, readFile } from '../store/files.ts'
import { emptyReport } from '../store/reports.ts'
import { ApiError, expired } from './problem.ts'
import type { Recorder } from './recording.ts'
import { route } from './route.ts'
import { keptRun } from './run-lines.ts'

const REPORT_TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
}

/**
 * The files of a run that can be downloaded until it expires: its reports and the bytes it fetched. Reports and bytes
 * hold columns that are not mapped, and so more than the directory, which every user may read.
 */
export const runFileRoutes = [
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
