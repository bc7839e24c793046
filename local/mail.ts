import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { toEml } from './eml.ts'

/** Limits of Email Service (its documentation, November 2026), so that what works here works there. */
const MAX_RECIPIENTS = 50
const MAX_BYTES = 5 * 1024 * 1024

const address = z
  .union([z.string(), z.object({ name: z.string(), email: z.string() })])
  .transform((value) => (typeof value === 'string' ? { name: null, email: value } : value))
const addresses = z
  .union([address.transform((one) => [one]), z.array(address)])
  .optional()
  .transform((list) => list ?? [])
const optionalText = z
  .string()
  .optional()
  .transform((text) => text ?? null)
const mailSchema = z.object({
  from: address,
  to: addresses,
  cc: addresses,
  bcc: addresses,
  replyTo: address.optional().transform((one) => one ?? null),
  subject: z.string().max(998),
  text: optionalText,
  html: optionalText,
  headers: z
    .record(z.string(), z.string())
    .optional()
    .transform((headers) => headers ?? {}),
  attachments: z.array(
    z.object({
      filename: z.string(),
      type: z.string(),
      disposition: z.string(),
      contentId: optionalText,
      content: z.base64(),
    }),
  ),
})

/**
 * Takes a message of the stand-in binding as JSON, writes it to `folder` as one `.eml` and gives its Message-ID.
 * Throws an `Error` where Email Service would refuse the message.
 */
export function writeMail(folder: string, json: unknown): { messageId: string } {
  const mail = mailSchema.parse(json)
  const recipients = mail.to.length + mail.cc.length + mail.bcc.length
  if (recipients === 0) throw new Error('The message has no recipient.')
  if (recipients > MAX_RECIPIENTS) throw new Error(`The message has more than ${MAX_RECIPIENTS} recipients.`)
  if (mail.text === null && mail.html === null) throw new Error('The message has neither text nor HTML.')
  const date = new Date()
  const unique = randomUUID()
  const id = `${unique}@${mail.from.email.split('@').at(-1) ?? 'localhost'}`
  const eml = toEml(mail, { id, date, boundary: `=_${unique}` })
  if (Buffer.byteLength(eml) > MAX_BYTES) throw new Error('The message is over 5 MiB.')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${date.toISOString().replaceAll(':', '-')}-${unique.slice(0, 8)}.eml`)
  // Renamed when whole: who watches the folder never reads half a message.
  writeFileSync(`${path}.part`, eml, { mode: 0o600 })
  renameSync(`${path}.part`, path)
  return { messageId: `<${id}>` }
}
