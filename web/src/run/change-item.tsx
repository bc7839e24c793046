import type { ChangeView } from '../../../worker/src/api/views.ts'
import { useFields } from '../field/definitions.ts'
import { Pill } from '../parts/pill.tsx'
import type { Tone } from '../words.ts'
import { contactStays, type Difference, differences } from './differences.ts'

const TONES: Record<ChangeView['op'], Tone> = { add: 'good', update: 'busy', rekey: 'busy', remove: 'bad' }

/** The change of a contact, with the values before and after it. */
export function ChangeItem({ change, word }: { change: ChangeView; word: string }) {
  const { op, id, fromId, name, rows } = change
  return (
    <li class="change">
      <div class="change-head">
        <Pill text={word} tone={TONES[op]} />
        <strong>{name}</strong>
        <span class="muted">
          ID {fromId === null ? '' : `${fromId} → `}
          {id}
          {rows.length === 0 ? '' : `, ${rows.length === 1 ? 'row' : 'rows'} ${rows.join(', ')}`}
        </span>
      </div>
      <Differences change={change} />
    </li>
  )
}

/** The values that a change removes and adds, by attribute. */
export function Differences({ change }: { change: Pick<ChangeView, 'op' | 'before' | 'after' | 'changed'> }) {
  const { fields } = useFields()
  return (
    <dl class="facts tight">
      {differences(change, fields).map((difference) => (
        <div key={difference.label}>
          <dt>{difference.label}</dt>
          <dd>
            <Values difference={difference} single={!contactStays(change.op)} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** The values before and after. Of several values only the added and removed ones are marked. */
function Values({ difference: { before, after }, single }: { difference: Difference; single: boolean }) {
  if (single) return <>{[...before, ...after].join('; ')}</>
  if (before.length <= 1 && after.length <= 1) {
    return (
      <>
        {before.length === 0 ? <span class="muted">blank</span> : <del>{before[0]}</del>}
        <span class="hidden"> becomes </span>
        <span aria-hidden="true"> → </span>
        {after.length === 0 ? <span class="muted">blank</span> : <ins>{after[0]}</ins>}
      </>
    )
  }
  const gone = before.filter((value) => !after.includes(value))
  return (
    <ul class="values">
      {gone.map((value) => (
        <li key={`-${value}`}>
          <del>{value}</del>
        </li>
      ))}
      {after.map((value) => (
        <li key={`+${value}`}>{before.includes(value) ? value : <ins>{value}</ins>}</li>
      ))}
    </ul>
  )
}
