import { Component } from 'preact'
import type { ContactView } from '../../../worker/src/api/views/contact.ts'
import { State, type StateKind } from '../parts/state.tsx'
import { None } from '../parts/table.tsx'
import { WindowedRows } from '../parts/windowed.tsx'
import { hrefOf } from '../router.ts'
import { SMS_WORDS } from '../words.ts'
import { telephone } from './telephone.ts'

const SMS_KINDS: Record<ContactView['sms']['status'], StateKind> = {
  opted_in: 'ok',
  opted_out: 'bad',
  unknown: 'quiet',
}

const HEADS = ['Name', 'Organization', 'Number', 'Groups', 'SMS status'] as const

/** The value of the box that chooses all contacts; no key is empty. */
const ALL = ''

interface ContactTableProps {
  contacts: readonly ContactView[]
  /** The keys of the chosen contacts; null if nothing can be done with several contacts. */
  chosen: ReadonlySet<string> | null
  onChoose: (keys: ReadonlySet<string>) => void
}

/** Contacts, each with a link to its page, and with a box to choose several. */
export function ContactTable({ contacts, chosen, onChoose }: ContactTableProps) {
  const all = chosen !== null && contacts.length > 0 && contacts.every(({ key }) => chosen.has(key))
  const choose = (key: string, on: boolean) => {
    const next = new Set(chosen)
    if (on) next.add(key)
    else next.delete(key)
    onChoose(next)
  }
  return (
    <table
      class="table lines contact-table"
      aria-label="Contacts"
      onChange={({ target }) => {
        if (target instanceof HTMLInputElement && target.value !== ALL) choose(target.value, target.checked)
      }}
    >
      <thead>
        <tr>
          {chosen === null ? null : (
            <th scope="col" class="choose">
              <input
                type="checkbox"
                aria-label={`Select all ${contacts.length} shown`}
                value={ALL}
                checked={all}
                onChange={() => onChoose(new Set(all ? [] : contacts.map(({ key }) => key)))}
              />
            </th>
          )}
          {HEADS.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <WindowedRows items={contacts} columns={HEADS.length + (chosen === null ? 0 : 1)}>
        {(shown) =>
          shown.map((contact) => <Row key={contact.key} contact={contact} chosen={chosen?.has(contact.key) ?? null} />)
        }
      </WindowedRows>
    </table>
  )
}

interface RowProps {
  contact: ContactView
  /** Null if it cannot be chosen. */
  chosen: boolean | null
}

/** A class, so that a choice renders only the rows again that it changes. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    return next.contact !== this.props.contact || next.chosen !== this.props.chosen
  }

  override render({ contact, chosen }: RowProps) {
    const { key, name, id, priority, organization, title, numbers, groups, sms } = contact
    const [first, ...others] = numbers
    const [group, ...further] = groups
    return (
      <tr class={chosen === true ? 'chosen-row' : undefined}>
        {chosen === null ? null : (
          <td class="choose">
            <input type="checkbox" aria-label={`Select ${name}`} value={key} checked={chosen} />
          </td>
        )}
        <td data-head="Name">
          <div>
            <a href={hrefOf('/contacts/:key', { key })}>{name}</a>{' '}
            <span class="muted small">
              {id}
              {priority === 'normal' ? '' : ` · ${priority} priority`}
            </span>
          </div>
        </td>
        <td data-head="Organization">
          <div title={[title, organization].filter(Boolean).join(', ')}>
            {organization ?? (title === null ? <None /> : null)}
            {title === null ? null : <span class="muted small"> {title}</span>}
          </div>
        </td>
        <td data-head="Number">
          <div>
            {first === undefined ? <None /> : <span class="nowrap">{telephone(first)}</span>}
            {others.length === 0 ? null : <span class="muted small"> +{others.length}</span>}
          </div>
        </td>
        <td data-head="Groups">
          <div title={groups.join(', ')}>
            {group ?? <None />}
            {further.length === 0 ? null : <span class="muted small"> +{further.length}</span>}
          </div>
        </td>
        <td data-head="SMS status">
          <div>
            {sms.status === 'unknown' ? (
              <span class="muted">{SMS_WORDS.unknown}</span>
            ) : (
              <SmsState status={sms.status} />
            )}
          </div>
        </td>
      </tr>
    )
  }
}

/** An SMS status with its icon and word. */
export function SmsState({ status }: Pick<ContactView['sms'], 'status'>) {
  return <State kind={SMS_KINDS[status]}>{SMS_WORDS[status]}</State>
}
