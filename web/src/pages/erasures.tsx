import { useState } from 'preact/hooks'
import type { ErasureView } from '../../../worker/src/api/views/consent.ts'
import { del } from '../client.ts'
import { useAction, useList } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Empty, List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { useMay } from '../session.ts'

/** The erasures of people, for administrators. */
export function ErasuresPage() {
  const may = useMay()
  return (
    <Page title="Erased people" up={{ href: '/settings', label: 'Settings' }}>
      {may.configure ? <Erasures /> : <p class="muted">An administrator can read the list.</p>}
    </Page>
  )
}

function Erasures() {
  const list = useList('/api/erasures', {})
  const columns: Column<ErasureView>[] = [
    { head: 'When', cell: ({ at }) => <When at={at} /> },
    { head: 'By', cell: ({ by }) => <span class="break">{by}</span> },
    { head: 'Reason', cell: ({ reason }) => <span class="break">{reason}</span> },
    { head: 'Contacts', cell: ({ contacts }) => contacts },
    { head: '', cell: (erasure) => <Lift erasure={erasure} onLifted={list.reload} /> },
  ]
  return (
    <>
      <p class="muted lead">
        People who asked to be erased. Imports leave them out. What is kept does not tell who they were.
      </p>
      <List
        list={list}
        empty={
          <Empty icon="users" title="Nobody was erased">
            You erase a person on the page of the contact.
          </Empty>
        }
      >
        {(erasures) => <Table label="Erased people" columns={columns} items={erasures} keyOf={({ id }) => id} />}
      </List>
    </>
  )
}

function Lift({ erasure, onLifted }: { erasure: ErasureView; onLifted: () => void }) {
  const [asking, setAsking] = useState(false)
  const lift = useAction(async () => {
    await del('/api/erasures/:id', { id: erasure.id })
    setAsking(false)
    onLifted()
  })
  return (
    <>
      <button type="button" onClick={() => setAsking(true)}>
        Lift…
      </button>
      {asking ? (
        <Dialog
          title="Lift this erasure?"
          confirm="Lift erasure"
          busy={lift.busy}
          problem={lift.problem}
          onConfirm={lift.run}
          onClose={() => setAsking(false)}
        >
          <p>
            The next import brings the person back, if the source still has them. What was erased does not come back,
            and an opt-out stays in force.
          </p>
        </Dialog>
      ) : null}
    </>
  )
}
