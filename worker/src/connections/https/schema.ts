import * as z from 'zod'
import { httpUrl, secret, text } from '../members.ts'
import { shareLink } from './share-link.ts'

/** The name of a header (RFC 9110, 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/
/** Headers of the connection itself, and headers by which Muster says what it needs. */
const RESERVED =
  /^(?:host|cookie2?|set-cookie2?|connection|keep-alive|te|trailers?|transfer-encoding|upgrade|expect|http2-settings|range|accept-encoding|content-.*|proxy-.*|if-.*|sec-.*)$/i
/** What a header can have everywhere: printable ASCII, with spaces inside only. */
const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

/** A public file over HTTPS, or a private one (seed: options 1 and 2): with Basic authorization, a token or a header. */
export const httpsSchema = z
  .object({
    kind: z.literal('https'),
    /** A share link of a service is kept as it was pasted. */
    url: httpUrl,
    username: text.nullable().default(null),
    password: secret,
    bearer: secret,
    /** Any header, such as `X-Api-Key`; also `Authorization`, for schemes such as `Token …`. */
    header: z
      .object({
        name: z
          .string()
          .max(100)
          .regex(TOKEN, 'A header’s name has letters, digits and hyphens, such as X-Api-Key')
          .refine((name) => !RESERVED.test(name), 'Muster or the connection itself sets this header; choose another'),
        value: secret,
      })
      .nullable()
      .default(null),
  })
  .superRefine(({ url, username, password, bearer, header }, context) => {
    const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message })
    const address = URL.parse(url)
    const link = address === null ? null : shareLink(address)
    if (link !== null && 'refused' in link) refuse(['url'], link.refused)
    if (bearer !== null && !/^[\x21-\x7e]*$/.test(bearer))
      refuse(['bearer'], 'A token has no spaces or line breaks; leave out the word Bearer')
    if (header !== null && header.value !== null && !HEADER_VALUE.test(header.value))
      refuse(['header', 'value'], 'A header has one line of letters, digits and signs, without accents')
    const isBasic = username !== null || password !== null
    if (header !== null && (isBasic || bearer !== null)) refuse(['header'], ONE)
    else if (bearer !== null && isBasic) refuse(['bearer'], ONE)
  })
export type HttpsSettings = z.infer<typeof httpsSchema>

const ONE = 'Use one of user name and password, bearer token and header; set the others to null'
