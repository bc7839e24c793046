import type { NotificationView } from '../../../worker/src/api/views.ts'
import { dateTime } from '../format.ts'
import { useList } from '../load.ts'
import { List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { Pill } from '../parts/pill.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Ago } from '../parts/when.tsx'
import { hrefOf } from '../router.ts'
import type { Tone } from '../words.ts'

const STATES: Record<NotificationView['status'], { text: string; tone: Tone }> = {
  pending: { text: 'On its way', tone: 'busy' },
  sent: { text: 'Sent', tone: 'good' },
  failed: { text: 'Not sent', tone: 'bad' },
  not_needed: { text: 'Not needed', tone: 'quiet' },
}

const COLUMNS: Column<NotificationView>[] = [
  {
    head: 'Subject',
    cell: ({ subject, runId }) =>
      runId === null ? subject : <a href={hrefOf('/runs/:id', { id: runId })}>{subject}</a>,
  },
  { head: 'To', cell: ({ recipients }) => <span class="break">{recipients.join(', ')}</span> },
  {
    head: 'State',
    cell: ({ status, error, sentAt }) => (
      <span class="stack">
        <span title={sentAt === null ? undefined : dateTime(sentAt)}>
          <Pill {...STATES[status]} />
        </span>
        {error === null ? null : <span class="small">{error}</span>}
      </span>
    ),
  },
  { head: 'When', cell: ({ createdAt }) => <Ago at={createdAt} /> },
]

/** Every e-mail and whether it was delivered. */
export function Notifications() {
  const list = useList('/api/notifications', {})
  return (
    <Page title="Notifications">
      <List list={list} empty={<p class="muted">No e-mail has been sent yet. One follows each import.</p>}>
        {(items) => <Table label="Notifications" columns={COLUMNS} items={items} keyOf={({ id }) => id} />}
      </List>
    </Page>
  )
}
