/** The refusals of the API, by HTTP status. The codes are part of the contract, and the API description lists them. */
export const ERRORS = {
  400: ['invalid', 'invalid_json', 'invalid_cursor', 'wrong_password', 'wrong_code', 'truncated'],
  401: ['unauthorized', 'wrong_credentials', 'second_factor', 'wrong_code', 'bad_signature', 'signature_expired'],
  403: ['forbidden', 'not_a_user', 'cross_site', 'confirm_identity', 'second_factor_required', 'passwords_off'],
  404: ['not_found', 'no_plan', 'no_report', 'no_snapshot'],
  405: ['method_not_allowed'],
  409: [
    'run_active',
    'source_disabled',
    'wrong_kind',
    'no_file',
    'plan_stale',
    'part_not_waiting',
    'pair_not_waiting',
    'not_held',
    'already_applying',
    'already_over',
    'not_undoable',
    'expired',
    'managed_remotely',
    'contact_moved',
    'erased',
    'id_taken',
    'id_fixed',
    'name_taken',
    'email_taken',
    'user_id_taken',
    'own_password',
    'last_administrator',
    'second_factor_on',
    'key_fixed',
    'key_taken',
    'label_taken',
    'field_deleting',
    'field_in_use',
    'field_mapped',
    'fields_moved',
    'replayed',
    'not_needed',
  ],
  410: ['expired', 'cursor_expired', 'link_expired'],
  413: ['too_large'],
  415: ['unsupported_media_type'],
  422: ['idempotency_key_reused'],
  429: ['too_many_attempts'],
  500: ['internal', 'secret_unreadable'],
} as const
type Status = keyof typeof ERRORS
/** The codes of a status. */
export type ErrorCode<S extends Status = Status> = (typeof ERRORS)[S][number]

type Given = {
  [S in Status]: [status: S, code: ErrorCode<S>, detail: string, more?: Record<string, unknown>]
}[Status]

/** An error of the API: `application/problem+json` (RFC 9457) with a stable code. It never holds a secret. */
export class ApiError extends Error {
  readonly status: Status
  readonly code: ErrorCode
  readonly detail: string
  /** More members for the answer: `errors`, the ID of the run that blocks the request, … */
  readonly more: Record<string, unknown>

  constructor(...[status, code, detail, more = {}]: Given) {
    super(code)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.detail = detail
    this.more = more
  }
}

/** Returns the answer to an error. */
export function problemResponse(error: ApiError): Response {
  const { status, code, detail, more } = error
  const title = code.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase())
  const body = { type: `/api/docs#${code}`, title, status, detail, code, ...more }
  return Response.json(body, { status, headers: { 'Content-Type': 'application/problem+json' } })
}

/** Returns the error for data that retention has deleted (settings: `retentionDays`). */
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
