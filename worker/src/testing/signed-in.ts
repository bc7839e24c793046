import type { Env } from '../env.ts'
import { hashToken } from '../security/passwords.ts'
import { database } from '../store/database.ts'
import { sessions } from '../store/sessions.ts'
import { tokens } from '../store/tokens.ts'
import { users } from '../store/users.ts'

const SESSION = 'a-session-of-the-administrator'
const TOKEN = 'muster_a-token-of-a-system'
/** A time that tests do not reach, in milliseconds since 1970. */
const FOR_EVER = 2e14

/** Makes an administrator, and a token of a system, in an empty database. */
export async function insertAdministrator(env: Pick<Env, 'DB'>): Promise<void> {
  const db = database(env)
  const role = 'administrator'
  const email = 'admin@example.org'
  await db.batch([
    db.insert(users).values({ id: 'admin', email, name: 'Admin', role, password: 'set', createdAt: 0 }),
    db.insert(tokens).values({
      id: 'system',
      name: 'A system',
      tokenHash: await hashToken(TOKEN),
      scopes: [role],
      createdAt: 0,
    }),
  ])
}

/** Makes the session of the administrator, whom the database has. */
export async function insertSession(env: Pick<Env, 'DB'>): Promise<void> {
  const ends = { expiresAt: FOR_EVER, seenAt: FOR_EVER, confirmedAt: FOR_EVER }
  const session = { tokenHash: await hashToken(SESSION), user: 'admin', id: 'session', client: null, createdAt: 0 }
  await database(env)
    .insert(sessions)
    .values({ ...session, ...ends })
}

/** Returns the headers of a request from the administrator at the pages, which are at `origin`. */
export function asPerson(origin: string): Record<string, string> {
  return { Cookie: `__Host-muster_session=${SESSION}`, Origin: origin }
}

/** Returns the headers of a request from a system. */
export function asSystem(token = TOKEN): Record<string, string> {
  return { Authorization: `Bearer ${token}` }
}
