import type { Env } from '../env.ts'
import { type Author, stranger } from '../security/author.ts'
import { type AuditAction, audit, auditEach, auditFolded } from '../store/audit.ts'
import { findSource } from '../store/sources.ts'
import type { Actor } from './access.ts'
import { clientAddress, clientNetwork } from './client-address.ts'
import type { ApiError } from './problem.ts'

/**
 * Records an action in the audit. `detail` must hold neither a secret nor what is known about a contact. A list has the members
 * that changed; if it is empty, nothing was done and nothing is recorded. `who` is the actor of the call unless it is given. Several
 * subjects have an entry each.
 */
export type Recorder<Action> = (
  action: Action,
  subject: string | null | readonly string[],
  detail?: string | null | readonly string[],
  who?: Author,
) => Promise<void>

/**
 * Returns what records the actions of a call. Reads of systems are folded, since they may come every minute; so are actions of
 * strangers, who could repeat them without end.
 */
export function recorder(env: Env, request: Request, actor: Actor | null): Recorder<AuditAction> {
  const caller: Author = actor ?? stranger()
  return async (action, subject, detail = null, who = caller) => {
    if (typeof detail === 'object' && detail?.length === 0) return
    const lines = typeof detail === 'string' ? detail : (detail?.join('\n') ?? null)
    const client = clientAddress(request)
    if (typeof subject === 'object' && subject !== null) {
      return auditEach(env, { who, action, detail: lines, client }, subject)
    }
    const entry = { who, action, subject, detail: lines, client }
    const isFolded = who.kind === 'stranger' || (who.kind === 'token' && request.method === 'GET')
    await (isFolded ? auditFolded(env, entry, clientNetwork(request)) : audit(env, entry))
  }
}

const REFUSALS: Partial<Record<ApiError['code'], AuditAction>> = {
  forbidden: 'access_refused',
  not_a_user: 'access_refused',
  cross_site: 'access_refused',
  second_factor_required: 'access_refused',
  too_many_attempts: 'sign_in_refused',
  bad_signature: 'signature_refused',
  signature_expired: 'signature_refused',
}

/** Records that a call was refused, if the refusal is about who may do what. `path` is that of the route, without IDs. */
export async function recordRefusal(
  env: Env,
  request: Request,
  { method, path }: { method: string; path: string },
  actor: Actor | null,
  id: string | undefined,
  { code }: ApiError,
): Promise<void> {
  const isToken = code === 'unauthorized' && request.headers.has('Authorization')
  const action = isToken ? 'token_refused' : REFUSALS[code]
  if (action === undefined) return
  const source = action === 'signature_refused' && id !== undefined ? await findSource(env, id) : null
  const detail = `${method.toUpperCase()} ${path}: ${code}`
  const entry = { who: actor ?? stranger(), action, subject: source?.id ?? null, detail }
  await auditFolded(env, { ...entry, client: clientAddress(request) }, clientNetwork(request))
}
