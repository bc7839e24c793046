import type { Env } from '../env.ts'
import { emptyReport } from '../store/reports.ts'
import type { RunRow } from '../store/runs.ts'
import { ApiError, expired } from './problem.ts'

const TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
}

/**
 * Returns a run's error report, without rows if the run had no problems. Throws `ApiError` 404 if the run made no plan,
 * 410 if the report has expired.
 */
export async function reportOf(env: Env, run: RunRow, type: 'xlsx' | 'csv'): Promise<Response> {
  const { problems } = run
  const name = `import-errors.${type}`
  if (problems?.rows === 0) return download(await emptyReport(problems, type), name, TYPES[type])
  const file = problems?.[type]
  if (!file) throw new ApiError(404, 'no_report', 'This run has no error report: it read no rows.')
  const object = await env.FILES.get(file)
  if (object === null) throw expired()
  return download(object.body, name, TYPES[type])
}

/** Returns a file that the browser saves under a name; unsafe characters of the name are replaced. */
export function download(body: BodyInit, name: string, type: string): Response {
  const safe = name.replace(/[^\w.-]+/g, '_')
  return new Response(body, {
    headers: { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${safe}"` },
  })
}
