import { useEffect, useMemo, useState } from 'preact/hooks'
import type { AuditView } from '../../../worker/src/api/views.ts'
import { addressOf } from '../client.ts'
import { useAll, useList, useRested } from '../load.ts'
import { SelectField, TextField } from '../parts/field.tsx'
import { List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { hrefOf, setQuery } from '../router.ts'
import { useMay } from '../session.ts'
import { useSourceNames } from '../source/names.ts'
import { changeLines } from '../words.ts'

/** The audit, for administrators. `query` holds the initial filters. */
export function AuditPage({ query }: { query: URLSearchParams }) {
  const may = useMay()
  return (
    <Page title="Audit" up={{ href: '/settings', label: 'Settings' }}>
      {may.configure ? <Entries query={query} /> : <p class="muted">An administrator can read the audit.</p>}
    </Page>
  )
}

const actionNames = () => Object.keys(ACTIONS) as AuditView['action'][]

const actionChoices = () =>
  actionNames()
    .map((action) => [action, ACTIONS[action].words] as const)
    .sort(([, a], [, b]) => a.localeCompare(b))

/** Returns the beginning of a day in the viewer's zone, `days` later; `''` if no day is chosen. */
function startOf(day: string, days = 0): string {
  if (day === '') return ''
  const start = new Date(`${day}T00:00`)
  start.setDate(start.getDate() + days)
  return start.toISOString()
}

function Entries({ query }: { query: URLSearchParams }) {
  const [filters, setFilters] = useState({
    actor: query.get('actor') ?? '',
    action: actionNames().find((action) => action === query.get('action')) ?? ('' as const),
    subject: query.get('subject') ?? '',
    from: query.get('from') ?? '',
    to: query.get('to') ?? '',
  })
  const { action, from, to } = filters
  const actor = useRested(filters.actor.trim(), 250)
  const subject = useRested(filters.subject.trim(), 250)
  const asked = { actor, action, subject, from: startOf(from), to: startOf(to, 1) }
  const list = useList('/api/audit', { query: asked })
  const address = JSON.stringify({ ...filters, actor, subject })
  useEffect(() => setQuery(filters), [address])
  const set = (part: Partial<typeof filters>) => setFilters((before) => ({ ...before, ...part }))
  const sources = useSourceNames()
  const users = useAll('/api/users', {}).data
  const userNames = useMemo(() => new Map(users?.map(({ id, name }) => [id, name])), [users])
  const columns: Column<AuditView>[] = [
    { head: 'When', cell: ({ at }) => <When at={at} /> },
    { head: 'Who', cell: (entry) => <Actor entry={entry} sources={sources} /> },
    {
      head: 'What',
      cell: ({ action, count }) => (count === 1 ? ACTIONS[action].words : `${ACTIONS[action].words} (${count} times)`),
    },
    {
      head: 'Details',
      cell: (entry) => {
        const subject = subjectOf(entry, sources, userNames)
        // The original name of a subject is shown only if it has another name now.
        const lines = linesOf(entry).filter((line) => line !== subject?.label)
        return (
          <span class="stack">
            {subject === null ? null : <a href={subject.href}>{subject.label}</a>}
            {lines.map((line) => (
              <span class="muted small break" key={line}>
                {line}
              </span>
            ))}
          </span>
        )
      },
    },
  ]
  return (
    <>
      <div class="filters">
        <TextField
          path="actor"
          label="Who"
          type="search"
          placeholder="E-mail address, token or ID"
          value={filters.actor}
          onChange={(text) => set({ actor: text })}
        />
        <SelectField
          path="action"
          label="What"
          value={action}
          options={[['', 'Everything'], ...actionChoices()]}
          onChange={(chosen) => set({ action: chosen })}
        />
        <TextField
          path="subject"
          label="ID of what was changed"
          type="search"
          value={filters.subject}
          onChange={(text) => set({ subject: text })}
        />
        <TextField path="from" label="From" type="date" short value={from} onChange={(day) => set({ from: day })} />
        <TextField path="to" label="To" type="date" short value={to} onChange={(day) => set({ to: day })} />
        <a class="button" href={addressOf('/api/audit.csv', { query: asked })} download>
          Export .csv
        </a>
      </div>
      <List list={list} empty={<p class="muted">Nothing is recorded that fits.</p>}>
        {(entries) => <Table label="Audit" columns={columns} items={entries} keyOf={({ id }) => id} />}
      </List>
    </>
  )
}

/** Who it was. A token may be named like a person, so what kind of actor it was is always said. */
function Actor({ entry, sources }: { entry: AuditView; sources: Names }) {
  const { actor, actorKind, actorId, client } = entry
  const name = actorKind === 'webhook' ? (sources.get(actorId ?? '') ?? 'Inbound texts') : actor
  return (
    <span class="stack">
      <span class="break">{name ?? 'Somebody'}</span>
      <span class="muted small break">{[actorKind && ACTOR_WORDS[actorKind], client].filter(Boolean).join(' · ')}</span>
    </span>
  )
}

const ACTOR_WORDS: Record<NonNullable<AuditView['actorKind']>, string> = {
  person: 'User',
  token: 'API token',
  webhook: 'Webhook',
  stranger: 'Not signed in',
  muster: 'By itself',
}

type Names = ReadonlyMap<string, string>

/** The kinds of subject that have a page. */
type About = 'source' | 'run' | 'contact' | 'user'

interface Action {
  /** The action in words that follow the actor. */
  words: string
  /** Null if no page shows the subject or the subject is deleted. */
  about: About | null
  /** Returns the lines of the detail in words; left out if the detail can be shown as it is. */
  lines?(detail: string, entry: AuditView): string[]
}

const ACTIONS: Record<AuditView['action'], Action> = {
  signed_in: { words: 'Signed in', about: null },
  sign_in_refused: { words: 'Failed to sign in', about: null },
  identity_confirmed: { words: 'Entered their password again', about: null },
  signed_out: { words: 'Signed out', about: null },
  sessions_ended: { words: 'Ended sessions of', about: 'user', lines: () => [] },
  second_factor_offered: { words: 'Began to set up an authenticator app', about: 'user' },
  second_factor_on: { words: 'Turned on an authenticator app', about: 'user' },
  second_factor_off: { words: 'Turned off the authenticator app of', about: 'user' },
  recovery_codes_made: { words: 'Made new recovery codes', about: 'user' },
  recovery_code_used: { words: 'Signed in with a recovery code', about: 'user' },
  user_invited: { words: 'Invited the user', about: 'user' },
  invitation_accepted: { words: 'Accepted an invitation', about: 'user' },
  password_reset_sent: { words: 'Sent a link for a new password to', about: 'user' },
  password_reset: { words: 'Chose a new password by link', about: 'user' },
  password_changed: { words: 'Changed their own password', about: null },
  settings_changed: { words: 'Changed the settings', about: null, lines: changeLines },
  sms_webhook_made: { words: 'Made a secret for inbound texts', about: null },
  source_made: { words: 'Added a source', about: 'source' },
  source_changed: { words: 'Changed a source', about: 'source', lines: changeLines },
  source_deleted: { words: 'Deleted a source', about: null },
  connection_tested: { words: 'Tested a connection', about: 'source' },
  webhook_made: { words: 'Made a secret for a source’s webhook', about: 'source' },
  webhook_tested: { words: 'Tested the webhook of a source', about: 'source' },
  opt_outs_exported: { words: 'Downloaded a source’s opt-outs', about: 'source' },
  run_started: { words: 'Started an import', about: 'run' },
  run_approved: { words: 'Approved an import', about: 'run' },
  run_rejected: { words: 'Rejected an import', about: 'run' },
  run_undone: { words: 'Undid an import', about: 'run' },
  run_cancelled: { words: 'Cancelled an import', about: 'run' },
  snapshot_downloaded: { words: 'Downloaded the file of an import', about: 'run' },
  report_downloaded: { words: 'Downloaded the report of an import', about: 'run' },
  contact_made: { words: 'Added a contact', about: 'contact' },
  contact_changed: { words: 'Changed a contact', about: 'contact' },
  contact_removed: { words: 'Removed a contact', about: 'contact' },
  group_made: { words: 'Added a group', about: null },
  group_changed: { words: 'Renamed a group', about: null, lines: changeLines },
  group_deleted: { words: 'Deleted a group', about: null },
  sms_opted_in: { words: 'Opted a contact in', about: 'contact' },
  sms_opted_out: { words: 'Opted a contact out', about: 'contact' },
  contacts_exported: { words: 'Downloaded the contacts', about: null },
  decisions_exported: { words: 'Downloaded the consent decisions', about: null },
  contact_taken_out: { words: 'Downloaded all that is held about a person', about: 'contact' },
  person_erased: { words: 'Erased a person', about: null },
  erasure_lifted: { words: 'Lifted an erasure', about: null },
  field_made: { words: 'Added a custom field', about: null },
  field_changed: { words: 'Changed a custom field', about: null, lines: fieldLines },
  field_deleted: { words: 'Deleted a custom field', about: null },
  user_made: { words: 'Added a user', about: 'user' },
  user_changed: { words: 'Changed a user', about: 'user', lines: changeLines },
  user_deleted: { words: 'Deleted a user', about: null },
  token_made: { words: 'Made an API token', about: null },
  token_revoked: { words: 'Revoked an API token', about: null },
  token_refused: { words: 'Was refused: the API token is unknown or has expired', about: null },
  signature_refused: { words: 'Was refused: a signature was missing or wrong', about: 'source' },
  access_refused: { words: 'Was refused: not allowed', about: null },
  notification_resent: { words: 'Sent an e-mail again', about: null },
  audit_exported: { words: 'Downloaded the audit', about: null },
  secrets_resealed: { words: 'Encrypted stored secrets with the new key', about: null },
}

/** Returns the page of an entry’s subject, or null if it has no page or is deleted. */
function subjectOf({ action, subject }: AuditView, sources: Names, users: Names) {
  const { about } = ACTIONS[action]
  if (subject === null || about === null) return null
  switch (about) {
    case 'source': {
      const label = sources.get(subject)
      return label === undefined ? null : { href: hrefOf('/sources/:id', { id: subject }), label }
    }
    case 'run':
      return { href: hrefOf('/runs/:id', { id: subject }), label: 'The import' }
    case 'contact':
      return { href: hrefOf('/contacts/:key', { key: subject }), label: 'The contact' }
    case 'user': {
      const label = users.get(subject)
      return label === undefined ? null : { href: '/settings/users', label }
    }
  }
}

function linesOf(entry: AuditView): string[] {
  const { detail } = entry
  if (detail === null) return []
  return ACTIONS[entry.action].lines?.(detail, entry) ?? [detail]
}

function fieldLines(detail: string, { subject }: AuditView): string[] {
  return [subject ?? '', ...changeLines(detail)]
}
