/** What a field of the body did wrong; `path` is dotted: `connection.url`. */
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
  /** Where a 409 `run_active` names the run that is in the way. */
  readonly runId: string | null

  constructor(status: number, code: string, message: string, errors: readonly FieldError[], runId: string | null) {
    super(message)
    this.name = 'ApiProblem'
    this.status = status
    this.code = code
    this.errors = errors
    this.runId = runId
  }
}

const signedOutListeners = new Set<() => void>()

/** Calls `listener` whenever the API says that nobody is signed in; returns how to stop that. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener)
  return () => signedOutListeners.delete(listener)
}

/** Reads `path` (`/api/…`). Throws `ApiProblem`; an aborted call throws the signal’s reason. */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return call<T>('GET', path, undefined, signal)
}

/** Writes to `path`. Throws `ApiProblem`. */
export function send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return call<T>(method, path, body ?? (method === 'DELETE' ? undefined : {}), undefined)
}

async function call<T>(method: string, path: string, body: unknown, signal: AbortSignal | undefined): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal ?? null,
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error
    throw new ApiProblem(0, 'offline', 'Muster could not be reached. Check your connection and try again.', [], null)
  })
  const answer: unknown = response.status === 204 ? undefined : await readJson(response)
  if (response.ok) return answer as T
  if (response.status === 401 && path !== '/api/session') for (const listener of signedOutListeners) listener()
  throw problemFrom(response.status, answer)
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function problemFrom(status: number, body: unknown): ApiProblem {
  const problem = isRecord(body) ? body : {}
  const errors = Array.isArray(problem.errors) ? problem.errors.flatMap(fieldError) : []
  const detail = textOf(problem.detail) ?? textOf(problem.title) ?? `Muster answered with an error (${status}).`
  // The detail then names fields as programs know them; the page names them beside their labels.
  const message = errors.length === 0 ? detail : 'Some fields need another look.'
  const runId = textOf(problem.runId) ?? textOf(problem.id)
  return new ApiProblem(status, textOf(problem.code) ?? 'internal', message, errors, runId)
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

/** `path` with the parameters that are not empty. */
export function withQuery(path: string, parameters: Record<string, string>): string {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''))
  return query.size === 0 ? path : `${path}?${query}`
}
