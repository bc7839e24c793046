import { useState } from 'preact/hooks'
import type { ChangeView, RunView } from '../../../worker/src/api/views.ts'
import { useList } from '../load.ts'
import { SelectField } from '../parts/field.tsx'
import { List } from '../parts/list.tsx'
import { LEFT_WORDS, OP_WORDS, PLANNED_WORDS } from '../words.ts'
import { ChangeItem } from './change-item.tsx'

const KINDS = { add: 'Added', update: 'Changed', rekey: 'New IDs', remove: 'Removed' }
const OPS = ['', 'add', 'update', 'rekey', 'remove'] as const
const OP_OPTIONS = OPS.map((op) => [op, op === '' ? 'All kinds' : KINDS[op]] as const)
const PARTS = ['', 'waiting', 'applied'] as const

/** The applied, planned and waiting changes of a run, by contact. */
export function Changes({ run }: { run: RunView }) {
  const [op, setOp] = useState<(typeof OPS)[number]>('')
  // The person who decides must see the waiting changes first.
  const [part, setPart] = useState<(typeof PARTS)[number]>(run.status === 'held' ? 'waiting' : '')
  const list = useList('/api/runs/:id/changes', { id: run.id, query: { op, part } })
  return (
    <>
      <div class="filters">
        {run.hold === null ? null : (
          <SelectField
            path="part"
            label="Changes"
            value={part}
            options={PARTS.map((one) => [one, partWords(run, one)] as const)}
            onChange={setPart}
          />
        )}
        <SelectField path="op" label="Show" value={op} options={OP_OPTIONS} onChange={setOp} />
      </div>
      <List list={list} empty={<p class="muted">No such changes.</p>}>
        {(changes) => (
          <ul class="plain changes">
            {changes.map((change) => (
              <ChangeItem key={`${change.op} ${change.id}`} change={change} word={wordOf(run, change)} />
            ))}
          </ul>
        )}
      </List>
    </>
  )
}

function partWords({ status }: RunView, part: (typeof PARTS)[number]): string {
  if (part === '') return 'All changes'
  if (status === 'previewed') return part === 'waiting' ? 'Changes that would wait' : 'Changes that would not wait'
  if (status === 'held' && part === 'waiting') return 'Changes that wait'
  return part === 'waiting' ? 'Changes that were not made' : 'Changes that were made'
}

function wordOf({ status }: RunView, { op, waits }: ChangeView): string {
  if (status === 'previewed' || (status === 'held' && waits)) return PLANNED_WORDS[op]
  return (waits ? LEFT_WORDS : OP_WORDS)[op]
}
