import { eq } from 'drizzle-orm'
import type { Env } from '../env.ts'
import { hashPassword } from '../security/passwords.ts'
import { newId } from '../security/random.ts'
import { database } from '../store/database.ts'
import { users } from '../store/schema.ts'

/** Makes the administrator named in the Worker's secrets, while there is no other; without a password behind Access. */
export async function makeFirstAdministrator(env: Env): Promise<void> {
  if (env.ADMIN_EMAIL === undefined) return
  const db = database(env.DB)
  const [anyone] = await db.select({ id: users.id }).from(users).where(eq(users.role, 'administrator')).limit(1)
  if (anyone !== undefined) return
  const password = env.ADMIN_PASSWORD === undefined ? null : await hashPassword(env.ADMIN_PASSWORD)
  await db
    .insert(users)
    .values({
      id: newId(),
      email: env.ADMIN_EMAIL,
      name: 'Administrator',
      role: 'administrator',
      password,
      createdAt: Date.now(),
    })
    .onConflictDoNothing()
}
