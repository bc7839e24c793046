import type { ConnectionView } from '../../../worker/src/api/views.ts'
import { TextField } from '../parts/field.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import { type ConnectionChoice, type ConnectionDraft, type ConnectionFieldsProps, sameHost, urlWith } from './draft.ts'

type HttpsDraft = Extract<ConnectionDraft, { kind: 'https' }>
type HttpsView = Extract<ConnectionView, { kind: 'https' }>

/** Options 1 and 2 of the seed; a user name makes the difference. */
export const HTTPS_CHOICES: ConnectionChoice[] = [
  {
    value: 'https-public',
    label: 'A public file over HTTPS',
    hint: 'Anybody who knows its address can download it.',
    start: (before) => ({ kind: 'https', url: urlWith(['https:', 'http:'], before), username: null, password: null }),
    is: (draft) => draft.kind === 'https' && typeof draft.username !== 'string',
  },
  {
    value: 'https-basic',
    label: 'A private file over HTTPS',
    hint: 'The server asks for a user name and password (Basic authorization).',
    start: (before) => ({ kind: 'https', url: urlWith(['https:', 'http:'], before), username: '' }),
    is: (draft) => draft.kind === 'https' && typeof draft.username === 'string',
  },
]

/** A saved `https` connection as a draft: the password stays where it is. */
export function httpsDraft({ kind, url, username }: HttpsView): HttpsDraft {
  return username === null ? { kind, url, username, password: null } : { kind, url, username }
}

/** The fields of a file over HTTPS, public or with Basic authorization. */
export function HttpsFields({ draft, saved, onChange }: ConnectionFieldsProps<HttpsDraft>) {
  const kept = saved?.kind === 'https' && saved.hasPassword === true && sameHost(saved.url, draft.url)
  return (
    <>
      <TextField
        path="connection.url"
        label="The file’s URL"
        hint="The full address of the file itself, not of a page that links to it."
        type="url"
        required
        placeholder="https://files.example.org/contacts.csv"
        value={draft.url}
        onChange={(url) => onChange({ ...draft, url })}
      />
      {typeof draft.username === 'string' ? (
        <div class="pair">
          <TextField
            path="connection.username"
            label="HTTP Auth username"
            required
            value={draft.username}
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
      ) : null}
    </>
  )
}

/** A saved `https` connection in words. */
export function httpsFacts({ url, username }: HttpsView): [string, string | null][] {
  return [
    ['Where', username === null ? 'A public file over HTTPS' : 'A private file over HTTPS'],
    ['File’s URL', url],
    ['HTTP Auth username', username],
  ]
}
