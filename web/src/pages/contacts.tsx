import { useEffect, useState } from 'preact/hooks'
import { addressAt } from '../address.ts'
import { ContactTable } from '../contact/contact-table.tsx'
import { useAll, useList, useRested } from '../load.ts'
import { SelectField, TextField } from '../parts/field.tsx'
import { List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { setQuery } from '../router.ts'
import { useMay, useSession } from '../session.ts'
import { useSourceNames } from '../source/names.ts'
import { assignees, useUserNames } from '../user/names.ts'
import { SMS_WORDS } from '../words.ts'

const SMS_CHOICES = [
  ['', 'All'],
  ['opted_in', SMS_WORDS.opted_in],
  ['opted_out', SMS_WORDS.opted_out],
  ['unknown', SMS_WORDS.unknown],
] as const

interface Filters extends Record<'search' | 'source' | 'group' | 'assignedUser', string> {
  smsStatus: (typeof SMS_CHOICES)[number][0]
}

/** The directory, filtered while the viewer types. `query` holds the initial filters. */
export function Contacts({ query }: { query: URLSearchParams }) {
  const may = useMay()
  const { managedRemotely } = useSession()
  const [filters, setFilters] = useState<Filters>({
    search: query.get('search') ?? '',
    source: query.get('source') ?? '',
    group: query.get('group') ?? '',
    smsStatus: SMS_CHOICES.find(([status]) => status === query.get('smsStatus'))?.[0] ?? '',
    assignedUser: query.get('assignedUser') ?? '',
  })
  const search = useRested(filters.search.trim(), 250)
  const asked = { ...filters, search }
  const list = useList('/api/contacts', { query: asked })
  const names = useSourceNames()
  const users = useUserNames()
  const groups = useAll('/api/groups', {})
  const address = JSON.stringify(asked)
  useEffect(() => setQuery(asked), [address])
  const set = (part: Partial<Filters>) => setFilters((before) => ({ ...before, ...part }))
  const filtered = Object.values(asked).some((value) => value !== '')
  return (
    <Page
      title="Contacts"
      actions={
        <>
          {may.editContacts ? (
            <a class="button primary" href="/contacts/new">
              Add a contact
            </a>
          ) : null}
          <a class="button" href={addressAt('/api/contacts.xlsx', { query: asked })} download>
            Export .xlsx
          </a>
          <a class="button" href={addressAt('/api/contacts.csv', { query: asked })} download>
            Export .csv
          </a>
        </>
      }
    >
      {managedRemotely ? (
        <p class="muted lead">
          Contacts and groups come from your sources and are changed there. SMS status can be changed here.
        </p>
      ) : null}
      <div class="filters">
        <TextField
          path="search"
          label="Search"
          type="search"
          placeholder="Name, ID, number, e-mail …"
          value={filters.search}
          onChange={(text) => set({ search: text })}
        />
        {names.size === 0 ? null : (
          <SelectField
            path="source"
            label="Source"
            value={filters.source}
            options={[['', 'All'], ...names]}
            onChange={(source) => set({ source })}
          />
        )}
        <SelectField
          path="group"
          label="Group"
          value={filters.group}
          options={[['', 'All'], ...(groups.data ?? []).map(({ id, name }) => [id, name] as const)]}
          onChange={(group) => set({ group })}
        />
        <SelectField
          path="smsStatus"
          label="SMS status"
          value={filters.smsStatus}
          options={SMS_CHOICES}
          onChange={(smsStatus) => set({ smsStatus })}
        />
        {users.size === 0 && filters.assignedUser === '' ? null : (
          <SelectField
            path="assignedUser"
            label="Assigned user"
            value={filters.assignedUser}
            options={assignees(users, filters.assignedUser, 'All')}
            onChange={(assignedUser) => set({ assignedUser })}
          />
        )}
      </div>
      <List list={list} empty={<Nobody filtered={filtered} />}>
        {(contacts) => <ContactTable contacts={contacts} />}
      </List>
    </Page>
  )
}

function Nobody({ filtered }: { filtered: boolean }) {
  if (filtered) return <p class="muted">Nobody fits. Try the beginning of a word, or fewer filters.</p>
  return (
    <p>
      There are no contacts yet. <a href="/sources">Import them from a file</a>, or add them one by one.
    </p>
  )
}
