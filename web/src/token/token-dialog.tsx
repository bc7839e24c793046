import { useState } from 'preact/hooks'
import type { TokenView } from '../../../worker/src/api/views/person.ts'
import { post } from '../client.ts'
import { useAction } from '../load.ts'
import { CheckField } from '../parts/choice.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { SelectField, TextField } from '../parts/field.tsx'
import { FieldProblems } from '../parts/form.tsx'
import { useSourceNames } from '../source/names.ts'
import { RIGHTS } from './words.ts'

type Scope = TokenView['scopes'][number]

const DAY = 86_400_000
const LASTS = [
  ['', 'Until it is revoked'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'One year'],
] as const

interface TokenDialogProps {
  /** Called with the secret of the new token, which is shown once. */
  onMade: (secret: string) => void
  onClose: () => void
}

/** The form of a new token. */
export function TokenDialog({ onMade, onClose }: TokenDialogProps) {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly Scope[]>(['files:write'])
  /** The only sources that the token may see; all if none is chosen. */
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [days, setDays] = useState<(typeof LASTS)[number][0]>('')
  const names = useSourceNames()
  const limitable = scopes.every((scope) => RIGHTS.some((right) => right.scope === scope && right.bySource))
  const make = useAction(async () => {
    const expiresAt = days === '' ? null : new Date(Date.now() + Number(days) * DAY).toISOString()
    const sources = chosen.length === 0 || !limitable ? null : [...chosen]
    const { token } = await post('/api/tokens', { body: { name, scopes: [...scopes], sources, expiresAt } })
    onMade(token)
  })
  const choose = (scope: Scope, on: boolean) =>
    setScopes((before) => (on ? [...before, scope] : before.filter((one) => one !== scope)))
  const limit = (id: string, on: boolean) =>
    setChosen((before) => (on ? [...before, id] : before.filter((one) => one !== id)))
  return (
    <Dialog
      title="Make a token"
      confirm="Make token"
      busy={make.busy}
      problem={make.problem}
      onConfirm={make.run}
      onClose={onClose}
    >
      <FieldProblems problem={make.problem}>
        <TextField
          path="name"
          label="Name"
          hint="The system that gets it. Imports and changes show this name."
          required
          value={name}
          onChange={setName}
        />
        <fieldset>
          <legend>What may it do?</legend>
          {RIGHTS.map(({ scope, label, hint }) => (
            <CheckField
              key={scope}
              path="scopes"
              label={label}
              hint={hint}
              checked={scopes.includes(scope)}
              onChange={(on) => choose(scope, on)}
            />
          ))}
        </fieldset>
        {limitable && names.size > 0 ? (
          <fieldset>
            <legend>For which sources?</legend>
            <p class="hint">For all sources if you choose none.</p>
            {[...names].map(([id, label]) => (
              <CheckField
                key={id}
                path="sources"
                label={label}
                checked={chosen.includes(id)}
                onChange={(on) => limit(id, on)}
              />
            ))}
          </fieldset>
        ) : null}
        <SelectField path="expiresAt" label="How long is it valid?" value={days} options={LASTS} onChange={setDays} />
      </FieldProblems>
    </Dialog>
  )
}
