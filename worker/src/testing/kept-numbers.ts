import { type ContactDetails, readDetails } from '../core/contact.ts'
import type { Env } from '../env.ts'
import { contacts } from '../store/contacts.ts'
import { database } from '../store/database.ts'
import { contactEmails, contactNumbers } from '../store/numbers.ts'

/** Throws if the tables of numbers and addresses differ from those that the contacts in the directory have. */
export async function insistOnNumbers(env: Pick<Env, 'DB'>): Promise<void> {
  const db = database(env)
  const present = (await db.select().from(contacts)).filter(({ removedAt }) => removedAt === null)
  const ought = (values: (details: ContactDetails) => string[]) =>
    present.flatMap(({ key, details }) => values(readDetails(details)).map((value) => `${value} of ${key}`))
  const numbers = (await db.select().from(contactNumbers)).map(({ number, contact }) => `${number} of ${contact}`)
  compare(
    numbers,
    ought((details) => details.numbers.map(({ number }) => number)),
  )
  const emails = (await db.select().from(contactEmails)).map(({ email, contact }) => `${email} of ${contact}`)
  compare(
    emails,
    ought((details) => details.emails.map((email) => email.toLowerCase())),
  )
}

function compare(is: string[], ought: string[]): void {
  const missing = ought.filter((one) => !is.includes(one))
  const surplus = is.filter((one) => !ought.includes(one))
  if (missing.length + surplus.length > 0)
    throw new Error(`the table of numbers lacks ${missing.join(', ')}, and has ${surplus.join(', ')} too many`)
}
