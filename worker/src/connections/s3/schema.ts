import * as z from 'zod'
import { httpUrl, secret, text } from '../members.ts'

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
export const s3Schema = z.object({
  kind: z.literal('s3'),
  url: s3Url,
  region: z.string().regex(/^[a-z0-9-]{1,40}$/, 'A region such as ca-central-1'),
  accessKeyId: text,
  secretAccessKey: secret,
  sessionToken: secret,
})
export type S3Settings = z.infer<typeof s3Schema>
