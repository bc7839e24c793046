import type { RunView } from '../../../worker/src/api/views/run.ts'
import type { RekeyDecision } from '../../../worker/src/core/plan.ts'
import { getAll } from '../client.ts'
import { countOf } from '../format.ts'
import { useList } from '../load.ts'
import { CheckField, RadioField } from '../parts/choice.tsx'
import { List } from '../parts/list.tsx'

/** Which people are moved to their new IDs: all, none, or all but those with the new IDs in `without`. */
export interface RekeyChoice {
  which: 'all' | 'none' | 'some'
  without: ReadonlySet<string>
}

export const MOVE_ALL: RekeyChoice = { which: 'all', without: new Set() }

/** Returns the decision for the API. Reads all pairs of the run if only some of them are moved. */
export async function rekeyDecision({ id }: RunView, { which, without }: RekeyChoice): Promise<RekeyDecision> {
  if (which !== 'some') return which === 'all'
  const changes = await getAll('/api/runs/:id/changes', { id, query: { op: 'rekey' } })
  return changes.flatMap(({ id: to, fromId }) => (fromId === null || without.has(to) ? [] : { from: fromId, to }))
}

interface Props {
  run: RunView
  choice: RekeyChoice
  onChange: (choice: RekeyChoice) => void
}

/** The people that come under new IDs, pair by pair, and the choice which of them keep their contact. */
export function Rekeys({ run, choice, onChange }: Props) {
  const { which, without } = choice
  const list = useList('/api/runs/:id/changes', { id: run.id, query: { op: 'rekey' } })
  const choose = (id: string, moved: boolean) => {
    const others = new Set(without)
    if (moved) others.delete(id)
    else others.add(id)
    onChange({ which, without: others })
  }
  return (
    <>
      <RadioField
        path="rekey"
        legend={`${countOf(run.rekeyed?.count ?? 0, 'person', 'people')} under new IDs`}
        value={which}
        options={[
          { value: 'all', label: 'Move all to their new IDs', hint: 'They keep their history and their opt-outs.' },
          { value: 'some', label: 'Choose whom to move' },
          { value: 'none', label: 'Move nobody', hint: 'The new IDs become new contacts.' },
        ]}
        onChange={(value) => onChange({ which: value, without })}
      />
      <List list={list} empty={<p class="muted">Nobody.</p>}>
        {(changes) => (
          <ul class="plain">
            {changes.map(({ id, fromId, name }) => (
              <li key={id}>
                {which === 'some' ? (
                  <CheckField
                    path={`rekey.${id}`}
                    label={`${name}: ${fromId} → ${id}`}
                    checked={!without.has(id)}
                    onChange={(moved) => choose(id, moved)}
                  />
                ) : (
                  `${name}: ${fromId} → ${id}`
                )}
              </li>
            ))}
          </ul>
        )}
      </List>
    </>
  )
}
