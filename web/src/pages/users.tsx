import { useState } from 'preact/hooks'
import type { UserView } from '../../../worker/src/api/views.ts'
import { count } from '../format.ts'
import { useList } from '../load.ts'
import { List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { Unmatched } from '../user/unmatched.tsx'
import { UserActions } from '../user/user-actions.tsx'
import { UserDialog } from '../user/user-dialog.tsx'
import { ROLE_WORDS } from '../user/words.ts'

const COLUMNS: Column<UserView>[] = [
  {
    head: 'User',
    cell: ({ name, email }) => (
      <span class="stack">
        <strong>{name}</strong>
        <span class="muted small break">{email}</span>
      </span>
    ),
  },
  {
    head: 'Role',
    cell: ({ role, hasPassword }) => (
      <span class="stack">
        <span>{ROLE_WORDS[role].split(':')[0]}</span>
        {hasPassword ? null : <span class="muted small">No password</span>}
      </span>
    ),
  },
  { head: 'User ID', cell: ({ userId }) => userId ?? '–' },
  {
    head: 'Contacts',
    number: true,
    cell: ({ userId, contacts }) =>
      userId === null || contacts === 0 ? (
        count(contacts)
      ) : (
        <a href={hrefOf('/contacts', { query: { assignedUser: userId } })}>{count(contacts)}</a>
      ),
  },
]

/** The users: people who may sign in, and people to whom contacts are assigned. */
export function Users() {
  const may = useMay()
  const list = useList('/api/users', {})
  const unmatched = useList('/api/users/unmatched', {})
  const [adding, setAdding] = useState(false)
  const actions: Column<UserView> = {
    head: 'Change',
    cell: (user) => <UserActions user={user} />,
  }
  return (
    <Page
      title="Users"
      actions={
        may.configure ? (
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            Add a user
          </button>
        ) : null
      }
    >
      <p class="muted lead">
        Staff who sign in, and staff whom contacts are assigned to: a contact is assigned to the user whose User ID is
        exactly the one its source gives.
      </p>
      {adding ? <UserDialog saved={null} onClose={() => setAdding(false)} /> : null}
      <Unmatched list={unmatched} />
      <List list={list} empty={<p class="muted">There are no users.</p>}>
        {(users) => (
          <Table
            label="Users"
            columns={may.configure ? [...COLUMNS, actions] : COLUMNS}
            items={users}
            keyOf={({ id }) => id}
          />
        )}
      </List>
    </Page>
  )
}
