/*
 * What the health check says of each part of Muster. A word other than `ok` is an alarm, and each alarm has its section in
 * docs/alarms.md, which says what to do. The sentences name no person and no secret.
 */

/** The last of the migrations: the tables that this code needs. */
export const NEWEST_MIGRATION = '0039_long_fetches.sql'

/** Every check, with its alarms. */
export const ALARMS = {
  database: { failed: 'The database does not answer.' },
  files: { failed: 'The storage for files does not answer.' },
  migrations: {
    failed: 'The database does not say which migrations it has.',
    behind: 'The database lacks migrations that this version needs. Apply them.',
  },
  encryptionKey: {
    missing: 'There is no key that encrypts stored secrets.',
    invalid: 'A key that encrypts stored secrets is not 32 bytes in base64.',
  },
  publicUrl: { another: 'This request came to another address than the public one, at which nobody can sign in.' },
  cron: {
    late: 'The cron has not come for more than ten minutes: nothing is imported by schedule, and nothing is retried.',
  },
  queue: {
    stalled: 'A run has waited for half an hour: the queue does not deliver messages, or no message is processed.',
  },
  deadLetters: { some: 'A step failed so often within the last day that it was given up.' },
  email: {
    failed: 'The outbox cannot be read.',
    unsent: 'An e-mail is late, or was given up and reached nobody.',
  },
  sender: {
    placeholder: 'The sender’s address is the one of the example, from which no e-mail can be sent.',
    refused: 'Email Service refuses the sender’s address. Is its domain set up for sending?',
  },
  bridge: {
    missing: 'A source fetches by SFTP, and this deployment has no SFTP bridge.',
    failing: 'The SFTP bridge did not answer the last import of a source.',
  },
} as const satisfies Record<string, Record<string, string>>

type CheckName = keyof typeof ALARMS
/** The outcome of a check: `ok`, or the word of an alarm. */
type Word<C extends CheckName = CheckName> = 'ok' | (C extends CheckName ? keyof (typeof ALARMS)[C] & string : never)
export type Checks = { [C in CheckName]: Word<C> }

/** Returns the sentence of an alarm; null if all is well. */
export function sentenceOf(check: string, word: string): string | null {
  if (word === 'ok') return null
  const alarms: Record<string, Record<string, string>> = ALARMS
  return alarms[check]?.[word] ?? word
}
