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
/** The headers that a sender may set, of those that Muster has a use for: Email Service makes all others itself. */
const OWN_HEADER = /^(Auto-Submitted|In-Reply-To|References|X-[\w-]+)$/i

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

/** A refusal of Email Service, with its code. */
class Refusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** What a local mailer refuses beside messages that are not valid, as Email Service does for the account. */
export interface MailLimits {
  /** Addresses that bounced. A message with one of them reaches none of its recipients. */
  suppressed: readonly string[]
  /** How many messages are accepted in a day (UTC); null for any number. */
  perDay: number | null
}

/** What became of a message. */
type Mailed = { messageId: string } | { refusal: { code: string; message: string } }

/**
 * Returns a function that takes a message of the stand-in binding as JSON and writes it to `folder` as one `.eml` file.
 * Its answer has the Message-ID, or the code and text with which Email Service would refuse the message.
 */
export function openMailer(folder: string, { suppressed, perDay }: MailLimits): (json: unknown) => Promise<Mailed> {
  const unreachable = new Set(suppressed.map((one) => one.toLowerCase()))
  let today = ''
  let accepted = 0
  return async (json) => {
    try {
      const mail = checked(json)
      if ([...mail.to, ...mail.cc, ...mail.bcc].some((one) => unreachable.has(one.address.toLowerCase()))) {
        throw new Refusal('E_RECIPIENT_SUPPRESSED', 'A recipient is on the suppression list.')
      }
      const day = new Date().toISOString().slice(0, 10)
      if (day !== today) [today, accepted] = [day, 0]
      if (perDay !== null && accepted >= perDay) {
        throw new Refusal('E_DAILY_LIMIT_EXCEEDED', `No more than ${perDay} messages a day are sent.`)
      }
      const written = await write(folder, mail)
      accepted++
      return written
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { refusal: { code: error.code, message: error.message } }
    }
  }
}

/** Returns a message that Email Service would not refuse for its form. Throws `Refusal`. */
function checked(json: unknown): Mail {
  const { data: mail, error } = mailSchema.safeParse(json)
  if (mail === undefined) throw new Refusal('E_VALIDATION_ERROR', String(error))
  const recipients = mail.to.length + mail.cc.length + mail.bcc.length
  if (recipients === 0) throw new Refusal('E_FIELD_MISSING', 'The message has no recipient.')
  if (recipients > MAX_RECIPIENTS) {
    throw new Refusal('E_TOO_MANY_RECIPIENTS', `The message has more than ${MAX_RECIPIENTS} recipients.`)
  }
  if (mail.text === undefined && mail.html === undefined) {
    throw new Refusal('E_FIELD_MISSING', 'The message has neither text nor HTML.')
  }
  for (const name of Object.keys(mail.headers ?? {})) {
    if (!OWN_HEADER.test(name)) throw new Refusal('E_HEADER_NOT_ALLOWED', `The header ${name} is not allowed.`)
  }
  return mail
}

async function write(folder: string, mail: Mail): Promise<{ messageId: string }> {
  const date = new Date()
  const unique = randomUUID()
  const messageId = `<${unique}@${mail.from.address.split('@').at(-1) ?? 'localhost'}>`
  const eml = await compose(mail, date, messageId)
  if (eml.length > MAX_BYTES) throw new Refusal('E_CONTENT_TOO_LARGE', 'The message is over 5 MiB.')
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
