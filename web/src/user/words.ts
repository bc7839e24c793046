/** The roles in words, with their permissions (api: Roles). */
export const ROLE_WORDS = {
  administrator: 'Administrator: everything',
  manager: 'Manager: imports, approvals, SMS status',
  viewer: 'Viewer: reads',
} as const
