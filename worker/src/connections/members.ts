import * as z from 'zod'

/** Members that the settings of several kinds share. */

/** The URL of a source: `https:`, or `http:` on loopback only, without a user name or password in it. */
export const httpUrl = z
  .string()
  .max(4000)
  .superRefine((text, context) => {
    const url = URL.parse(text)
    if (url === null || !['https:', 'http:'].includes(url.protocol)) {
      context.addIssue({ code: 'custom', message: 'Enter a full address that begins with https://' })
    } else if (url.username !== '' || url.password !== '') {
      context.addIssue({
        code: 'custom',
        message: 'Take the user name and password out of the address; they have fields of their own',
      })
    } else if (url.protocol === 'http:' && !isLoopbackName(url.hostname)) {
      context.addIssue({ code: 'custom', message: 'Use https://; http:// would send people’s data unprotected' })
    }
  })

function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** A text that cannot be blank. */
export const text = z.string().min(1).max(4000)

/**
 * Where the statuses that are set here are written as a file; null for nowhere (design: Opt-outs as a file). An address is kept
 * without its query, which may be a key: the file is written with the credentials of the source.
 */
export const optOuts = z
  .object({
    path: z
      .string()
      .trim()
      .overwrite((path) => (/^https?:/i.test(path) ? path.replace(/[?#].*$/s, '') : path))
      .min(1, 'Name the file')
      .max(1000),
  })
  .nullable()
  .default(null)

/** A member that the API accepts and never returns (invariant 9); the kind's facts list it. */
export const secret = z.string().min(1, 'Fill in this secret').max(20_000).nullable().default(null)
