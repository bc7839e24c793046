import { mayAct, ROLES, type Role } from './roles.ts'

/**
 * What a token may do (api: Roles). `runs:write` includes `runs:read`; `files:write` uploads files and reads the status of
 * the runs that its own uploads started; `admin` may do everything.
 */
export const SCOPES = ['directory:read', 'runs:read', 'runs:write', 'sms:write', 'files:write', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** All that a token can have as its scopes: a role gives the token that role's rights. */
export const TOKEN_SCOPES = [...ROLES, ...SCOPES] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]

/** The scopes of a token that can be limited to some sources. The others reach people of all sources. */
export const BY_SOURCE: readonly TokenScope[] = ['directory:read', 'runs:read', 'runs:write', 'files:write']

/** Returns the role whose rights a token has; null if it has none. */
export function roleOf(scopes: readonly TokenScope[]): Role | null {
  if (scopes.includes('admin')) return 'administrator'
  return ROLES.find((role) => scopes.includes(role)) ?? null
}

/** Returns whether a token with these scopes may make a call that needs the role, or the scope. */
export function allows(scopes: readonly TokenScope[], role: Role, scope: Scope | undefined): boolean {
  const own = roleOf(scopes)
  if (own !== null && mayAct(own, role)) return true
  if (scope === undefined) return false
  return scopes.includes(scope) || (scope === 'runs:read' && scopes.includes('runs:write'))
}
