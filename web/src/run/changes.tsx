import { useState } from 'preact/hooks'
import type { RunView } from '../../../worker/src/api/views.ts'
import { useList } from '../load.ts'
import { SelectField } from '../parts/field.tsx'
import { List } from '../parts/list.tsx'
import { isApplied, OP_WORDS, PLANNED_WORDS } from '../words.ts'
import { ChangeItem } from './change-item.tsx'

const OPS = ['', 'add', 'update', 'remove'] as const

/**
 * Returns the kind of change to show first. If a run is held because of removals, the person who decides must see the
 * removals first.
 */
function first({ status, hold }: RunView): (typeof OPS)[number] {
  return status === 'held' && hold?.reasons.some(({ limit }) => limit === 'removed') ? 'remove' : ''
}

/** The applied or planned changes of a run, by contact. */
export function Changes({ run }: { run: RunView }) {
  const [op, setOp] = useState(() => first(run))
  const words = isApplied(run) ? OP_WORDS : PLANNED_WORDS
  const options = OPS.map((one) => [one, one === '' ? 'All changes' : words[one]] as const)
  const list = useList('/api/runs/:id/changes', { id: run.id, query: { op } })
  return (
    <>
      <div class="filters">
        <SelectField path="op" label="Show" value={op} options={options} onChange={setOp} />
      </div>
      <List list={list} empty={<p class="muted">No such changes.</p>}>
        {(changes) => (
          <ul class="plain changes">
            {changes.map((change) => (
              <ChangeItem key={`${change.op} ${change.id}`} change={change} word={words[change.op]} />
            ))}
          </ul>
        )}
      </List>
    </>
  )
}
