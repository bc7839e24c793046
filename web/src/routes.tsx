import type { VNode } from 'preact'
import { Account } from './pages/account.tsx'
import { AuditPage } from './pages/audit.tsx'
import { CheckPage } from './pages/check.tsx'
import { ContactPage } from './pages/contact.tsx'
import { ContactEdit } from './pages/contact-edit.tsx'
import { Contacts } from './pages/contacts.tsx'
import { Fields } from './pages/fields.tsx'
import { Groups } from './pages/groups.tsx'
import { NotFound } from './pages/not-found.tsx'
import { Notifications } from './pages/notifications.tsx'
import { RunPage } from './pages/run.tsx'
import { Runs } from './pages/runs.tsx'
import { SettingsPage } from './pages/settings.tsx'
import { SourcePage } from './pages/source.tsx'
import { SourceEdit } from './pages/source-edit.tsx'
import { Sources } from './pages/sources.tsx'
import { Users } from './pages/users.tsx'
import { match, type Place } from './router.ts'

type Show = (params: Record<string, string>, query: URLSearchParams) => VNode

const ROUTES: [pattern: string, show: Show][] = [
  ['', () => <Sources />],
  ['/sources', () => <Sources />],
  ['/sources/new', () => <SourceEdit id={null} key="new" />],
  ['/check', (_, query) => <CheckPage source={query.get('source') ?? ''} />],
  ['/sources/:id', ({ id = '' }) => <SourcePage id={id} key={id} />],
  ['/sources/:id/edit', ({ id = '' }) => <SourceEdit id={id} key={id} />],
  ['/runs', (_, query) => <Runs source={query.get('source') ?? ''} key={query.get('source')} />],
  ['/runs/:id', ({ id = '' }) => <RunPage id={id} key={id} />],
  ['/contacts', (_, query) => <Contacts query={query} key={query.toString()} />],
  ['/contacts/new', () => <ContactEdit contactKey={null} key="new" />],
  ['/contacts/:key', ({ key = '' }) => <ContactPage contactKey={key} key={key} />],
  ['/contacts/:key/edit', ({ key = '' }) => <ContactEdit contactKey={key} key={key} />],
  ['/groups', () => <Groups />],
  ['/fields', () => <Fields />],
  ['/users', () => <Users />],
  ['/account', () => <Account />],
  ['/notifications', () => <Notifications />],
  ['/settings', () => <SettingsPage />],
  ['/settings/audit', () => <AuditPage />],
]

/** The page at a place. Its key makes a page of one thing start afresh when the address names another. */
export function pageFor({ path, query }: Place): VNode {
  for (const [pattern, show] of ROUTES) {
    const params = match(pattern, path)
    if (params !== null) return show(params, query)
  }
  return <NotFound />
}
