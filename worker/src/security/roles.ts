/** `administrator`: everything; `manager`: runs, approve, undo, SMS status; `viewer`: read (api: Roles). */
export const ROLES = ['administrator', 'manager', 'viewer'] as const
export type Role = (typeof ROLES)[number]

/** Whether someone with `role` may do what `needed` may. */
export function mayAct(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) <= ROLES.indexOf(needed)
}
