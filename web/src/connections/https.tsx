import { factsOf } from '../../../worker/src/connections/facts.ts'
import type { DraftOf } from '../../../worker/src/connections/kind.ts'
import { SelectField, TextField } from '../parts/field.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import { type KindFieldsProps, type KindForm, urlWith, type ViewOf } from './kind.ts'

type Draft = DraftOf<'https'>
/** How Muster signs in at the server. */
type Authentication = 'none' | 'basic' | 'bearer' | 'header'

/** The members that a draft has before anything is typed. An empty text is one that must be filled in. */
const BEGUN: Readonly<Record<Authentication, Pick<Draft, 'username' | 'password' | 'bearer' | 'header'>>> = {
  none: { username: null, password: null, bearer: null, header: null },
  basic: { username: '', bearer: null, header: null },
  bearer: { username: null, password: null, bearer: '', header: null },
  header: { username: null, password: null, bearer: null, header: { name: '', value: '' } },
}

const AUTHENTICATIONS = [
  ['none', 'None: the file is public'],
  ['basic', 'User name and password (Basic)'],
  ['bearer', 'Bearer token'],
  ['header', 'Header of your own, such as X-Api-Key'],
] as const

function authenticationOf({ username, bearer, header }: Draft): Authentication {
  if (typeof username === 'string') return 'basic'
  if (header !== null && header !== undefined) return 'header'
  // An undefined token keeps the saved one.
  return bearer === null ? 'none' : 'bearer'
}

/** A file over HTTPS. */
export const https: KindForm<'https'> = {
  // Options 1 and 2 of the seed; the credentials make the difference.
  choices: [
    {
      value: 'https-public',
      label: 'A public file over HTTPS',
      short: 'A link',
      icon: 'link',
      hint: 'A public address, or a share link of Google, Dropbox, SharePoint and others.',
      start: (before) => ({ kind: 'https', url: urlWith(['https:', 'http:'], before), ...BEGUN.none }),
      is: (draft) => authenticationOf(draft) === 'none',
    },
    {
      value: 'https-basic',
      label: 'A private file over HTTPS',
      short: 'Private HTTPS',
      icon: 'lock',
      hint: 'With a user name and password, a token or a header.',
      start: (before) => ({ kind: 'https', url: urlWith(['https:', 'http:'], before), ...BEGUN.basic }),
      is: (draft) => authenticationOf(draft) !== 'none',
    },
  ],
  draft({ kind, url, username, header, hasPassword, hasBearer }) {
    const server = { kind, url }
    // Without its member, a saved secret is kept.
    if (username !== null || hasPassword) return { ...server, username: username ?? '', bearer: null, header: null }
    if (hasBearer) return { ...server, username, password: null, header: null }
    if (header !== null) return { ...server, username, password: null, bearer: null, header: { name: header.name } }
    return { ...server, ...BEGUN.none }
  },
  Fields: HttpsFields,
  summary: (view) => [
    ['Where', isPublic(view) ? 'A public file over HTTPS' : 'A private file over HTTPS'],
    ['File’s URL', view.url],
    ['Fetched from', view.fetches ?? null],
    ['HTTP Auth username', view.username],
    ['Bearer token', view.hasBearer ? 'Saved' : null],
    ['Header', view.header?.name ?? null],
  ],
}

function isPublic({ username, header, hasBearer }: ViewOf<'https'>): boolean {
  return username === null && header === null && !hasBearer
}

/** The fields of a file over HTTPS, public or private. */
function HttpsFields({ draft, saved, onChange }: KindFieldsProps<'https'>) {
  const authentication = authenticationOf(draft)
  const choose = (next: Authentication) => {
    const { kind, url } = draft
    const kept = saved === null ? null : https.draft(saved)
    if (kept !== null && authenticationOf(kept) === next) onChange({ ...kept, url })
    else onChange({ kind, url, ...BEGUN[next] })
  }
  return (
    <>
      <TextField
        path="connection.url"
        label="The file’s URL"
        hint="The full address of the file itself, or a share link of Google Sheets or Drive, Dropbox, SharePoint, OneDrive for work, Nextcloud or GitHub."
        type="url"
        required
        placeholder="https://files.example.org/contacts.csv"
        value={draft.url}
        onChange={(url) => onChange({ ...draft, url })}
      />
      <Fetches draft={draft} saved={saved} />
      <SelectField
        path="connection.authentication"
        label="Authentication"
        value={authentication}
        options={AUTHENTICATIONS}
        onChange={choose}
      />
      {authentication === 'basic' ? <BasicFields draft={draft} saved={saved} onChange={onChange} /> : null}
      {authentication === 'bearer' ? <BearerField draft={draft} saved={saved} onChange={onChange} /> : null}
      {authentication === 'header' ? <HeaderFields draft={draft} saved={saved} onChange={onChange} /> : null}
    </>
  )
}

/** The address that a share link is fetched from. Only the API knows the query of a saved link. */
function Fetches({ draft, saved }: Pick<PartProps, 'draft' | 'saved'>) {
  const fetches = (saved?.url === draft.url ? saved.fetches : factsOf(draft).fetches?.(draft)) ?? null
  return (
    <p class="hint fetches" aria-live="polite">
      {fetches === null ? null : (
        <>
          Fetched from <code class="break">{fetches}</code>
        </>
      )}
    </p>
  )
}

type PartProps = Pick<KindFieldsProps<'https'>, 'draft' | 'saved' | 'onChange'>

function BasicFields({ draft, saved, onChange }: PartProps) {
  const kept = saved?.hasPassword === true
  return (
    <div class="pair">
      <TextField
        path="connection.username"
        label="HTTP Auth username"
        required
        value={draft.username ?? ''}
        onChange={(username) => onChange({ ...draft, username })}
      />
      <SecretField
        key={String(kept)}
        path="connection.password"
        label="HTTP Auth password"
        saved={kept}
        value={draft.password}
        onChange={(password) => {
          const { password: _, ...rest } = draft
          onChange(password === undefined ? rest : { ...rest, password })
        }}
      />
    </div>
  )
}

function BearerField({ draft, saved, onChange }: PartProps) {
  const kept = saved?.hasBearer === true
  return (
    <SecretField
      key={String(kept)}
      path="connection.bearer"
      label="Bearer token"
      hint="Without the word Bearer."
      saved={kept}
      value={draft.bearer}
      onChange={(bearer) => {
        const { bearer: _, ...rest } = draft
        onChange(bearer === undefined && kept ? rest : { ...rest, bearer: bearer ?? '' })
      }}
    />
  )
}

function HeaderFields({ draft, saved, onChange }: PartProps) {
  const { name = '', value } = draft.header ?? {}
  const kept = saved?.header?.hasValue === true
  return (
    <div class="pair">
      <TextField
        path="connection.header.name"
        label="Name of the header"
        required
        placeholder="X-Api-Key"
        value={name}
        onChange={(text) => onChange({ ...draft, header: { ...draft.header, name: text.trim() } })}
      />
      <SecretField
        key={String(kept)}
        path="connection.header.value"
        label="Value of the header"
        saved={kept}
        value={value}
        onChange={(text) =>
          onChange({ ...draft, header: text === undefined && kept ? { name } : { name, value: text ?? '' } })
        }
      />
    </div>
  )
}
