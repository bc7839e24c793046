import type { ConnectionView } from '../../../worker/src/api/views.ts'
import { TextField } from '../parts/field.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import { type ConnectionChoice, type ConnectionDraft, type ConnectionFieldsProps, sameHost, urlWith } from './draft.ts'

export type ConnectDraft = Extract<ConnectionDraft, { kind: 'connect' }>
type ConnectView = Extract<ConnectionView, { kind: 'connect' }>

/** The seed’s Connect integration. */
export const CONNECT_CHOICES: ConnectionChoice[] = [
  {
    value: 'connect',
    label: 'Contacts in Connect',
    hint: 'Chosen by filters in Connect, over its web service.',
    start: (before) => ({ kind: 'connect', url: urlWith(['https:', 'http:'], before), clientName: '', filterIds: [] }),
    is: (draft) => draft.kind === 'connect',
  },
]

/** A saved `connect` connection as a draft: the pass key stays where it is. */
export function connectDraft(view: ConnectView): ConnectDraft {
  const { hasPassKey: _, passKey: __, ...draft } = view
  return draft
}

const FOUND = [
  ['contactIdAttribute', 'Attribute with the contact ID'],
  ['modifiedAttribute', 'Attribute with the modified date'],
  ['writeOperation', 'Operation that changes a contact'],
] as const

/** How Connect is reached. Filters and source code are chosen once it answers: see `ConnectCriteria`. */
export function ConnectFields({ draft, saved, onChange }: ConnectionFieldsProps<ConnectDraft>) {
  const kept = saved?.kind === 'connect' && saved.hasPassKey === true && sameHost(saved.url, draft.url)
  return (
    <>
      <TextField
        path="connection.url"
        label="Address of the web service"
        hint="It differs from one client of Connect to another, and ends like /ws/bridge.asmx."
        type="url"
        required
        placeholder="https://services01.example.net/ws/bridge.asmx"
        value={draft.url}
        onChange={(url) => onChange({ ...draft, url: url.trim() })}
      />
      <div class="pair">
        <TextField
          path="connection.clientName"
          label="Client name"
          required
          value={draft.clientName}
          onChange={(clientName) => onChange({ ...draft, clientName })}
        />
        <SecretField
          key={String(kept)}
          path="connection.passKey"
          label="Pass key"
          saved={kept}
          value={draft.passKey}
          onChange={(passKey) => {
            const { passKey: _, ...rest } = draft
            onChange(passKey === undefined ? rest : { ...rest, passKey })
          }}
        />
      </div>
      <details class="fold">
        <summary>Names that are found by themselves, and search</summary>
        <p class="hint">Fill these in only where a test of the connection says that one was not found.</p>
        {FOUND.map(([name, label]) => (
          <TextField
            key={name}
            path={`connection.${name}`}
            label={label}
            placeholder="Found by itself"
            value={draft[name] ?? ''}
            onChange={(text) => onChange({ ...draft, [name]: text === '' ? null : text })}
          />
        ))}
        <TextField
          path="connection.searchCriteria"
          label="Search for contacts that have changed"
          hint="The SearchCriteriaXml of your service’s GetContacts, with {since} in place of the date. Without it everything is read each time."
          value={draft.searchCriteria ?? ''}
          onChange={(text) => onChange({ ...draft, searchCriteria: text === '' ? null : text })}
        />
      </details>
    </>
  )
}

/** A saved `connect` connection in words. */
export function connectFacts(view: ConnectView): [string, string | null][] {
  const { url, clientName, filterIds, sourceCode, contactIdAttribute, modifiedAttribute } = view
  return [
    ['Where', 'Contacts in Connect'],
    ['Web service', url],
    ['Client name', clientName],
    ['Filters', filterIds.length === 0 ? 'None chosen yet' : filterIds.join(', ')],
    ['Source code', sourceCode ?? 'None: opt-outs are not written back'],
    ['Contact ID', contactIdAttribute],
    ['Modified date', modifiedAttribute],
  ]
}
