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

/** Returns the numbers of a contact as the table has them; none for null. */
export function numbersOf(details: ContactDetails | null): string[] {
  return details?.numbers.map(({ number }) => number) ?? []
}

/** Numbers that contacts gain and lose, collected for one batch. A batch has at most one change of a contact. */
export class NumberChanges {
  readonly #gained: string[] = []
  readonly #lost: string[] = []

  /** The numbers that contacts gain, and those that they lose: a JSON object with a member `"number": key` for each. */
  get gained(): string {
    return object(this.#gained)
  }

  get lost(): string {
    return object(this.#lost)
  }

  /** Takes the numbers of a contact before and after a change; none while it is not in the directory. */
  add(key: number, before: readonly string[], after: readonly string[]): void {
    for (const value of after) if (!before.includes(value)) this.#gained.push(member(value, key))
    for (const value of before) if (!after.includes(value)) this.#lost.push(member(value, key))
  }

  /** Returns the statements that write the numbers. Running them again changes nothing. */
  statements(): Statement[] {
    const { gained, lost } = this
    const statements: Statement[] = []
    if (this.#lost.length > 0) {
      statements.push(
        named('DELETE FROM contact_number WHERE (number, contact) IN (SELECT key, value FROM json_each(:lost))', {
          lost,
        }),
      )
    }
    if (this.#gained.length > 0) {
      statements.push(
        named('INSERT OR IGNORE INTO contact_number SELECT key, value FROM json_each(:gained)', { gained }),
      )
    }
    return statements
  }
}

/**
 * Returns a member of a JSON object, `"number": key`, for which the database need not parse each pair again. A number may
 * occur several times.
 */
function member(number: string, key: number): string {
  return `${JSON.stringify(number)}:${key}`
}

function object(members: readonly string[]): string {
  return `{${members.join(',')}}`
}

/** Returns the statement that deletes the numbers of a source's contacts. */
export function forgettingNumbers(source: string): Statement {
  return named(
    `DELETE FROM contact_number WHERE (number, contact) IN (SELECT t.value->>'${NUMBER_PATH}', c.key
      FROM contact c, json_each(c.details, '${pathOf('numbers')}') t WHERE c.source = :source)`,
    { source },
  )
}
