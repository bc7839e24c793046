import { keysOf } from './keys.ts'

/**
 * The reasons why a run, a connection test or a fetch fails. The codes are part of the HTTP contract. A new code needs
 * only an entry here. `retryable`: whether the same call may succeed later although nothing is changed in Muster.
 */
const FAILURES = {
  unreachable: { retryable: true },
  timeout: { retryable: true },
  dns_failed: { retryable: true },
  tls_failed: { retryable: false },
  unauthorized: { retryable: false },
  forbidden: { retryable: false },
  not_found: { retryable: false },
  wrong_region: { retryable: false },
  redirect_refused: { retryable: false },
  address_refused: { retryable: false },
  not_a_contact_file: { retryable: false },
  truncated: { retryable: true },
  empty: { retryable: false },
  too_large: { retryable: false },
  unsupported_format: { retryable: false },
  encrypted_file: { retryable: false },
  header_missing: { retryable: false },
  header_duplicate: { retryable: false },
  host_key_unknown: { retryable: false },
  host_key_changed: { retryable: false },
  bridge_unavailable: { retryable: true },
  server_error: { retryable: true },
  crm_error: { retryable: false },
  rate_limited: { retryable: true },
  secret_unreadable: { retryable: false },
  plan_damaged: { retryable: false },
  internal: { retryable: false },
} satisfies Record<string, { retryable: boolean }>
export type FailureCode = keyof typeof FAILURES
export const FAILURE_CODES = keysOf(FAILURES)

/**
 * The one error type of an import: a stable code, a sentence for the administrator and advice. Neither sentence may
 * hold a secret or a person's data, because both are stored, shown and e-mailed.
 */
export class Failure extends Error {
  readonly code: FailureCode
  readonly advice: string
  /** Whether the same call may succeed later although nothing is changed in Muster. */
  readonly retryable: boolean
  /** The seconds that the remote side asked us to wait; null if it did not ask. */
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
    this.retryable = FAILURES[code].retryable
    this.retryAfter = options.retryAfter ?? null
  }
}
