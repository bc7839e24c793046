import type { Env } from '../env.ts'
import { hashPassword } from '../security/passwords.ts'
import { newId } from '../security/random.ts'
import { hasAdministrator, insertUser } from '../store/users.ts'

/** Creates the administrator named in the Worker's secrets, if no user is one; without a password behind Access. */
export async function makeFirstAdministrator(env: Env): Promise<void> {
  if (env.ADMIN_EMAIL === undefined) return
  if (await hasAdministrator(env)) return
  const password = env.ADMIN_PASSWORD === undefined ? null : await hashPassword(env.ADMIN_PASSWORD)
  const user = { email: env.ADMIN_EMAIL, name: 'Administrator', role: 'administrator', userId: null, password } as const
  // The insert is refused if another request was first, or a user who is not an administrator has the address.
  await insertUser(env, newId(), user, Date.now())
}
