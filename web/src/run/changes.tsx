import { useState } from 'preact/hooks'
import type { ChangeView, RunView } from '../../../worker/src/api/views.ts'
import { useList } from '../load.ts'
import { SelectField } from '../parts/field.tsx'
import { List } from '../parts/list.tsx'
import { isApplied, OP_WORDS, PLANNED_WORDS } from '../words.ts'
import { ChangeItem } from './change-item.tsx'

const OPS = ['', 'add', 'update', 'remove'] as const

/** What a run changed, or would change, contact by contact. */
export function Changes({ run }: { run: RunView }) {
  const [op, setOp] = useState<(typeof OPS)[number]>('')
  const words = isApplied(run) ? OP_WORDS : PLANNED_WORDS
  const options = OPS.map((one) => [one, one === '' ? 'All changes' : words[one]] as const)
  const list = useList<ChangeView>(`/api/runs/${encodeURIComponent(run.id)}/changes`, { op })
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
