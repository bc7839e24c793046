import { useState } from 'preact/hooks'
import type { UserView } from '../../../worker/src/api/views/person.ts'
import { type Answer, post } from '../client.ts'
import { dateTime } from '../format.ts'
import { useAction } from '../load.ts'
import { CopyField } from '../parts/copy.tsx'
import { Dialog } from '../parts/dialog.tsx'

/** Makes a link with which a user chooses a password, to be copied or sent by Muster. */
export function LinkDialog({ user, onClose }: { user: UserView; onClose: () => void }) {
  const [link, setLink] = useState<Answer<'post', '/api/users/:id/invite'> | null>(null)
  const { id, name, email, hasPassword } = user
  const make = useAction(async () => setLink(await post('/api/users/:id/invite', { id })))
  if (link !== null)
    return (
      <Dialog
        title={hasPassword ? `Link for ${name}` : `Invitation for ${name}`}
        confirm="Done"
        cancel={null}
        busy={false}
        problem={null}
        onConfirm={onClose}
        onClose={onClose}
      >
        <p>
          {link.sent
            ? `The link was sent to ${email ?? 'their address'}. You can also pass it on yourself.`
            : 'The e-mail could not be sent. Copy the link and pass it on yourself.'}
        </p>
        <CopyField
          path="link"
          label="Link to choose a password"
          hint={`Works once, until ${dateTime(link.expiresAt)}.`}
          text={link.url}
        />
      </Dialog>
    )
  return (
    <Dialog
      title={hasPassword ? `Reset the password of ${name}?` : `Invite ${name}?`}
      confirm={hasPassword ? 'Make reset link' : 'Make invitation link'}
      busy={make.busy}
      problem={make.problem}
      onConfirm={make.run}
      onClose={onClose}
    >
      <p>
        {hasPassword
          ? 'They get a link by e-mail with which they choose a new password. The current one works until then.'
          : 'They get a link by e-mail with which they choose a password.'}{' '}
        You can also copy the link.
      </p>
    </Dialog>
  )
}
