import { useState } from 'preact/hooks'
import type { GroupView } from '../../../worker/src/api/views/contact.ts'
import { GroupActions } from '../contact/group-actions.tsx'
import { Reached, ReachesProvider, useReaches } from '../contact/group-reach.tsx'
import { NewGroup } from '../contact/new-group.tsx'
import { count } from '../format.ts'
import { useList } from '../load.ts'
import { useOverview } from '../overview.ts'
import { Empty, List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { hrefOf } from '../router.ts'
import { useMay, useSession } from '../session.ts'

/** The groups, with how many contacts each has and how many of them a message reaches. */
export function Groups() {
  const may = useMay()
  const { managedRemotely } = useSession()
  const list = useList('/api/groups', { query: { limit: 500 } })
  const reaches = useReaches(useOverview().data)
  const [adding, setAdding] = useState(false)
  const columns: Column<GroupView>[] = [
    { head: 'Group', cell: ({ id, name }) => <a href={hrefOf('/groups/:id', { id })}>{name}</a> },
    { head: 'People', number: true, cell: ({ contacts }) => count(contacts) },
    { head: 'By text', number: true, cell: ({ id }) => <Reached id={id} channel="sms" /> },
    { head: 'By voice', number: true, cell: ({ id }) => <Reached id={id} channel="voice" /> },
    { head: 'By e-mail', number: true, cell: ({ id }) => <Reached id={id} channel="email" /> },
    { head: 'By nothing', number: true, cell: ({ id }) => <Reached id={id} channel="nobody" /> },
  ]
  if (may.editContacts) columns.push({ head: '', cell: (group) => <GroupActions group={group} /> })
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
        noun={['group', 'groups']}
        empty={
          <Empty icon="group" title="There are no groups yet">
            They come with the Groups column of your file.
          </Empty>
        }
      >
        {(groups) => (
          <ReachesProvider value={reaches}>
            <Table lines label="Groups" columns={columns} items={groups} keyOf={({ id }) => id} />
          </ReachesProvider>
        )}
      </List>
    </Page>
  )
}
