import { useState } from 'preact/hooks'
import type { GroupView } from '../../../worker/src/api/views.ts'
import { GroupActions } from '../contact/group-actions.tsx'
import { NewGroup } from '../contact/new-group.tsx'
import { count } from '../format.ts'
import { useList } from '../load.ts'
import { List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { hrefOf } from '../router.ts'
import { useMay, useSession } from '../session.ts'

/** The groups and how many contacts each has. */
export function Groups() {
  const may = useMay()
  const { managedRemotely } = useSession()
  const list = useList('/api/groups', {})
  const [adding, setAdding] = useState(false)
  const columns: Column<GroupView>[] = [
    { head: 'Group', cell: ({ id, name }) => <a href={hrefOf('/contacts', { query: { group: id } })}>{name}</a> },
    { head: 'Contacts', number: true, cell: ({ contacts }) => count(contacts) },
  ]
  if (may.editContacts) {
    columns.push({ head: 'Change', cell: (group) => <GroupActions group={group} /> })
  }
  return (
    <Page
      title="Groups"
      actions={
        may.editContacts ? (
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            Add a group
          </button>
        ) : null
      }
    >
      {managedRemotely ? <p class="muted lead">Groups come from your sources and are changed there.</p> : null}
      {adding ? <NewGroup onClose={() => setAdding(false)} /> : null}
      <List
        list={list}
        empty={<p class="muted">There are no groups yet. They come with the Groups column of the file.</p>}
      >
        {(groups) => <Table label="Groups" columns={columns} items={groups} keyOf={({ id }) => id} />}
      </List>
    </Page>
  )
}
