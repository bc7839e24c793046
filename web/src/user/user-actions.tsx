import { useState } from 'preact/hooks'
import type { UserView } from '../../../worker/src/api/views.ts'
import { send } from '../api.ts'
import { countOf } from '../format.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { UserDialog } from './user-dialog.tsx'

/** Changes or deletes a user. */
export function UserActions({ user, onChanged }: { user: UserView; onChanged: () => void }) {
  const [asking, setAsking] = useState<'change' | 'delete' | null>(null)
  const close = () => setAsking(null)
  const remove = useAction(async () => {
    await send('DELETE', `/api/users/${encodeURIComponent(user.id)}`)
    close()
    onChanged()
  })
  return (
    <>
      <span class="actions">
        <button type="button" class="link" onClick={() => setAsking('change')}>
          Change<span class="hidden"> {user.name}</span>
        </button>
        <button type="button" class="link" onClick={() => setAsking('delete')}>
          Delete<span class="hidden"> {user.name}</span>
        </button>
      </span>
      {asking === 'change' ? <UserDialog saved={user} onSaved={onChanged} onClose={close} /> : null}
      {asking === 'delete' ? (
        <Dialog
          title={`Delete ${user.name}?`}
          confirm="Delete"
          danger
          busy={remove.busy}
          problem={remove.problem}
          onConfirm={remove.run}
          onClose={close}
        >
          <p>
            They can no longer sign in.
            {user.contacts === 0 ? '' : ` ${countOf(user.contacts, 'contact')} will be assigned to nobody.`}
          </p>
        </Dialog>
      ) : null}
    </>
  )
}
