import type { Env } from '../env.ts'
import { type Author, personAuthor, tokenAuthor } from '../security/author.ts'
import { hashToken } from '../security/passwords.ts'
import { mayAct, type Role } from '../security/roles.ts'
import { allows, roleOf, type Scope, type TokenScope } from '../security/scopes.ts'
import { findContact } from '../store/contacts.ts'
import { findRun } from '../store/runs.ts'
import type { SessionRow } from '../store/sessions.ts'
import { findToken, recordUse } from '../store/tokens.ts'
import { personOf } from './person.ts'
import { ApiError } from './problem.ts'
import { factorState } from './second-factor.ts'

/** The author of a request: a person with a session or behind Cloudflare Access, or a system with an API token. */
export interface Actor extends Author {
  kind: 'person' | 'token'
  id: string
  label: string
  name: string
  email: string | null
  /** Of a token without a role: the lowest. Whether it may make the call has been checked by its scopes. */
  role: Role
  /** The session of a person who has signed in with a password. */
  session: SessionRow | null
  /** What a token may do; null for a person. */
  scopes: readonly TokenScope[] | null
  /** The only sources that a token may see; null for all. */
  sources: readonly string[] | null
  /** Whether a token may only see the status of a run, since it is the run of a file that the token uploaded. */
  onlyStatus: boolean
}

/** What a route needs. */
export interface Needs {
  role: Role
  /** The scope with which a token may make the call. Left out if it takes a role. */
  scope?: Scope | undefined
  /**
   * How a token that is limited to some sources is kept to them: the path names a source, a run or a contact, or the handler
   * looks at `actor.sources` itself, or has nothing of a source. Left out if such a token is refused.
   */
  limited?: 'source' | 'run' | 'contact' | 'handler' | undefined
  /** Whether a token with `files:write` may make the call about a run of a file that it uploaded. */
  ownRuns?: boolean | undefined
  /** The request is no sign that its person is active. */
  passive?: boolean | undefined
  /** Only a person who has signed in with a password can make the call: it is about their own account. */
  personal?: boolean | undefined
  /** Whether a person may make the call before they have the second factor that the settings demand. */
  beforeFactor?: boolean | undefined
}

/** Returns the actor of a request. Throws `ApiError` 401 if nobody is signed in, 403 if the actor may be nobody here. */
export async function requireActor(env: Env, request: Request, { passive = false }: Needs): Promise<Actor> {
  const token = /^Bearer (\S+)$/.exec(request.headers.get('Authorization') ?? '')?.[1]
  if (token !== undefined) return tokenActor(env, token)
  const person = await personOf(env, request, passive)
  if (person === null) throw new ApiError(401, 'unauthorized', 'Sign in first, or send an API token.')
  const { user, session } = person
  const { name, email, role } = user
  return { ...personAuthor(user), name, email, role, session, scopes: null, sources: null, onlyStatus: false }
}

/**
 * Returns the actor with the rights that they have for a call, of which `id` is the `:id` or `:key` in the path. Throws
 * `ApiError` 403 if the rights are not sufficient.
 */
export async function requireRights(env: Env, actor: Actor, needs: Needs, id: string): Promise<Actor> {
  if (needs.personal === true && actor.session === null) {
    throw new ApiError(403, 'forbidden', 'Only a person who has signed in with a password can do this.')
  }
  if (actor.scopes !== null) return { ...actor, onlyStatus: await seesOnlyStatus(env, actor, actor.scopes, needs, id) }
  if (actor.session !== null && needs.beforeFactor !== true && (await factorState(env, actor)) === 'required') {
    throw new ApiError(403, 'second_factor_required', 'Set up an authenticator app on the page of your account first.')
  }
  if (mayAct(actor.role, needs.role)) return actor
  throw new ApiError(403, 'forbidden', `This needs the role “${needs.role}”; yours is “${actor.role}”.`)
}

/** Returns whether the actor of an earlier request may still make it: the token may have been revoked, or have ended. */
export async function stillActs(env: Env, request: Request, needs: Needs, id: string): Promise<boolean> {
  try {
    await requireRights(env, await requireActor(env, request, needs), needs, id)
    return true
  } catch (error) {
    if (error instanceof ApiError) return false
    throw error
  }
}

/** How exact the time of a token's last use is, in milliseconds. */
const USED_WITHIN = 5 * 60_000

async function tokenActor(env: Env, token: string): Promise<Actor> {
  const row = await findToken(env, await hashToken(token))
  const now = Date.now()
  if (row === null) throw new ApiError(401, 'unauthorized', 'The API token is unknown or was revoked.')
  if (row.expiresAt !== null && row.expiresAt <= now)
    throw new ApiError(401, 'unauthorized', 'The API token has expired. Make a new one.')
  if (now - (row.lastUsedAt ?? 0) >= USED_WITHIN) await recordUse(env, row.id, now)
  const { name, scopes, sources } = row
  const role = roleOf(scopes) ?? 'viewer'
  return { ...tokenAuthor(row), name, email: null, role, session: null, scopes, sources, onlyStatus: false }
}

/** Returns whether a token may only see the status of the run. Throws `ApiError` 403 if it may not make the call. */
async function seesOnlyStatus(
  env: Env,
  token: Actor,
  scopes: readonly TokenScope[],
  { role, scope, limited, ownRuns }: Needs,
  id: string,
): Promise<boolean> {
  if (allows(scopes, role, scope)) {
    if (token.sources !== null && limited !== 'handler') await requireSource(env, token.sources, limited, id)
    return false
  }
  if (ownRuns === true && scopes.includes('files:write')) {
    const run = await findRun(env, id)
    if (run?.callers?.includes(token.id) === true) return true
    throw new ApiError(403, 'forbidden', 'This token may only read the status of the runs of its own uploads.')
  }
  const either = scope === undefined ? '' : ` or the scope “${scope}”`
  throw new ApiError(403, 'forbidden', `This needs the role “${role}”${either}; the token has ${scopes.join(', ')}.`)
}

/** Throws `ApiError` 403 unless the path names one of these sources, or a run or a contact of one. */
async function requireSource(
  env: Env,
  sources: readonly string[],
  limited: 'source' | 'run' | 'contact' | undefined,
  id: string,
): Promise<void> {
  if (limited === undefined)
    throw new ApiError(403, 'forbidden', 'This token is limited to some sources, and this call is about all of them.')
  const source =
    limited === 'source' ? id : (await (limited === 'run' ? findRun(env, id) : findContact(env, id)))?.source
  if (source !== undefined && sources.includes(source)) return
  throw new ApiError(403, 'forbidden', 'This token is limited to other sources.')
}

/** How long after a sign-in or a confirmation a person need not show again who they are, in milliseconds. */
const CONFIRMED_FOR = 15 * 60_000

/** Throws `ApiError` 403 `confirm_identity` if a person with a session has to show again who they are. */
export function requireConfirmed({ session }: Actor): void {
  if (session === null || Date.now() - session.confirmedAt < CONFIRMED_FOR) return
  throw new ApiError(403, 'confirm_identity', 'Enter your password again to do this.')
}
