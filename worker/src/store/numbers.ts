import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { pathOf } from '../core/attributes.ts'
import { type ContactDetails, NUMBER_PATH } from '../core/contact.ts'
import { named, type Statement } from './database.ts'

/**
 * The numbers of the contacts that are in the directory: a row for each number (E.164) of a contact, whatever its type
 * and extension. A contact that is removed has none. `writeChanges` keeps them.
 */
export const contactNumbers = sqliteTable(
  'contact_number',
  { number: text('number').notNull(), contact: integer('contact').notNull() },
  ({ number, contact }) => [primaryKey({ columns: [number, contact] })],
)

/**
 * The e-mail addresses of the contacts that are in the directory, with A-Z in lower case: two that differ only by that
 * are one address. A contact that is removed has none. `writeChanges` keeps them.
 */
export const contactEmails = sqliteTable(
  'contact_email',
  { email: text('email').notNull(), contact: integer('contact').notNull() },
  ({ email, contact }) => [primaryKey({ columns: [email, contact] })],
)

/** Returns the numbers of a contact as the table has them; none for null. */
export function numbersOf(details: ContactDetails | null): string[] {
  return details?.numbers.map(({ number }) => number) ?? []
}

/** Returns the addresses of a contact as the table has them; none for null. */
export function emailsOf(details: ContactDetails | null): string[] {
  // Like `lower` of SQLite, which leaves other letters than A-Z as they are.
  return details?.emails.map((email) => email.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())) ?? []
}

/**
 * Numbers or addresses that contacts gain and lose, collected for one batch. A batch has at most one change of a
 * contact.
 */
export class HolderChanges {
  readonly #column: 'number' | 'email'
  readonly #gained: string[] = []
  readonly #lost: string[] = []

  constructor(column: 'number' | 'email') {
    this.#column = column
  }

  /** The values that contacts gain, and those that they lose: a JSON object with a member `"value": key` for each. */
  get gained(): string {
    return object(this.#gained)
  }

  get lost(): string {
    return object(this.#lost)
  }

  /** Takes the values of a contact before and after a change; none while it is not in the directory. */
  add(key: number, before: readonly string[], after: readonly string[]): void {
    for (const value of after) if (!before.includes(value)) this.#gained.push(member(value, key))
    for (const value of before) if (!after.includes(value)) this.#lost.push(member(value, key))
  }

  /** Returns the statements that write the values. Running them again changes nothing. */
  statements(): Statement[] {
    const { gained, lost } = this
    const [column, table] = [this.#column, `contact_${this.#column}`]
    const statements: Statement[] = []
    if (this.#lost.length > 0) {
      statements.push(
        named(`DELETE FROM ${table} WHERE (${column}, contact) IN (SELECT key, value FROM json_each(:lost))`, {
          lost,
        }),
      )
    }
    if (this.#gained.length > 0) {
      statements.push(named(`INSERT OR IGNORE INTO ${table} SELECT key, value FROM json_each(:gained)`, { gained }))
    }
    return statements
  }
}

/**
 * Returns a member of a JSON object, `"value": key`, for which the database need not parse each pair again. A value may
 * occur several times.
 */
function member(value: string, key: number): string {
  return `${JSON.stringify(value)}:${key}`
}

function object(members: readonly string[]): string {
  return `{${members.join(',')}}`
}

/** Returns the statements that delete the numbers and addresses of a source's contacts. */
export function forgettingHolders(source: string): Statement[] {
  const of = (list: 'numbers' | 'emails') =>
    `FROM contact c, json_each(c.details, '${pathOf(list)}') t WHERE c.source = :source`
  return [
    named(
      `DELETE FROM contact_number WHERE (number, contact) IN (SELECT t.value->>'${NUMBER_PATH}', c.key ${of('numbers')})`,
      { source },
    ),
    named(`DELETE FROM contact_email WHERE (email, contact) IN (SELECT lower(t.value), c.key ${of('emails')})`, {
      source,
    }),
  ]
}
