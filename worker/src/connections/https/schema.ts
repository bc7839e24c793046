import * as z from 'zod'
import { httpUrl, secret, text } from '../members.ts'

/** A public file over HTTPS, or a private one with Basic authorization (seed: options 1 and 2). */
export const httpsSchema = z.object({
  kind: z.literal('https'),
  url: httpUrl,
  username: text.nullable().default(null),
  password: secret,
})
export type HttpsSettings = z.infer<typeof httpsSchema>
