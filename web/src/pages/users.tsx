import { useState } from 'preact/hooks'
import type { UserView } from '../../../worker/src/api/views/person.ts'
import { count } from '../format.ts'
import { useList } from '../load.ts'
import { Empty, List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { type Column, None, Table } from '../parts/table.tsx'
import { Ago } from '../parts/when.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { Unmatched } from '../user/unmatched.tsx'
import { UserActions } from '../user/user-actions.tsx'
import { UserDialog } from '../user/user-dialog.tsx'
import { ROLE_NAMES } from '../user/words.ts'

const COLUMNS: Column<UserView>[] = [
  {
    head: 'User',
    cell: ({ name, email }) => (
      <>
        <strong>{name}</strong> <span class="muted break">{email}</span>
      </>
    ),
  },
  { head: 'Role', cell: ({ role }) => ROLE_NAMES[role] },
  { head: 'User ID', cell: ({ userId }) => userId ?? <None /> },
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

const SIGN_IN: Column<UserView>[] = [
  {
    head: 'Signs in with',
    cell: ({ hasPassword, signIn }) => {
      if (!hasPassword) return <span class="muted">No password</span>
      return signIn?.hasFactor === true ? 'Password and app' : 'Password'
    },
  },
  { head: 'Last active', cell: ({ signIn }) => (signIn?.seenAt == null ? <None /> : <Ago at={signIn.seenAt} />) },
]

/** The users: people who may sign in, and people to whom contacts are assigned. */
export function Users() {
  const may = useMay()
  const list = useList('/api/users', {})
  const unmatched = useList('/api/users/unmatched', {})
  const [adding, setAdding] = useState(false)
  const actions: Column<UserView> = { head: '', cell: (user) => <UserActions user={user} /> }
  const [user, role, ...others] = COLUMNS
  const columns = may.configure && user && role ? [user, role, ...SIGN_IN, ...others, actions] : COLUMNS
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
        Staff who sign in, and staff whom contacts are assigned to: a contact belongs to the user whose User ID is
        exactly the one in its source.
      </p>
      {adding ? <UserDialog saved={null} onClose={() => setAdding(false)} /> : null}
      <Unmatched list={unmatched} />
      <List list={list} empty={<Empty icon="users" title="There are no users" />}>
        {(users) => <Table label="Users" columns={columns} items={users} keyOf={({ id }) => id} />}
      </List>
    </Page>
  )
}
