import type { UserView } from '../../../worker/src/api/views/person.ts'

/** The roles in one word. */
export const ROLE_NAMES: Record<UserView['role'], string> = {
  administrator: 'Administrator',
  manager: 'Manager',
  viewer: 'Viewer',
}

const RIGHTS: Record<UserView['role'], string> = {
  administrator: 'everything',
  manager: 'imports, approvals, SMS status',
  viewer: 'reads',
}

/** Returns a role with its rights (api: Roles). */
export function roleWord(role: UserView['role']): string {
  return `${ROLE_NAMES[role]}: ${RIGHTS[role]}`
}
