import type { Env } from '../env.ts'
import { ACCESS_HEADER, accessEmail } from '../security/access-jwt.ts'
import { hashToken } from '../security/passwords.ts'
import { openSession, type SessionRow, touchSession } from '../store/sessions.ts'
import { findUserByEmail, type UserRow } from '../store/users.ts'
import { readCookie } from './cookies.ts'
import { makeFirstAdministrator } from './first-administrator.ts'
import { ApiError } from './problem.ts'

/** A person who makes a request. `session` is null for a person whom Cloudflare Access let in. */
export interface Person {
  user: UserRow
  session: SessionRow | null
}

/**
 * Returns the person of a request; null if nobody is signed in. `passive`: the request is no sign that the person is active.
 * Throws `ApiError` 403 for a change that another site asks for, and for a person who is no user.
 */
export async function personOf(env: Env, request: Request, passive: boolean): Promise<Person | null> {
  return (await sessionPerson(env, request, passive)) ?? (await accessPerson(env, request))
}

async function sessionPerson(env: Env, request: Request, passive: boolean): Promise<Person | null> {
  const token = readCookie(request, 'session')
  if (token === null) return null
  requireOwnOrigin(env, request, { named: true })
  const now = Date.now()
  const found = await openSession(env, await hashToken(token), now)
  if (found !== null && !passive) await touchSession(env, found.session, now)
  return found
}

/** Returns whether the session that made a request is still open; true for a request without one. */
export async function isSignedIn(env: Env, { session }: { session: SessionRow | null }): Promise<boolean> {
  return session === null || (await openSession(env, session.tokenHash, Date.now())) !== null
}

/** Returns the person whom Cloudflare Access let in. The role of their user decides what they may do here. */
async function accessPerson(env: Env, request: Request): Promise<Person | null> {
  const token = request.headers.get(ACCESS_HEADER)
  if (token === null || env.ACCESS_ISSUER === undefined || env.ACCESS_AUDIENCE === undefined) return null
  requireOwnOrigin(env, request, { named: true })
  const email = await accessEmail(token, { issuer: env.ACCESS_ISSUER, audience: env.ACCESS_AUDIENCE })
  if (email === null) return null
  await makeFirstAdministrator(env)
  const user = await findUserByEmail(env, email)
  if (user === null) {
    throw new ApiError(403, 'not_a_user', `${email} is not a user of this Muster. An administrator can add them.`)
  }
  return { user, session: null }
}

/**
 * Refuses a change that a page of another site asks for, which must not use the visitor's cookie. `named`: the request must
 * say which site it comes from, as every browser does. Throws `ApiError` 403.
 */
export function requireOwnOrigin(env: Env, request: Request, { named = false } = {}): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const site = request.headers.get('Sec-Fetch-Site')
  const origin = request.headers.get('Origin')
  const foreign = site !== null && site !== 'same-origin' && site !== 'none'
  if (!foreign && (origin === null ? !named : isOwnOrigin(env, origin))) return
  const from = origin === null ? 'does not say which site it comes from' : `comes from ${origin.slice(0, 200)}`
  throw new ApiError(
    403,
    'cross_site',
    `This request ${from}. Changes are taken only from ${new URL(env.PUBLIC_URL).origin}, the public address of Muster.`,
  )
}

/** Returns whether an origin is that of the public address. On loopback, every name of the machine is the same. */
export function isOwnOrigin(env: Env, origin: string): boolean {
  const own = new URL(env.PUBLIC_URL)
  if (origin === own.origin) return true
  if (!URL.canParse(origin) || !isLoopback(own)) return false
  const other = new URL(origin)
  return isLoopback(other) && other.protocol === own.protocol && other.port === own.port
}

export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}
