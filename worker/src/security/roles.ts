/**
 * The roles (api: Roles). An `administrator` may do everything, a `manager` may start, approve and undo runs and set
 * SMS statuses, a `viewer` may read.
 */
export const ROLES = ['administrator', 'manager', 'viewer'] as const
export type Role = (typeof ROLES)[number]

/** Returns whether a user with `role` has all the rights of `needed`. */
export function mayAct(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) <= ROLES.indexOf(needed)
}
