import type { DraftOf } from '../../../worker/src/connections/kind.ts'
import { RadioField } from '../parts/choice.tsx'
import { SelectField, TextField } from '../parts/field.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import { type KindFieldsProps, type KindForm, urlWith } from './kind.ts'
import { OptOutsField } from './opt-outs.tsx'

const AFTER = [
  ['leave', 'Leave it where it is'],
  ['move', 'Move it aside'],
  ['delete', 'Delete it'],
] as const

/** A file on an SFTP server (option 3 of the seed). */
export const sftp: KindForm<'sftp'> = {
  choices: [
    {
      value: 'sftp',
      label: 'A private file over SFTP',
      short: 'SFTP',
      icon: 'server',
      hint: 'With a password or a private key.',
      start: (before) => ({
        kind: 'sftp',
        url: urlWith(['sftp:'], before),
        port: 22,
        username: '',
        privateKey: null,
        passphrase: null,
        // The path of another kind of server means nothing here.
        optOuts: null,
      }),
      is: () => true,
    },
  ],
  draft({ kind, url, port, username, hostKey, afterImport, optOuts, ...has }) {
    const other = has.hasPrivateKey === true ? { password: null } : { privateKey: null, passphrase: null }
    return { kind, url, port, username, hostKey, afterImport, optOuts, ...other }
  },
  Fields: SftpFields,
  summary: ({ url, port, username, hostKey, afterImport, optOuts }) => [
    ['Where', 'A private file over SFTP'],
    ['File’s URL', url],
    ['Username', username],
    ['SFTP port', port === 22 ? null : String(port)],
    ['Host key', hostKey ?? 'Not confirmed yet: test the connection'],
    ['After an import', AFTER.find(([value]) => value === afterImport)?.[1] ?? null],
    ['Opt-outs file', optOuts?.path ?? null],
  ],
  trusting: (draft, hostKey) => ({ ...draft, hostKey }),
}

/** The fields of a file on an SFTP server. The server's key is pinned from the first test on. */
function SftpFields({ draft, saved, onChange }: KindFieldsProps<'sftp'>) {
  const set = (part: Partial<DraftOf<'sftp'>>) => onChange({ ...draft, ...part })
  return (
    <>
      <TextField
        path="connection.url"
        label="The file’s URL"
        hint="The last part may be a pattern such as contacts-*.csv; the newest match is taken."
        type="url"
        required
        placeholder="sftp://sftp.example.org/out/contacts.csv"
        value={draft.url}
        onChange={(url) => set({ url })}
      />
      <div class="pair">
        <TextField
          path="connection.username"
          label="Username"
          required
          value={draft.username}
          onChange={(username) => set({ username })}
        />
        <TextField
          path="connection.port"
          label="SFTP port"
          type="number"
          short
          value={Number.isInteger(draft.port) ? String(draft.port) : ''}
          onChange={(port) => set({ port: Number.parseInt(port, 10) })}
        />
      </div>
      <SignInFields draft={draft} saved={saved} onChange={onChange} />
      {/* Folded for a new source, so that what the test found is near the password: it asks for the host key by itself. */}
      <details class="fold" open={saved !== null}>
        <summary>More: host key, after an import, opt-outs</summary>
        <div class="pair">
          <TextField
            path="connection.hostKey"
            label="Host key"
            hint="Test the connection to see it, and compare it with the server’s."
            placeholder="SHA256:…"
            value={draft.hostKey ?? ''}
            onChange={(text) => set({ hostKey: text.trim() === '' ? null : text.trim() })}
          />
          <SelectField
            path="connection.afterImport"
            label="The file after an import"
            value={draft.afterImport ?? 'leave'}
            options={AFTER}
            onChange={(afterImport) => set({ afterImport })}
          />
        </div>
        <OptOutsField
          hint="A path such as /in/opt-outs.csv, or one from the folder that the user signs in to."
          placeholder="/in/opt-outs.csv"
          value={draft.optOuts}
          onChange={(optOuts) => set({ optOuts })}
        />
      </details>
    </>
  )
}

/** Password or private key; choosing one clears the other. */
function SignInFields({ draft, saved, onChange }: Omit<KindFieldsProps<'sftp'>, 'test'>) {
  const withKey = draft.password === null
  const choose = (how: 'password' | 'key') => {
    const { password: _, privateKey: __, passphrase: ___, ...rest } = draft
    onChange(how === 'key' ? { ...rest, password: null } : { ...rest, privateKey: null, passphrase: null })
  }
  const setSecret = (name: 'password' | 'privateKey' | 'passphrase', value: string | undefined) => {
    const { [name]: _, ...rest } = draft
    onChange(value === undefined ? rest : { ...rest, [name]: value })
  }
  return (
    <>
      <RadioField
        path="connection.password"
        legend="Sign in with"
        value={withKey ? 'key' : 'password'}
        options={[
          { value: 'password', label: 'A password' },
          { value: 'key', label: 'A private key' },
        ]}
        onChange={choose}
      />
      {withKey ? (
        <>
          <SecretField
            key={`key ${saved?.hasPrivateKey}`}
            path="connection.privateKey"
            label="Private key"
            hint="The whole text, its first and last line included."
            lines={5}
            saved={saved?.hasPrivateKey === true}
            value={draft.privateKey}
            onChange={(value) => setSecret('privateKey', value)}
          />
          <SecretField
            key={`passphrase ${saved?.hasPassphrase}`}
            path="connection.passphrase"
            label="Passphrase of the key (if it has one)"
            saved={saved?.hasPassphrase === true}
            value={draft.passphrase}
            onChange={(value) => setSecret('passphrase', value)}
          />
        </>
      ) : (
        <SecretField
          key={`password ${saved?.hasPassword}`}
          path="connection.password"
          label="Password"
          saved={saved?.hasPassword === true}
          value={draft.password}
          onChange={(value) => setSecret('password', value)}
        />
      )}
    </>
  )
}
