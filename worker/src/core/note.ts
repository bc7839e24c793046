import { Failure } from './failure.ts'

/**
 * Returns the part of an error that may be logged: its class, or the code of one of our own failures. Messages of other
 * errors may quote a person's data or a secret, so they are left out (invariant 9).
 */
export function noteOf(error: unknown): string {
  if (error instanceof Failure) return error.code
  return error instanceof Error ? error.name : typeof error
}
