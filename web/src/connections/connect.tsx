import { TextField } from '../parts/field.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import { ConnectCriteria } from './connect-criteria.tsx'
import { type KindFieldsProps, type KindForm, urlWith } from './kind.ts'

/** The seed’s Connect integration. */
export const connect: KindForm<'connect'> = {
  choices: [
    {
      value: 'connect',
      label: 'Contacts in Connect',
      short: 'Connect',
      icon: 'database',
      hint: 'Contacts chosen by filters there.',
      start: (before) => ({
        kind: 'connect',
        url: urlWith(['https:', 'http:'], before),
        clientName: '',
        filterIds: [],
      }),
      is: () => true,
    },
  ],
  draft: ({ hasPassKey: _, passKey: __, ...draft }) => draft,
  Fields: ConnectFields,
  criteria: { title: 'Criteria and source code', Fields: ConnectCriteria },
  summary: ({ url, clientName, filterIds, sourceCode, contactIdAttribute, modifiedAttribute }) => [
    ['Where', 'Contacts in Connect'],
    ['Web service', url],
    ['Client name', clientName],
    ['Filters', filterIds.length === 0 ? 'None chosen yet' : filterIds.join(', ')],
    ['Source code', sourceCode ?? 'None: opt-outs are not written back'],
    ['Contact ID', contactIdAttribute],
    ['Modified date', modifiedAttribute],
  ],
  waitsFor: ({ filterIds }) => ((filterIds ?? []).length === 0 ? 'Choose a filter of Connect' : null),
  scheduleAdvice: 'We recommend an import every night: new and changed contacts are then here by the morning.',
}

const FOUND = [
  ['contactIdAttribute', 'Attribute with the contact ID'],
  ['modifiedAttribute', 'Attribute with the modified date'],
  ['writeOperation', 'Operation that changes a contact'],
] as const

/** How Connect is reached. Filters and source code are chosen once it answers: see `ConnectCriteria`. */
function ConnectFields({ draft, saved, onChange }: KindFieldsProps<'connect'>) {
  const kept = saved?.hasPassKey === true
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
        <summary>More: names of attributes, search</summary>
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
