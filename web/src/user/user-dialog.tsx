import { useState } from 'preact/hooks'
import type { UserView } from '../../../worker/src/api/views/person.ts'
import { patch, post } from '../client.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { SelectField, TextField } from '../parts/field.tsx'
import { FieldProblems } from '../parts/form.tsx'
import { useSession } from '../session.ts'
import { LinkDialog } from './link-dialog.tsx'
import { roleWord } from './words.ts'

const ROLE_OPTIONS = (['administrator', 'manager', 'viewer'] as const).map((role) => [role, roleWord(role)] as const)

interface UserDialogProps {
  /** Null for a new user. */
  saved: UserView | null
  /** The User ID of the new user. */
  userId?: string
  onClose: () => void
}

/** The form of a new or saved user. A new user without a password can be invited next. */
export function UserDialog({ saved, userId, onClose }: UserDialogProps) {
  const session = useSession()
  const [draft, setDraft] = useState({
    name: saved?.name ?? '',
    email: saved?.email ?? '',
    role: saved?.role ?? ('viewer' as const),
    userId: saved?.userId ?? userId ?? '',
  })
  const [password, setPassword] = useState('')
  const [made, setMade] = useState<UserView | null>(null)
  const change = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }))
  const own = saved !== null && saved.email === session.email
  const save = useAction(async () => {
    const body = { ...draft, ...(password === '' ? {} : { password }) }
    if (saved !== null) await patch('/api/users/:id', { id: saved.id, body })
    else {
      const user = await post('/api/users', { body })
      if (!user.hasPassword) return setMade(user)
    }
    onClose()
  })
  if (made !== null) return <LinkDialog user={made} onClose={onClose} />
  return (
    <Dialog
      title={saved === null ? 'Add a user' : `Change ${saved.name}`}
      confirm={saved === null ? 'Add user' : 'Save user'}
      busy={save.busy}
      problem={save.problem}
      onConfirm={save.run}
      onClose={onClose}
    >
      <FieldProblems problem={save.problem}>
        <TextField path="name" label="Name" required value={draft.name} onChange={(name) => change({ name })} />
        <TextField
          path="email"
          label="E-mail address"
          type="email"
          required
          value={draft.email}
          onChange={(email) => change({ email })}
        />
        <SelectField
          path="role"
          label="Role"
          value={draft.role}
          options={ROLE_OPTIONS}
          onChange={(role) => change({ role })}
        />
        <TextField
          path="userId"
          label="User ID (optional)"
          hint="Exactly as in the contacts that are assigned to this person."
          value={draft.userId}
          onChange={(value) => change({ userId: value })}
        />
        {own ? null : (
          <TextField
            path="password"
            label={saved?.hasPassword === true ? 'New password (optional)' : 'Password (optional)'}
            hint={
              saved === null
                ? 'Leave it blank to invite them by link, or if they only have contacts assigned.'
                : 'At least 12 characters. It ends their sessions. Leave it blank to keep the password.'
            }
            type="password"
            autocomplete="new-password"
            value={password}
            onChange={setPassword}
          />
        )}
      </FieldProblems>
    </Dialog>
  )
}
