import type { ConnectionView } from '../../../worker/src/api/views.ts'
import { TextField } from '../parts/field.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import { type ConnectionChoice, type ConnectionDraft, type ConnectionFieldsProps, sameHost, urlWith } from './draft.ts'

type S3Draft = Extract<ConnectionDraft, { kind: 's3' }>
type S3View = Extract<ConnectionView, { kind: 's3' }>

/** Option 4 of the seed. */
export const S3_CHOICES: ConnectionChoice[] = [
  {
    value: 's3',
    label: 'A private file from AWS S3',
    hint: 'Or from a service that works the same way.',
    start: (before) => ({ kind: 's3', url: urlWith(['https:', 's3:'], before), region: '', accessKeyId: '' }),
    is: (draft) => draft.kind === 's3',
  },
]

/** A saved `s3` connection as a draft: the secrets stay where they are. */
export function s3Draft({ kind, url, region, accessKeyId }: S3View): S3Draft {
  return { kind, url, region, accessKeyId }
}

/** The fields of an object in a bucket. */
export function S3Fields({ draft, saved, onChange }: ConnectionFieldsProps<S3Draft>) {
  const kept = saved?.kind === 's3' && saved.hasSecretAccessKey === true && sameHost(saved.url, draft.url)
  return (
    <>
      <TextField
        path="connection.url"
        label="S3 object URL"
        hint="As the S3 console shows it for the file; s3://bucket/path works too."
        type="url"
        required
        placeholder="https://bucket.s3.ca-central-1.amazonaws.com/contacts.csv"
        value={draft.url}
        onChange={(url) => onChange({ ...draft, url })}
      />
      <TextField
        path="connection.region"
        label="S3 region"
        required
        hint="Such as ca-central-1 or us-east-2."
        short
        value={draft.region}
        onChange={(region) => onChange({ ...draft, region: region.trim() })}
      />
      <div class="pair">
        <TextField
          path="connection.accessKeyId"
          label="S3 access key"
          required
          value={draft.accessKeyId}
          onChange={(accessKeyId) => onChange({ ...draft, accessKeyId: accessKeyId.trim() })}
        />
        <SecretField
          key={String(kept)}
          path="connection.secretAccessKey"
          label="S3 secret key"
          saved={kept}
          value={draft.secretAccessKey}
          onChange={(secretAccessKey) => {
            const { secretAccessKey: _, ...rest } = draft
            onChange(secretAccessKey === undefined ? rest : { ...rest, secretAccessKey })
          }}
        />
      </div>
    </>
  )
}

/** A saved `s3` connection in words. */
export function s3Facts({ url, region, accessKeyId }: S3View): [string, string | null][] {
  return [
    ['Where', 'A private file from AWS S3'],
    ['S3 object URL', url],
    ['S3 region', region],
    ['S3 access key', accessKeyId],
  ]
}
