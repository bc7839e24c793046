import type { UserView } from '../../../worker/src/api/views.ts'
import { del } from '../client.ts'
import { countOf } from '../format.ts'
import { ItemActions } from '../parts/item-actions.tsx'
import { UserDialog } from './user-dialog.tsx'

/** Changes or deletes a user. */
export function UserActions({ user }: { user: UserView }) {
  return (
    <ItemActions
      name={user.name}
      remove={() => del('/api/users/:id', { id: user.id })}
      change={(close) => <UserDialog saved={user} onClose={close} />}
    >
      <p>
        They can no longer sign in.
        {user.contacts === 0 ? '' : ` ${countOf(user.contacts, 'contact')} will be assigned to nobody.`}
      </p>
    </ItemActions>
  )
}
