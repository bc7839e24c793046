import { unreadable, type Value } from './value.ts'
export type EmailCode = 'email_unreadable' | 'email_too_long'
/** `value` has at least one address; findings name the parts left out. `unreadable` when no part could be read. */
export function readEmails(cell: string): Value<string[]> {
  return unreadable('email_unreadable', cell)
}
