import { TextField } from '../parts/field.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import { type KindFieldsProps, type KindForm, urlWith } from './kind.ts'
import { OptOutsField } from './opt-outs.tsx'

/** An object in a bucket (option 4 of the seed). */
export const s3: KindForm<'s3'> = {
  choices: [
    {
      value: 's3',
      label: 'A private file from AWS S3',
      short: 'AWS S3',
      icon: 'cloud',
      hint: 'Or from a service that works the same way.',
      start: (before) => ({
        kind: 's3',
        url: urlWith(['https:', 's3:'], before),
        region: '',
        accessKeyId: '',
        // The path of another kind of server means nothing here.
        optOuts: null,
      }),
      is: () => true,
    },
  ],
  draft: ({ kind, url, region, accessKeyId, optOuts }) => ({ kind, url, region, accessKeyId, optOuts }),
  Fields: S3Fields,
  summary: ({ url, region, accessKeyId, optOuts }) => [
    ['Where', 'A private file from AWS S3'],
    ['S3 object URL', url],
    ['S3 region', region],
    ['S3 access key', accessKeyId],
    ['Opt-outs file', optOuts?.path ?? null],
  ],
}

/** The fields of an object in a bucket. */
function S3Fields({ draft, saved, onChange }: KindFieldsProps<'s3'>) {
  const kept = saved?.hasSecretAccessKey === true
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
      <OptOutsField
        hint="Its key in the same bucket."
        placeholder="in/opt-outs.csv"
        value={draft.optOuts}
        onChange={(optOuts) => onChange({ ...draft, optOuts })}
      />
    </>
  )
}
