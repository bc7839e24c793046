import * as z from 'zod'
import { hostKeySchema, pathSchema, writablePathSchema } from '../../../../sftp-bridge/request.ts'
import { optOuts, secret } from '../members.ts'
import { mayPick, sftpLocation, sftpOptOutUrl } from './location.ts'

/** A file on an SFTP server; the last part of the path may be a pattern. */
const sftpUrl = z
  .string()
  .max(4000)
  .superRefine((text, context) => {
    const location = sftpLocation(text)
    const path = location === null ? null : pathSchema.safeParse(location.path)
    if (path === null) {
      const message =
        'Enter an address such as sftp://sftp.example.org/out/contacts.csv; user name, password and port have fields of their own'
      context.addIssue({ code: 'custom', message })
    } else if (!path.success) {
      for (const { message } of path.error.issues) context.addIssue({ code: 'custom', message })
    }
  })

/** A private file over SFTP (seed: option 3). */
export const sftpSchema = z
  .object({
    kind: z.literal('sftp'),
    url: sftpUrl,
    port: z.number().int().min(1).max(65535).default(22),
    username: z.string().min(1).max(1000),
    password: secret,
    privateKey: secret,
    passphrase: secret,
    hostKey: hostKeySchema.nullable().default(null),
    afterImport: z.enum(['leave', 'move', 'delete']).default('leave'),
    /** `path` is absolute, or relative to the folder that the user signs in to. */
    optOuts,
  })
  .superRefine(({ url, optOuts }, context) => {
    if (optOuts === null) return
    for (const message of optOutRefusals(url, optOuts)) {
      context.addIssue({ code: 'custom', path: ['optOuts', 'path'], message })
    }
  })
export type SftpSettings = z.infer<typeof sftpSchema>

function optOutRefusals(url: string, optOuts: { path: string }): string[] {
  if (/^\w+:\/\//.test(optOuts.path)) return ['Enter only the path, such as /in/opt-outs.csv']
  const path = sftpLocation(sftpOptOutUrl({ url, optOuts }))?.path ?? ''
  const source = sftpLocation(url)?.path ?? ''
  const refused = writablePathSchema.safeParse(path).error?.issues.map(({ message }) => message) ?? []
  return mayPick(source, path) ? [...refused, 'Choose another file: this one would be imported as contacts'] : refused
}
