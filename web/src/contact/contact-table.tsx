import type { ContactView } from '../../../worker/src/api/views.ts'
import { Pill } from '../parts/pill.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { hrefOf } from '../router.ts'
import { SMS_WORDS, type Tone } from '../words.ts'
import { telephone } from './telephone.ts'

const SMS_TONES: Record<ContactView['sms']['status'], Tone> = { opted_in: 'good', opted_out: 'bad', unknown: 'quiet' }

const COLUMNS: Column<ContactView>[] = [
  {
    head: 'Name',
    cell: ({ key, name, id, priority }) => (
      <span class="stack">
        <span>
          <a href={hrefOf('/contacts/:key', { key })}>{name}</a>{' '}
          {priority === 'high' ? <Pill text="High priority" tone="busy" /> : null}
        </span>
        <span class="muted small">ID {id}</span>
      </span>
    ),
  },
  {
    head: 'Organization',
    cell: ({ organization, title }) => (
      <span class="stack">
        <span>{organization ?? '–'}</span>
        {title === null ? null : <span class="muted small">{title}</span>}
      </span>
    ),
  },
  {
    head: 'Number',
    cell: ({ numbers }) => (
      <span class="stack">
        <span class="nowrap">{numbers[0] === undefined ? '–' : telephone(numbers[0])}</span>
        {numbers.length > 1 ? <span class="muted small">and {numbers.length - 1} more</span> : null}
      </span>
    ),
  },
  { head: 'Groups', cell: ({ groups }) => groups.join(', ') || '–' },
  { head: 'SMS status', cell: ({ sms }) => <SmsPill status={sms.status} /> },
]

/** Contacts, each with a way to its page. */
export function ContactTable({ contacts }: { contacts: ContactView[] }) {
  return <Table label="Contacts" columns={COLUMNS} items={contacts} keyOf={({ key }) => key} />
}

/** An SMS status in words. */
export function SmsPill({ status }: Pick<ContactView['sms'], 'status'>) {
  return <Pill text={SMS_WORDS[status]} tone={SMS_TONES[status]} />
}
