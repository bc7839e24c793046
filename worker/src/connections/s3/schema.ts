import * as z from 'zod'
import { httpUrl, optOuts, secret, text } from '../members.ts'
import { picks } from './list.ts'
import { s3Location, s3OptOutLocation } from './location.ts'

/** A file in a bucket written `s3://bucket/key`, as Amazon's console copies it; any other address is an object URL. */
const s3Url = z.union(
  [
    z
      .string()
      .max(4000)
      .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/./),
    httpUrl,
  ],
  {
    error: 'Enter the object URL, which begins with https://, or s3://bucket/path/file.csv',
  },
)

/** A private file in AWS S3 or a service that speaks its protocol (seed: option 4). */
export const s3Schema = z
  .object({
    kind: z.literal('s3'),
    url: s3Url,
    region: z.string().regex(/^[a-z0-9-]{1,40}$/, 'A region such as ca-central-1'),
    accessKeyId: text,
    secretAccessKey: secret,
    sessionToken: secret,
    /** `path` is a key in the bucket of `url`, or the address of a file in it. */
    optOuts,
  })
  .superRefine(({ url, region, optOuts }, context) => {
    if (optOuts === null) return
    const file = s3OptOutLocation({ url, region, optOuts })
    const source = s3Location(url, region)
    const message =
      file === null
        ? 'Enter the key of one file in the same bucket, such as out/opt-outs.csv'
        : source.key === file.key || picks(source)(file.key)
          ? 'Choose another file: this one would be imported as contacts'
          : null
    if (message !== null) context.addIssue({ code: 'custom', path: ['optOuts', 'path'], message })
  })
export type S3Settings = z.infer<typeof s3Schema>
