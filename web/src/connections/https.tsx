import { TextField } from '../parts/field.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import { type KindFieldsProps, type KindForm, urlWith } from './kind.ts'

/** A file over HTTPS. */
export const https: KindForm<'https'> = {
  // Options 1 and 2 of the seed; a user name makes the difference.
  choices: [
    {
      value: 'https-public',
      label: 'A public file over HTTPS',
      hint: 'Anybody who knows its address can download it.',
      start: (before) => ({ kind: 'https', url: urlWith(['https:', 'http:'], before), username: null, password: null }),
      is: ({ username }) => typeof username !== 'string',
    },
    {
      value: 'https-basic',
      label: 'A private file over HTTPS',
      hint: 'The server asks for a user name and password (Basic authorization).',
      start: (before) => ({ kind: 'https', url: urlWith(['https:', 'http:'], before), username: '' }),
      is: ({ username }) => typeof username === 'string',
    },
  ],
  draft: ({ kind, url, username }) =>
    username === null ? { kind, url, username, password: null } : { kind, url, username },
  Fields: HttpsFields,
  summary: ({ url, username }) => [
    ['Where', username === null ? 'A public file over HTTPS' : 'A private file over HTTPS'],
    ['File’s URL', url],
    ['HTTP Auth username', username],
  ],
}

/** The fields of a file over HTTPS, public or with Basic authorization. */
function HttpsFields({ draft, saved, onChange }: KindFieldsProps<'https'>) {
  const kept = saved?.hasPassword === true
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
