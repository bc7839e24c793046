import type { ChangeView } from '../../../worker/src/api/views/run.ts'
import { useFields } from '../field/definitions.ts'
import { contactStays, type Difference, differences } from './differences.ts'

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
export function Values({ difference: { before, after }, single }: { difference: Difference; single: boolean }) {
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
  const kept = after.filter((value) => before.includes(value))
  return (
    <span class="values">
      {gone.map((value) => (
        <del key={`-${value}`}>{value}</del>
      ))}
      {after.map((value) => (before.includes(value) ? null : <ins key={`+${value}`}>{value}</ins>))}
      {kept.map((value) => (
        <span key={value}>{value}</span>
      ))}
    </span>
  )
}
