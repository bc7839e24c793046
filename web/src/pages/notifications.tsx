import type { NotificationView } from '../../../worker/src/api/views/settings.ts'
import { useList, useRefresh } from '../load.ts'
import { mailState, reasonOf } from '../mail/words.ts'
import { Empty, List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { State } from '../parts/state.tsx'
import { type Column, None, Table } from '../parts/table.tsx'
import { Ago } from '../parts/when.tsx'
import { hrefOf } from '../router.ts'

const COLUMNS: Column<NotificationView>[] = [
  { head: 'Subject', cell: ({ id, subject }) => <a href={hrefOf('/settings/mail/:id', { id })}>{subject}</a> },
  { head: 'To', cell: ({ recipients }) => <Recipients recipients={recipients} /> },
  {
    head: 'State',
    cell: (mail) => (
      <>
        <State kind={mailState(mail).kind}>{mailState(mail).text}</State>
        {mail.error === null ? null : <span class="muted small line break">{reasonOf(mail.error)}</span>}
      </>
    ),
  },
  { head: 'When', cell: ({ createdAt, sentAt }) => <Ago at={sentAt ?? createdAt} /> },
]

/** How long an address may be that stays on one line, and how many are listed. */
const SHORT = 32
const LISTED = 3

function Recipients({ recipients }: Pick<NotificationView, 'recipients'>) {
  if (recipients.length === 0) return <None />
  const more = recipients.length - LISTED
  return (
    <>
      {recipients.slice(0, LISTED).map((email) => (
        <span key={email} class={email.length > SHORT ? 'line break' : 'line nowrap'}>
          {email}
        </span>
      ))}
      {more > 0 ? <span class="muted small">and {more} more</span> : null}
    </>
  )
}

/** Every e-mail that Muster sent, and whether it was delivered. */
export function Notifications() {
  const list = useList('/api/notifications', {})
  useRefresh(list, list.items?.some((mail) => mail.status === 'pending') === true ? 3000 : null)
  return (
    <Page title="Mail">
      <List
        list={list}
        empty={
          <Empty icon="email" title="No e-mail has been sent yet">
            One follows each import, to the recipients that its source names.
          </Empty>
        }
      >
        {(items) => <Table lines label="Mail" columns={COLUMNS} items={items} keyOf={({ id }) => id} />}
      </List>
    </Page>
  )
}
