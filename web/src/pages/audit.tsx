import { useMemo } from 'preact/hooks'
import type { AuditView } from '../../../worker/src/api/views/settings.ts'
import { ACTIONS, linesOf, type Names, subjectOf } from '../audit/actions.ts'
import { addressOf } from '../client.ts'
import { useAll, useList, useRested } from '../load.ts'
import { Combobox } from '../parts/combobox.tsx'
import { TextField } from '../parts/field.tsx'
import { FilterFold } from '../parts/filter-fold.tsx'
import { Icon } from '../parts/icon.tsx'
import { Empty, List, useFilters } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { SuggestField } from '../parts/suggest-field.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { useMay } from '../session.ts'
import { useSourceNames } from '../source/names.ts'

const BLANK = { actor: '', action: '', subject: '', from: '', to: '' }

/** Who did what and when, for administrators. The filters are in the address. */
export function AuditPage() {
  const may = useMay()
  const [filters, change] = useFilters(BLANK)
  const actor = useRested(filters.actor.trim(), 250)
  const subject = useRested(filters.subject.trim(), 250)
  const action = ACTION_CHOICES.find(({ value }) => value === filters.action)?.value ?? ('' as const)
  const query = { actor, action, subject, from: startOf(filters.from), to: startOf(filters.to, 1) }
  return (
    <Page
      title="Audit"
      actions={
        may.configure ? (
          <a class="button" href={addressOf('/api/audit.csv', { query })} download>
            <Icon name="download" /> Export as .csv
          </a>
        ) : null
      }
    >
      {may.configure ? (
        <>
          <Filters filters={{ ...filters, action }} onChange={change} />
          <Entries query={query} />
        </>
      ) : (
        <p class="muted">Only an administrator can read the audit.</p>
      )}
    </Page>
  )
}

const ACTION_NAMES = Object.keys(ACTIONS) as AuditView['action'][]
const ACTION_CHOICES = ACTION_NAMES.map((value) => ({ value, label: ACTIONS[value].words })).sort((one, other) =>
  one.label.localeCompare(other.label),
)

/** Returns the beginning of a day in the viewer's zone, `days` later; `''` if no day is chosen. */
function startOf(day: string, days = 0): string {
  if (day === '') return ''
  const start = new Date(`${day}T00:00`)
  start.setDate(start.getDate() + days)
  return start.toISOString()
}

interface FiltersProps {
  filters: typeof BLANK & { action: AuditView['action'] | '' }
  onChange: (part: Partial<typeof BLANK>) => void
}

function Filters({ filters, onChange }: FiltersProps) {
  const users = useAll('/api/users', {}).data ?? []
  return (
    <FilterFold set={Object.values(filters).filter((value) => value !== '').length}>
      <div class="filter-row audit-filters">
        <SuggestField
          path="actor"
          label="Who"
          placeholder="E-mail, token"
          value={filters.actor}
          options={users.flatMap(({ email, name }) => (email === null ? [] : [{ value: email, label: name }]))}
          onChange={(actor) => onChange({ actor })}
        />
        <Combobox
          path="action"
          label="What"
          value={filters.action}
          options={[{ value: '', label: 'Everything' }, ...ACTION_CHOICES]}
          onChange={(action) => onChange({ action })}
        />
        <TextField
          path="subject"
          label="ID"
          type="search"
          placeholder="Source, run …"
          value={filters.subject}
          onChange={(subject) => onChange({ subject })}
        />
        <TextField path="from" label="From" type="date" value={filters.from} onChange={(from) => onChange({ from })} />
        <TextField path="to" label="To" type="date" value={filters.to} onChange={(to) => onChange({ to })} />
      </div>
    </FilterFold>
  )
}

interface EntriesProps {
  query: { actor: string; action: AuditView['action'] | ''; subject: string; from: string; to: string }
}

function Entries({ query }: EntriesProps) {
  const list = useList('/api/audit', { query })
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
    { head: 'Details', cell: (entry) => <Details entry={entry} sources={sources} users={userNames} /> },
  ]
  return (
    <List list={list} empty={<Empty icon="search" title="No entry matches" />}>
      {(entries) => <Table lines label="Audit" columns={columns} items={entries} keyOf={({ id }) => id} />}
    </List>
  )
}

function Details({ entry, sources, users }: { entry: AuditView; sources: Names; users: Names }) {
  const subject = subjectOf(entry, sources, users)
  // The original name of a subject is shown only if it has another name now.
  const lines = linesOf(entry).filter((line) => line !== subject?.label)
  return (
    <span class="stack">
      {subject === null ? null : <a href={subject.href}>{subject.label}</a>}
      {lines.map((line) => (
        <span class="muted break" key={line}>
          {line}
        </span>
      ))}
    </span>
  )
}

/** Who it was. A token may be named like a person, so what kind of actor it was is always said. */
function Actor({ entry, sources }: { entry: AuditView; sources: Names }) {
  const { actor, actorKind, actorId, client } = entry
  const name = actorKind === 'webhook' ? (sources.get(actorId ?? '') ?? 'Inbound texts') : actor
  return (
    <span class="stack">
      <span class="break">{name ?? 'Unknown'}</span>
      <span class="muted small break">{[actorKind && ACTOR_WORDS[actorKind], client].filter(Boolean).join(' · ')}</span>
    </span>
  )
}

const ACTOR_WORDS: Record<NonNullable<AuditView['actorKind']>, string> = {
  person: 'User',
  token: 'API token',
  webhook: 'Webhook',
  stranger: 'Not signed in',
  muster: 'Muster',
}
