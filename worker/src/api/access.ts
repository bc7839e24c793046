import type { Env } from '../env.ts'
import { ACCESS_HEADER, accessEmail } from '../security/access-jwt.ts'
import { hashToken } from '../security/passwords.ts'
import { mayAct, ROLES, type Role } from '../security/roles.ts'
import { sessionUser } from '../store/sessions.ts'
import { findToken } from '../store/tokens.ts'
import { findUserByEmail, type UserRow } from '../store/users.ts'
import { makeFirstAdministrator } from './first-administrator.ts'
import { ApiError } from './problem.ts'

export const SESSION_COOKIE = 'muster_session'

/** The author of a request: a person with a session or behind Cloudflare Access, or a system with an API token. */
export interface Actor {
  kind: 'person' | 'token'
  id: string
  name: string
  email: string | null
  /** The actor's name in the audit and in a contact's history. */
  label: string
  role: Role
}

/** Returns the actor of a request. Throws `ApiError` 401 if nobody is signed in, 403 if the role is not sufficient. */
export async function requireActor(env: Env, request: Request, needed: Role): Promise<Actor> {
  const actor =
    (await tokenActor(env, request)) ?? (await sessionActor(env, request)) ?? (await accessActor(env, request))
  if (actor === null) throw new ApiError(401, 'unauthorized', 'Sign in first, or send an API token.')
  if (!mayAct(actor.role, needed)) {
    throw new ApiError(403, 'forbidden', `This needs the role “${needed}”; yours is “${actor.role}”.`)
  }
  return actor
}

async function tokenActor(env: Env, request: Request): Promise<Actor | null> {
  const token = /^Bearer (\S+)$/.exec(request.headers.get('Authorization') ?? '')?.[1]
  if (token === undefined) return null
  const row = await findToken(env, await hashToken(token))
  if (row === null) throw new ApiError(401, 'unauthorized', 'The API token is unknown or was revoked.')
  const role = ROLES.find((known) => row.scopes.includes(known)) ?? 'viewer'
  return { kind: 'token', id: row.id, name: row.name, email: null, label: row.name, role }
}

async function sessionActor(env: Env, request: Request): Promise<Actor | null> {
  const token = sessionToken(request)
  if (token === null) return null
  refuseCrossSite(request)
  const user = await sessionUser(env, await hashToken(token), Date.now())
  return user === null ? null : personOf(user)
}

/** Returns the actor that Cloudflare Access let in. The role of their user decides what they may do here. */
async function accessActor(env: Env, request: Request): Promise<Actor | null> {
  const token = request.headers.get(ACCESS_HEADER)
  if (token === null || env.ACCESS_ISSUER === undefined || env.ACCESS_AUDIENCE === undefined) return null
  refuseCrossSite(request)
  const email = await accessEmail(token, { issuer: env.ACCESS_ISSUER, audience: env.ACCESS_AUDIENCE })
  if (email === null) return null
  await makeFirstAdministrator(env)
  const user = await findUserByEmail(env, email)
  if (user === null) {
    throw new ApiError(403, 'not_a_user', `${email} is not a user of this Muster. An administrator can add them.`)
  }
  return personOf(user)
}

function personOf({ id, name, email, role }: UserRow): Actor {
  return { kind: 'person', id, name, email, label: email, role }
}

export function sessionToken(request: Request): string | null {
  return new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([^;]+)`).exec(request.headers.get('Cookie') ?? '')?.[1] ?? null
}

/**
 * Refuses a request from another site, which must not use the visitor's cookie. `SameSite=Lax` and this check both
 * prevent it.
 */
export function refuseCrossSite(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const site = request.headers.get('Sec-Fetch-Site')
  if (site !== null && site !== 'same-origin' && site !== 'none') {
    throw new ApiError(403, 'cross_site', 'Requests from other sites are refused.')
  }
}
