import { readDetails } from '../core/contact.ts'
import type { Env } from '../env.ts'
import { contacts } from '../store/contacts.ts'
import { database } from '../store/database.ts'
import { contactNumbers } from '../store/numbers.ts'

/** Throws if the table of numbers differs from the numbers that the contacts in the directory have. */
export async function insistOnNumbers(env: Pick<Env, 'DB'>): Promise<void> {
  const rows = await database(env).select().from(contacts)
  const kept = await database(env).select().from(contactNumbers)
  const present = rows.filter(({ removedAt }) => removedAt === null)
  const ought = present.flatMap(({ key, details }) =>
    readDetails(details).numbers.map(({ number }) => `${number} of ${key}`),
  )
  const is = kept.map(({ number, contact }) => `${number} of ${contact}`)
  const missing = ought.filter((one) => !is.includes(one))
  const surplus = is.filter((one) => !ought.includes(one))
  if (missing.length + surplus.length > 0)
    throw new Error(`the table of numbers lacks ${missing.join(', ')}, and has ${surplus.join(', ')} too many`)
}
