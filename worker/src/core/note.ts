import { Failure } from './failure.ts'

/**
 * What may be written down of an error: its class and, of our own failures, the code. Messages of other errors may
 * quote a person's data or a secret, so they stay out (invariant 9).
 */
export function noteOf(error: unknown): string {
  if (error instanceof Failure) return error.code
  return error instanceof Error ? error.name : typeof error
}
