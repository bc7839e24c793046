/** An error of the API: `application/problem+json` (RFC 9457) with a stable code. Never holds a secret. */
export class ApiError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 405 | 413 | 415 | 422 | 429 | 500 | 503
  readonly code: string
  readonly detail: string
  /** More members for the answer: `errors`, the ID of the run that is in the way, … */
  readonly more: Record<string, unknown>

  constructor(status: ApiError['status'], code: string, detail: string, more: Record<string, unknown> = {}) {
    super(code)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.detail = detail
    this.more = more
  }
}

/** The answer to an error. */
export function problemResponse(error: ApiError): Response {
  const { status, code, detail, more } = error
  const title = code.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase())
  const body = { type: `/api/docs#${code}`, title, status, detail, code, ...more }
  return Response.json(body, { status, headers: { 'Content-Type': 'application/problem+json' } })
}

/** The answer where retention has taken what is asked for (settings: `retentionDays`). */
export function expired(): ApiError {
  return new ApiError(
    410,
    'expired',
    'The files of this run have expired: its time to be kept is over. What it did to a contact is in the contact’s history.',
  )
}

export function notFound(what: string): ApiError {
  return new ApiError(404, 'not_found', `There is no such ${what}.`)
}
