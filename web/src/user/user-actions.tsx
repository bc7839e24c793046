import type { UserView } from '../../../worker/src/api/views.ts'
import { countOf } from '../format.ts'
import { ItemActions } from '../parts/item-actions.tsx'
import { UserDialog } from './user-dialog.tsx'

/** Changes or deletes a user. */
export function UserActions({ user, onChanged }: { user: UserView; onChanged: () => void }) {
  return (
    <ItemActions
      name={user.name}
      path={`/api/users/${encodeURIComponent(user.id)}`}
      change={(close) => <UserDialog saved={user} onSaved={onChanged} onClose={close} />}
      onChanged={onChanged}
    >
      <p>
        They can no longer sign in.
        {user.contacts === 0 ? '' : ` ${countOf(user.contacts, 'contact')} will be assigned to nobody.`}
      </p>
    </ItemActions>
  )
}
