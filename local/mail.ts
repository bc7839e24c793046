import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import MailComposer from 'nodemailer/lib/mail-composer'
import * as z from 'zod'

/**
 * The limits of Email Service (its documentation, November 2026), so that a message that is sent here is also sent
 * there.
 */
const MAX_RECIPIENTS = 50
const MAX_BYTES = 5 * 1024 * 1024

const address = z
  .union([z.string(), z.object({ name: z.string(), email: z.string() })])
  .transform((value) =>
    typeof value === 'string' ? { name: '', address: value } : { name: value.name, address: value.email },
  )
const addresses = z
  .union([address.transform((one) => [one]), z.array(address)])
  .optional()
  .transform((list) => list ?? [])
const mailSchema = z.object({
  from: address,
  to: addresses,
  cc: addresses,
  bcc: addresses,
  replyTo: address.optional(),
  subject: z.string().max(998),
  text: z.string().optional(),
  html: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  attachments: z.array(
    z.object({
      filename: z.string(),
      type: z.string(),
      disposition: z.string(),
      contentId: z.string().optional(),
      content: z.base64(),
    }),
  ),
})
type Mail = z.infer<typeof mailSchema>

/**
 * Takes a message of the stand-in binding as JSON, writes it to `folder` as one `.eml` file and returns its Message-ID.
 * Throws an `Error` if Email Service would refuse the message.
 */
export async function writeMail(folder: string, json: unknown): Promise<{ messageId: string }> {
  const mail = mailSchema.parse(json)
  const recipients = mail.to.length + mail.cc.length + mail.bcc.length
  if (recipients === 0) throw new Error('The message has no recipient.')
  if (recipients > MAX_RECIPIENTS) throw new Error(`The message has more than ${MAX_RECIPIENTS} recipients.`)
  if (mail.text === undefined && mail.html === undefined) throw new Error('The message has neither text nor HTML.')
  const date = new Date()
  const unique = randomUUID()
  const messageId = `<${unique}@${mail.from.address.split('@').at(-1) ?? 'localhost'}>`
  const eml = await compose(mail, date, messageId)
  if (eml.length > MAX_BYTES) throw new Error('The message is over 5 MiB.')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${date.toISOString().replaceAll(':', '-')}-${unique.slice(0, 8)}.eml`)
  // The file is renamed when it is complete, so that a program that watches the folder never reads half a message.
  writeFileSync(`${path}.part`, eml, { mode: 0o600 })
  renameSync(`${path}.part`, path)
  return { messageId }
}

/** Returns the message as a mail program receives it (RFC 5322, MIME). */
function compose({ attachments, ...mail }: Mail, date: Date, messageId: string): Promise<Buffer> {
  const message = new MailComposer({
    ...mail,
    date,
    messageId,
    attachments: attachments.map(({ filename, type, disposition, contentId, content }) => ({
      filename,
      contentType: type,
      contentDisposition: disposition,
      cid: contentId,
      content,
      encoding: 'base64',
    })),
    newline: 'win',
    // The parts of a message are data. No path or address in it may be read or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile()
  message.keepBcc = true
  return message.build()
}
