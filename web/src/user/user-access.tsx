import { useState } from 'preact/hooks'
import type { UserView } from '../../../worker/src/api/views.ts'
import { type Answer, del, post } from '../client.ts'
import { dateTime } from '../format.ts'
import { useAction } from '../load.ts'
import { CopyField } from '../parts/copy.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'

/** How a user gets in: a link to choose a password, and what helps after a lost phone or computer. */
export function UserAccess({ user }: { user: UserView }) {
  const [link, setLink] = useState<Answer<'post', '/api/users/:id/invite'> | null>(null)
  const [done, setDone] = useState('')
  const { id, email, hasPassword } = user
  const invite = useAction(async () => setLink(await post('/api/users/:id/invite', { id })))
  const end = useAction(async () => {
    await del('/api/users/:id/sessions', { id })
    setDone('They are signed out everywhere.')
  })
  const removeFactor = useAction(async () => {
    await del('/api/users/:id/factors', { id })
    setDone('They sign in without an authenticator app now.')
  })
  const busy = invite.busy || end.busy || removeFactor.busy
  return (
    <fieldset>
      <legend>Signing in</legend>
      <ProblemNotice problem={invite.problem ?? end.problem ?? removeFactor.problem} />
      {done === '' ? null : <Notice tone="good" title={done} />}
      {link === null ? null : (
        <CopyField
          path="link"
          label="Link to choose a password"
          hint={`Works once, until ${dateTime(link.expiresAt)}. ${link.sent ? `It was also sent to ${email ?? 'their address'}.` : 'The e-mail could not be sent: pass it on yourself.'}`}
          text={link.url}
        />
      )}
      <div class="actions">
        <button type="button" disabled={busy} onClick={invite.run}>
          {hasPassword ? 'Link for a new password' : 'Invite by link'}
        </button>
        <button type="button" disabled={busy} onClick={end.run}>
          End all sessions
        </button>
        <button type="button" disabled={busy} onClick={removeFactor.run}>
          Remove authenticator app
        </button>
      </div>
    </fieldset>
  )
}
