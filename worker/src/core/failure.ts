/** Why a run, a connection test or a fetch came to nothing. The codes are part of the HTTP contract. */
export const FAILURE_CODES = [
  'unreachable',
  'timeout',
  'dns_failed',
  'tls_failed',
  'unauthorized',
  'forbidden',
  'not_found',
  'wrong_region',
  'redirect_refused',
  'address_refused',
  'not_a_contact_file',
  'truncated',
  'empty',
  'too_large',
  'unsupported_format',
  'encrypted_file',
  'header_missing',
  'header_duplicate',
  'host_key_unknown',
  'host_key_changed',
  'bridge_unavailable',
  'server_error',
  'crm_error',
  'rate_limited',
  'internal',
] as const
export type FailureCode = (typeof FAILURE_CODES)[number]

const RETRYABLE: ReadonlySet<FailureCode> = new Set([
  'unreachable',
  'timeout',
  'dns_failed',
  'truncated',
  'bridge_unavailable',
  'server_error',
  'rate_limited',
])

/**
 * The one error type of an import: a stable code, a sentence for the administrator and advice.
 * Neither sentence may hold a secret or a person's data, since both are stored, shown and e-mailed.
 */
export class Failure extends Error {
  readonly code: FailureCode
  readonly advice: string
  /** Whether the same call may succeed later with nothing changed here. */
  readonly retryable: boolean
  /** Seconds the remote side asked us to wait, where it did. */
  readonly retryAfter: number | null

  constructor(
    code: FailureCode,
    message: string,
    advice: string,
    options: { cause?: unknown; retryAfter?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Failure'
    this.code = code
    this.advice = advice
    this.retryable = RETRYABLE.has(code)
    this.retryAfter = options.retryAfter ?? null
  }
}
