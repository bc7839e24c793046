import { useState } from 'preact/hooks'
import type { UnmatchedView } from '../../../worker/src/api/views/person.ts'
import { count } from '../format.ts'
import type { Listed } from '../load.ts'
import { List } from '../parts/list.tsx'
import { Block } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { UserDialog } from './user-dialog.tsx'

/**
 * The User IDs of contacts that match no user, each with a button to add the user. Shows nothing if every User ID
 * matches.
 */
export function Unmatched({ list }: { list: Listed<UnmatchedView> }) {
  const may = useMay()
  const [adding, setAdding] = useState<string | null>(null)
  const columns: Column<UnmatchedView>[] = [
    { head: 'User ID', cell: ({ userId }) => <strong class="break">{userId}</strong> },
    {
      head: 'Contacts',
      number: true,
      cell: ({ userId, contacts }) => (
        <a href={hrefOf('/contacts', { query: { assignedUser: userId } })}>{count(contacts)}</a>
      ),
    },
  ]
  if (may.configure) {
    columns.push({
      head: 'Change',
      cell: ({ userId }) => (
        <button type="button" class="link" onClick={() => setAdding(userId)}>
          Add a user<span class="hidden"> with the User ID {userId}</span>
        </button>
      ),
    })
  }
  if (list.problem === null && (list.items?.length ?? 0) === 0) return null
  return (
    <Block title="User IDs that match nobody">
      <p class="muted">
        Contacts with these User IDs are assigned to nobody. They follow as soon as a user has exactly this User ID; the
        contacts need not be imported again.
      </p>
      {adding === null ? null : <UserDialog saved={null} userId={adding} onClose={() => setAdding(null)} />}
      <List list={list} empty={null}>
        {(items) => <Table label="Unmatched User IDs" columns={columns} items={items} keyOf={({ userId }) => userId} />}
      </List>
    </Block>
  )
}
