import { type ContactDetails, readDetails } from '../core/contact.ts'
import { emailWord } from '../core/search.ts'
import type { Env } from '../env.ts'
import { contacts } from '../store/contacts.ts'
import { all, database, named } from '../store/database.ts'
import { contactNumbers } from '../store/numbers.ts'
import { REMOVED } from '../store/removed.ts'

/**
 * Throws if the numbers and addresses by which contacts are found differ from those that the contacts in the directory
 * have, or if other contacts are found as removed than those that are.
 */
export async function insistOnNumbers(env: Pick<Env, 'DB'>): Promise<void> {
  const db = database(env)
  const everybody = await db.select().from(contacts)
  const present = everybody.filter(({ removedAt }) => removedAt === null)
  const ought = (values: (details: ContactDetails) => string[], among = present) =>
    among.flatMap(({ key, details }) => values(readDetails(details)).map((value) => `${value} of ${key}`))
  const numbers = (await db.select().from(contactNumbers)).map(({ number, contact }) => `${number} of ${contact}`)
  compare(
    numbers,
    ought((details) => details.numbers.map(({ number }) => number)),
  )
  const words = new Set(everybody.flatMap(({ details }) => readDetails(details).emails.map(emailWord)))
  const found = await all<{ word: string; key: number }>(
    env,
    named(
      `SELECT j.value AS word, s.rowid AS key FROM json_each(:words) j CROSS JOIN contact_search s
        WHERE s.contact_search MATCH '"' || j.value || '"'`,
      { words: JSON.stringify([...words]) },
    ),
  )
  compare(
    found.map(({ word, key }) => `${word} of ${key}`),
    ought((details) => [...new Set(details.emails.map(emailWord))]),
  )
  const removed = await all<{ key: number }>(env, named(`SELECT c.key FROM ${REMOVED}`))
  compare(
    removed.map(({ key }) => `removed ${key}`),
    everybody.flatMap(({ key, removedAt }) => (removedAt === null ? [] : [`removed ${key}`])),
  )
}

function compare(is: string[], ought: string[]): void {
  const [has, needs] = [new Set(is), new Set(ought)]
  const missing = ought.filter((one) => !has.has(one))
  const surplus = is.filter((one) => !needs.has(one))
  if (missing.length + surplus.length > 0)
    throw new Error(`what finds contacts lacks ${missing.join(', ')}, and has ${surplus.join(', ')} too many`)
}
