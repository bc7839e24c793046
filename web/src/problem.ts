/** Why a field of the body was refused. `path` is dotted: `connection.url`. */
export interface FieldError {
  path: string
  message: string
}

/** A refusal of the API (`application/problem+json`), or no answer at all (`status` 0). `message` is for people. */
export class ApiProblem extends Error {
  readonly status: number
  /** Stable, snake_case. */
  readonly code: string
  readonly errors: readonly FieldError[]
  /** The active run that a 409 `run_active` names. */
  readonly runId: string | null
  /** What a 401 `second_factor` hands out for the second step of signing in. */
  readonly ticket: string | null

  constructor(
    status: number,
    code: string,
    message: string,
    errors: readonly FieldError[],
    runId: string | null,
    ticket: string | null = null,
  ) {
    super(message)
    this.name = 'ApiProblem'
    this.status = status
    this.code = code
    this.errors = errors
    this.runId = runId
    this.ticket = ticket
  }
}

/** Returns the refusal that the body of an answer describes. */
export function problemFrom(status: number, body: unknown): ApiProblem {
  const problem = isRecord(body) ? body : {}
  const errors = Array.isArray(problem.errors) ? problem.errors.flatMap(fieldError) : []
  const detail = textOf(problem.detail) ?? textOf(problem.title) ?? `Muster answered with an error (${status}).`
  // With field errors the detail names fields by their keys. The page shows each error beside the label of its field
  // instead.
  const message = errors.length === 0 ? detail : 'Some fields need another look.'
  const runId = textOf(problem.runId) ?? textOf(problem.id)
  return new ApiProblem(status, textOf(problem.code) ?? 'internal', message, errors, runId, textOf(problem.ticket))
}

function fieldError(entry: unknown): FieldError[] {
  if (!isRecord(entry)) return []
  const path = Array.isArray(entry.path) ? entry.path.join('.') : (textOf(entry.path) ?? '')
  return [{ path: path.replace(/^[/.]/, '').replaceAll('/', '.'), message: textOf(entry.message) ?? 'Not valid' }]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
