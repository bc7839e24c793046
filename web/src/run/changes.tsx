import { useState } from 'preact/hooks'
import type { ChangeView, RunView } from '../../../worker/src/api/views.ts'
import { useList } from '../load.ts'
import { SelectField } from '../parts/field.tsx'
import { List } from '../parts/list.tsx'
import { ChangeItem } from './change-item.tsx'

const OPS = [
  ['', 'All changes'],
  ['add', 'Added'],
  ['update', 'Changed'],
  ['remove', 'Removed'],
] as const

/** What a run changed, or would change, contact by contact. */
export function Changes({ run }: { run: RunView }) {
  const [op, setOp] = useState<(typeof OPS)[number][0]>('')
  const list = useList<ChangeView>(`/api/runs/${encodeURIComponent(run.id)}/changes`, { op })
  return (
    <>
      <div class="filters">
        <SelectField path="op" label="Show" value={op} options={OPS} onChange={setOp} />
      </div>
      <List list={list} empty={<p class="muted">No such changes.</p>}>
        {(changes) => (
          <ul class="plain changes">
            {changes.map((change) => (
              <ChangeItem key={`${change.op} ${change.id}`} change={change} />
            ))}
          </ul>
        )}
      </List>
    </>
  )
}
