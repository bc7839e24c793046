import { useState } from 'preact/hooks'
import type { UserView } from '../../../worker/src/api/views/person.ts'
import { del } from '../client.ts'
import { countOf } from '../format.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { ItemActions } from '../parts/item-actions.tsx'
import { toast } from '../parts/toast.tsx'
import { useSession } from '../session.ts'
import { LinkDialog } from './link-dialog.tsx'
import { UserDialog } from './user-dialog.tsx'

/** The menu of a user: change or delete them, let them in, and what helps after a lost phone or computer. */
export function UserActions({ user }: { user: UserView }) {
  const { email } = useSession()
  const [asking, setAsking] = useState<'link' | keyof typeof ENDINGS | null>(null)
  const close = () => setAsking(null)
  const { id, name, hasPassword, signIn } = user
  return (
    <>
      <ItemActions
        noun="user"
        name={name}
        remove={() => del('/api/users/:id', { id })}
        change={(done) => <UserDialog saved={user} onClose={done} />}
        more={
          user.email === email ? null : (
            <>
              <button type="button" onClick={() => setAsking('link')}>
                {hasPassword ? 'Reset password…' : 'Invite by link…'}
              </button>
              {!hasPassword ? null : (
                <button type="button" onClick={() => setAsking('sessions')}>
                  End sessions…
                </button>
              )}
              {signIn?.hasFactor !== true ? null : (
                <button type="button" onClick={() => setAsking('factors')}>
                  Remove authenticator app…
                </button>
              )}
            </>
          )
        }
      >
        <p>
          They can no longer sign in.
          {user.contacts === 0 ? '' : ` ${countOf(user.contacts, 'contact')} will be assigned to nobody.`}
        </p>
      </ItemActions>
      {asking === null ? null : asking === 'link' ? (
        <LinkDialog user={user} onClose={close} />
      ) : (
        <EndDialog user={user} what={asking} onClose={close} />
      )}
    </>
  )
}

/** What of a user's access can be ended. */
const ENDINGS = {
  sessions: {
    title: 'Sign {name} out everywhere?',
    confirm: 'End sessions',
    words: 'They have to sign in again, in every browser.',
    done: '{name} is signed out everywhere.',
  },
  factors: {
    title: 'Remove the authenticator app of {name}?',
    confirm: 'Remove authenticator app',
    words:
      'They then sign in with their password alone, until they set up an app again. Make sure that it is they who ask.',
    done: '{name} now signs in without an app.',
  },
} as const

function EndDialog({ user, what, onClose }: { user: UserView; what: keyof typeof ENDINGS; onClose: () => void }) {
  const { id, name } = user
  const { title, confirm, words, done } = ENDINGS[what]
  const end = useAction(async () => {
    await del(`/api/users/:id/${what}`, { id })
    toast(done.replace('{name}', name))
    onClose()
  })
  return (
    <Dialog
      title={title.replace('{name}', name)}
      confirm={confirm}
      danger
      busy={end.busy}
      problem={end.problem}
      onConfirm={end.run}
      onClose={onClose}
    >
      <p>{words}</p>
    </Dialog>
  )
}
