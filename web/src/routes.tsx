import type { VNode } from 'preact'
import { NotFound } from './pages/not-found.tsx'
import { match, type PagePath, type Place } from './router.ts'

type Parameters = Record<string, string>

/** An address pattern and its page. The code of each page is a separate file, which is loaded at the first visit. */
interface Route {
  /** Such as `/runs/:id`. */
  pattern: PagePath | ''
  load: () => Promise<void>
  /** Returns the page, or null until its code is loaded. */
  show: (parameters: Parameters, query: URLSearchParams) => VNode | null
}

function page<Code>(load: () => Promise<Code>) {
  let code: Code | null = null
  return {
    at: (
      pattern: PagePath | '',
      show: (code: Code, parameters: Parameters, query: URLSearchParams) => VNode,
    ): Route => ({
      pattern,
      load: async () => {
        code ??= await load()
      },
      show: (parameters, query) => (code === null ? null : show(code, parameters, query)),
    }),
  }
}

const account = page(() => import('./pages/account.tsx'))
const audit = page(() => import('./pages/audit.tsx'))
const erasures = page(() => import('./pages/erasures.tsx'))
const check = page(() => import('./pages/check.tsx'))
const contact = page(() => import('./pages/contact.tsx'))
const contactEdit = page(() => import('./pages/contact-edit.tsx'))
const contacts = page(() => import('./pages/contacts.tsx'))
const fields = page(() => import('./pages/fields.tsx'))
const group = page(() => import('./pages/group.tsx'))
const groups = page(() => import('./pages/groups.tsx'))
const overview = page(() => import('./pages/overview.tsx'))
const message = page(() => import('./pages/message.tsx'))
const notifications = page(() => import('./pages/notifications.tsx'))
const run = page(() => import('./pages/run.tsx'))
const runs = page(() => import('./pages/runs.tsx'))
const settings = page(() => import('./pages/settings.tsx'))
const source = page(() => import('./pages/source.tsx'))
const sourceNew = page(() => import('./pages/source-new.tsx'))
const sources = page(() => import('./pages/sources.tsx'))
const tokens = page(() => import('./pages/tokens.tsx'))
const users = page(() => import('./pages/users.tsx'))

const ROUTES: readonly Route[] = [
  overview.at('', ({ Overview }) => <Overview />),
  sources.at('/sources', ({ Sources }) => <Sources />),
  sourceNew.at('/sources/new', ({ SourceNew }, _, query) => <SourceNew step={query.get('step')} />),
  check.at('/check', ({ CheckPage }, _, query) => <CheckPage source={query.get('source') ?? ''} />),
  source.at('/sources/:id', ({ SourcePage }, { id = '' }) => <SourcePage id={id} />),
  runs.at('/runs', ({ Runs }) => <Runs />),
  run.at('/runs/:id', ({ RunPage }, { id = '' }) => <RunPage id={id} />),
  contacts.at('/contacts', ({ Contacts }, _, query) => <Contacts query={query} />),
  contactEdit.at('/contacts/new', ({ ContactEdit }) => <ContactEdit contactKey={null} />),
  contact.at('/contacts/:key', ({ ContactPage }, { key = '' }) => <ContactPage contactKey={key} />),
  contactEdit.at('/contacts/:key/edit', ({ ContactEdit }, { key = '' }) => <ContactEdit contactKey={key} />),
  groups.at('/groups', ({ Groups }) => <Groups />),
  group.at('/groups/:id', ({ GroupPage }, { id = '' }) => <GroupPage id={id} />),
  fields.at('/settings/fields', ({ Fields }) => <Fields />),
  users.at('/settings/users', ({ Users }) => <Users />),
  account.at('/account', ({ Account }) => <Account />),
  notifications.at('/settings/mail', ({ Notifications }) => <Notifications />),
  message.at('/settings/mail/:id', ({ MessagePage }, { id = '' }) => <MessagePage id={id} />),
  settings.at('/settings', ({ SettingsPage }) => <SettingsPage />),
  audit.at('/settings/audit', ({ AuditPage }) => <AuditPage />),
  erasures.at('/settings/erasures', ({ ErasuresPage }) => <ErasuresPage />),
  tokens.at('/settings/tokens', ({ TokensPage }) => <TokensPage />),
]

/** Returns the page at a place, or null until its code is loaded. */
export function pageAt({ path, query }: Place): VNode | null {
  const { route, parameters } = routeOf(path)
  return route === null ? <NotFound /> : route.show(parameters, query)
}

/** Pages of several steps, each with an address of its own, that are one page all the same. */
const IN_STEPS: ReadonlySet<string> = new Set(['/sources/new'])

/** Returns what a page is mounted anew for: each entry of the history, but not each step of the same page. */
export function pageKey({ path, entry }: Place): string {
  return IN_STEPS.has(path) ? path : entry
}

/**
 * Loads the code of the page at a path. Returns null if it is already loaded. The promise rejects when the network is down, and when a
 * deployment has replaced the file.
 */
export function loadPage(path: string): Promise<void> | null {
  const { route, parameters } = routeOf(path)
  return route === null || route.show(parameters, new URLSearchParams()) !== null ? null : route.load()
}

/** Loads the code of a page that the viewer is likely to open next. */
export function preload(path: string): void {
  // An error is ignored here: the page reports it when it is opened.
  loadPage(path)?.catch(() => {})
}

function routeOf(path: string): { route: Route | null; parameters: Parameters } {
  for (const route of ROUTES) {
    const parameters = match(route.pattern, path)
    if (parameters !== null) return { route, parameters }
  }
  return { route: null, parameters: {} }
}
