import { useEffect, useState } from 'preact/hooks'
import { addressAt } from '../address.ts'
import { BulkActions } from '../contact/bulk.tsx'
import { ContactTable } from '../contact/contact-table.tsx'
import { FilterBar } from '../contact/filter-bar.tsx'
import { addressQuery, type Filters, filterQuery, filtersOf } from '../contact/filters.ts'
import { useList, useRested } from '../load.ts'
import { Empty, List } from '../parts/list.tsx'
import { Menu } from '../parts/menu.tsx'
import { Page } from '../parts/page.tsx'
import { setQuery } from '../router.ts'
import { useMay, useSession } from '../session.ts'

const NONE: ReadonlySet<string> = new Set()

/** The directory, filtered while the viewer types. `query` holds the initial filters. */
export function Contacts({ query }: { query: URLSearchParams }) {
  const may = useMay()
  const { managedRemotely } = useSession()
  const [filters, setFilters] = useState(() => filtersOf(query))
  const [chosen, setChosen] = useState(NONE)
  const search = useRested(filters.search.trim(), 250)
  const shown = filterQuery({ ...filters, search })
  const list = useList('/api/contacts', { query: { ...shown, sort: filters.sort } })
  const address = addressQuery({ ...filters, search })
  useEffect(() => setQuery(address), [JSON.stringify(address)])
  const change = (part: Partial<Filters>) => {
    setFilters((before) => ({ ...before, ...part }))
    // What is no longer shown must not be changed.
    setChosen(NONE)
  }
  const filtered = Object.values(shown).some((value) => value !== '')
  return (
    <Page
      title="Contacts"
      actions={
        <>
          <Menu label="Export contacts" icon="download" labelled>
            <a href={addressAt('/api/contacts.xlsx', { query: shown })} download>
              {filtered ? 'Contacts shown, as .xlsx' : 'All contacts, as .xlsx'}
            </a>
            <a href={addressAt('/api/contacts.csv', { query: shown })} download>
              {filtered ? 'Contacts shown, as .csv' : 'All contacts, as .csv'}
            </a>
          </Menu>
          {may.editContacts ? (
            <a class="button primary" href="/contacts/new">
              Add a contact
            </a>
          ) : null}
        </>
      }
    >
      {managedRemotely ? (
        <p class="muted lead">Contacts come from your sources. Only the SMS status is changed here.</p>
      ) : null}
      <FilterBar filters={filters} onChange={change} />
      <List
        list={list}
        noun={['contact', 'contacts']}
        empty={<Nobody filtered={filtered} onClear={() => change(filtersOf(new URLSearchParams()))} />}
      >
        {(contacts) => <ContactTable contacts={contacts} chosen={may.run ? chosen : null} onChoose={setChosen} />}
      </List>
      {may.run ? <BulkActions keys={[...chosen]} onDone={() => setChosen(NONE)} /> : null}
    </Page>
  )
}

function Nobody({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const may = useMay()
  if (filtered)
    return (
      <Empty
        icon="search"
        title="No contact matches"
        action={
          <button type="button" onClick={onClear}>
            Clear all filters
          </button>
        }
      >
        Try the beginning of a word, or fewer filters.
      </Empty>
    )
  return (
    <Empty
      icon="users"
      title="There are no contacts yet"
      action={
        may.configure ? (
          <a class="button primary" href="/sources/new">
            Import a file
          </a>
        ) : null
      }
    >
      They come from a file or a CRM that Muster imports as often as you like.
    </Empty>
  )
}
