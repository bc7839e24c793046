import type { IconName } from './parts/icon.tsx'
import type { PagePath } from './router.ts'

/** A page in the navigation. */
export interface Destination {
  href: PagePath
  label: string
  icon: IconName
  /** The letter that opens the page after `g`. */
  key?: string
  /** Who may open it; everybody if not said. */
  only?: 'administrator'
}

/** The pages of the daily work, in the order of the navigation. */
export const PAGES: readonly Destination[] = [
  { href: '/', label: 'Overview', icon: 'home', key: 'o' },
  { href: '/sources', label: 'Sources', icon: 'source', key: 's' },
  { href: '/runs', label: 'Runs', icon: 'history', key: 'r' },
  { href: '/contacts', label: 'Contacts', icon: 'users', key: 'c' },
  { href: '/groups', label: 'Groups', icon: 'group', key: 'g' },
  { href: '/check', label: 'Check a file', icon: 'file-check', key: 'k' },
]

/** The pages of the settings, which are shown under *Settings*. */
export const SETTINGS: readonly Destination[] = [
  { href: '/settings', label: 'General', icon: 'settings', key: 'e' },
  { href: '/settings/fields', label: 'Fields', icon: 'columns', key: 'f' },
  { href: '/settings/users', label: 'Users', icon: 'user', key: 'u' },
  { href: '/settings/tokens', label: 'API tokens', icon: 'key', key: 't', only: 'administrator' },
  { href: '/settings/mail', label: 'Mail', icon: 'email', key: 'm' },
  { href: '/settings/audit', label: 'Audit', icon: 'history', key: 'a', only: 'administrator' },
  { href: '/settings/erasures', label: 'Erased people', icon: 'ban', only: 'administrator' },
]

/** Returns whether a page is the one at `path`, or one that the page at `path` is under. */
export function isUnder(path: string, { href }: Destination): boolean {
  if (href === '/' || href === '/settings') return path === href
  return path === href || path.startsWith(`${href}/`)
}
