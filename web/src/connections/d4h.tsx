import { useEffect, useState } from 'preact/hooks'
import { STATUS_WORDS, STATUSES, type Status } from '../../../worker/src/connections/d4h/statuses.ts'
import type { DraftOf } from '../../../worker/src/connections/kind.ts'
import { CheckField } from '../parts/choice.tsx'
import { SelectField, TextField } from '../parts/field.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import type { KindFieldsProps, KindForm } from './kind.ts'

/** The regions of D4H, each with its own address. */
const REGIONS = [
  ['https://api.team-manager.ca.d4h.com', 'Canada'],
  ['https://api.team-manager.us.d4h.com', 'United States'],
  ['https://api.team-manager.eu.d4h.com', 'Europe'],
  ['https://api.team-manager.ap.d4h.com', 'Asia Pacific'],
] as const
const [[CANADA]] = REGIONS
const ELSEWHERE = ''

/** The members of a team, instead of a file. */
export const d4h: KindForm<'d4h'> = {
  choices: [
    {
      value: 'd4h',
      label: 'D4H Team Manager',
      short: 'D4H',
      icon: 'users',
      hint: 'The members of a team and their groups.',
      start: () => ({ kind: 'd4h', url: CANADA, teamId: null, statuses: ['OPERATIONAL'], groups: true }),
      is: () => true,
    },
  ],
  draft: ({ kind, url, teamId, statuses, groups }) => ({ kind, url, teamId, statuses, groups }),
  Fields: D4hFields,
  summary({ url, teamId, statuses, groups }) {
    const region = REGIONS.find(([address]) => address === url)?.[1]
    return [
      ['Where', 'D4H Team Manager'],
      [region === undefined ? 'Address' : 'Region', region ?? url],
      ['Team', teamId === null ? 'The only one that the token may read' : String(teamId)],
      ['Members', statuses.map((status) => STATUS_WORDS[status]).join(', ')],
      ['Groups', groups ? null : 'Not imported'],
    ]
  },
}

/** The fields of a D4H team. The teams to choose from come with the first test. */
function D4hFields({ draft, saved, test, onChange }: KindFieldsProps<'d4h'>) {
  const kept = saved?.hasToken === true
  const set = (part: Partial<DraftOf<'d4h'>>) => onChange({ ...draft, ...part })
  return (
    <>
      <RegionFields draft={draft} onChange={onChange} />
      <SecretField
        key={String(kept)}
        path="connection.token"
        label="Personal access token"
        hint="In D4H: your account, Manage Personal Access Tokens, Create Token, with Team Manager among its products."
        saved={kept}
        value={draft.token}
        onChange={(token) => {
          const { token: _, ...rest } = draft
          onChange(token === undefined ? rest : { ...rest, token })
        }}
      />
      <TeamField draft={draft} test={test} onChange={onChange} />
      <Statuses chosen={draft.statuses ?? []} onChange={(statuses) => set({ statuses })} />
      <CheckField
        path="connection.groups"
        label="Import the groups"
        hint="Leave this out where the team does without D4H’s Groups module."
        checked={draft.groups !== false}
        onChange={(groups) => set({ groups })}
      />
    </>
  )
}

/** A choice of D4H's regions or another address. A team exists in one region only. */
function RegionFields({ draft, onChange }: Pick<KindFieldsProps<'d4h'>, 'draft' | 'onChange'>) {
  const known = REGIONS.some(([url]) => url === draft.url)
  const [other, setOther] = useState(!known)
  const go = (url: string) => onChange({ ...draft, url, teamId: null })
  return (
    <>
      <SelectField
        path={other ? 'connection.region' : 'connection.url'}
        label="Region of your D4H account"
        hint="Where D4H keeps your team; each region has an address of its own."
        value={other ? ELSEWHERE : draft.url}
        options={[...REGIONS, [ELSEWHERE, 'Another address']]}
        onChange={(url) => {
          setOther(url === ELSEWHERE)
          if (url !== ELSEWHERE) go(url)
        }}
      />
      {other ? (
        <TextField
          path="connection.url"
          label="Address of D4H’s API"
          type="url"
          required
          placeholder={CANADA}
          value={draft.url}
          onChange={go}
        />
      ) : null}
    </>
  )
}

/** A choice of the teams that the last test found. Before a test it offers the saved team. */
function TeamField({ draft, test, onChange }: Omit<KindFieldsProps<'d4h'>, 'saved'>) {
  const [teams, setTeams] = useState<{ id: number; name: string }[]>([])
  const { teamId = null } = draft
  useEffect(() => {
    if (test?.teams === undefined) return
    const found = test.teams.map(({ id, name }) => ({ id: Number(id), name }))
    setTeams(found)
    const [only] = found
    if (teamId === null && only !== undefined && found.length === 1) onChange({ ...draft, teamId: only.id })
  }, [test])
  const known = teams.some(({ id }) => id === teamId)
  const unknown = [
    ...(teamId === null
      ? [['', teams.length === 0 ? 'Test the connection to see the teams' : 'Choose a team'] as const]
      : []),
    ...(teamId !== null && !known ? [[String(teamId), `Team ${teamId}`] as const] : []),
  ]
  return (
    <SelectField
      path="connection.teamId"
      label="Team"
      hint="The connection test finds the teams that the token may read."
      value={teamId === null ? '' : String(teamId)}
      options={[...unknown, ...teams.map(({ id, name }) => [String(id), name] as const)]}
      onChange={(id) => onChange({ ...draft, teamId: id === '' ? null : Number(id) })}
    />
  )
}

function Statuses({ chosen, onChange }: { chosen: readonly Status[]; onChange: (statuses: Status[]) => void }) {
  return (
    <fieldset>
      <legend>Members to import</legend>
      <p class="hint">D4H asks for further permissions for some of them.</p>
      <div class="chips">
        {STATUSES.map((status) => (
          <label key={status} class="chip">
            <input
              type="checkbox"
              data-path="connection.statuses"
              checked={chosen.includes(status)}
              onChange={({ currentTarget: { checked } }) =>
                onChange(STATUSES.filter((one) => (one === status ? checked : chosen.includes(one))))
              }
            />
            <span>{STATUS_WORDS[status]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
