import type { RecipientView, UnreachedView } from '../../../worker/src/api/views/contact.ts'
import type { Channel } from '../../../worker/src/core/channels.ts'
import { useList } from '../load.ts'
import { List } from '../parts/list.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { hrefOf } from '../router.ts'
import { NUMBER_TYPE_WORDS, PRIORITY_WORDS } from '../words.ts'
import { UNREACHED_WORDS } from './channel-words.ts'
import { telephone } from './telephone.ts'

/** The numbers or addresses that a message to a group reaches, each once, in the order in which it reaches them. */
export function Recipients({ group, channel }: { group: string; channel: Channel }) {
  const list = useList('/api/groups/:id/recipients', { id: group, query: { channel } })
  const columns: Column<RecipientView>[] = [
    { head: channel === 'email' ? 'Address' : 'Number', cell: (recipient) => <To recipient={recipient} /> },
    { head: 'Contact', cell: ({ contacts }) => <Names contacts={contacts} /> },
  ]
  // Pages and e-mails go out in one go, so that priority makes no difference.
  if (channel === 'sms' || channel === 'voice')
    columns.push({ head: 'Priority', cell: ({ priority }) => PRIORITY_WORDS[priority] })
  return (
    <List list={list} empty={<p class="muted">This message would reach nobody.</p>}>
      {(items) => (
        <Table
          lines
          label="Recipients"
          columns={columns}
          items={items}
          keyOf={({ number, extension, email }) => `${number ?? email} ${extension}`}
        />
      )}
    </List>
  )
}

function To({ recipient: { number, extension, type, email } }: { recipient: RecipientView }) {
  if (number === null) return <span class="break">{email}</span>
  return (
    <>
      <span class="nowrap">{telephone({ number, extension })}</span>{' '}
      {type === null ? null : <span class="muted">{NUMBER_TYPE_WORDS[type].toLowerCase()}</span>}
    </>
  )
}

function Names({ contacts }: Pick<RecipientView, 'contacts'>) {
  return (
    <>
      {contacts.map(({ key, name }, at) => (
        <span key={key}>
          {at === 0 ? '' : ', '}
          <a href={hrefOf('/contacts/:key', { key })}>{name}</a>
        </span>
      ))}
    </>
  )
}

const UNREACHED_COLUMNS: Column<UnreachedView>[] = [
  { head: 'Contact', cell: ({ key, name }) => <a href={hrefOf('/contacts/:key', { key })}>{name}</a> },
  { head: 'Why', cell: ({ reasons }) => reasons.map((reason) => UNREACHED_WORDS[reason]).join(', ') },
]

/** The members of a group whom a channel does not reach, and why. */
export function Unreached({ group, channel }: { group: string; channel: Channel }) {
  const list = useList('/api/groups/:id/unreached', { id: group, query: { channel } })
  return (
    <List list={list} empty={<p class="muted">Everybody is reached.</p>}>
      {(items) => (
        <Table lines label="Not reached" columns={UNREACHED_COLUMNS} items={items} keyOf={({ key }) => key} />
      )}
    </List>
  )
}
