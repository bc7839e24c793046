/** An e-mail as the Worker hands it to Email Service; contents of attachments are in base64. */
export interface Mail {
  from: MailAddress
  to: MailAddress[]
  cc: MailAddress[]
  bcc: MailAddress[]
  replyTo: MailAddress | null
  subject: string
  text: string | null
  html: string | null
  headers: Record<string, string>
  attachments: { filename: string; type: string; disposition: string; contentId: string | null; content: string }[]
}

interface MailAddress {
  name: string | null
  email: string
}

/**
 * The message as a mail program opens it (RFC 5322, MIME): text and HTML as alternatives, then the attachments.
 * `id` is the Message-ID without its angle brackets, `boundary` a text that no part holds.
 */
export function toEml(mail: Mail, message: { id: string; date: Date; boundary: string }): string {
  const bodies = [
    ...(mail.text === null ? [] : [textPart('text/plain', mail.text)]),
    ...(mail.html === null ? [] : [textPart('text/html', mail.html)]),
  ]
  const body = multipart('alternative', `${message.boundary}-a`, bodies)
  const files = mail.attachments.map(filePart)
  const content = files.length === 0 ? body : multipart('mixed', `${message.boundary}-m`, [body, ...files])
  const headers = [
    header('From', address(mail.from)),
    ...addressHeader('To', mail.to),
    ...addressHeader('Cc', mail.cc),
    ...addressHeader('Bcc', mail.bcc),
    ...(mail.replyTo === null ? [] : addressHeader('Reply-To', [mail.replyTo])),
    header('Subject', encoded(mail.subject)),
    header('Date', message.date.toUTCString().replace('GMT', '+0000')),
    header('Message-ID', `<${message.id}>`),
    header('MIME-Version', '1.0'),
    ...Object.entries(mail.headers).map(([name, value]) => header(name, encoded(value))),
  ]
  return `${headers.join('')}${content}`
}

function multipart(kind: string, boundary: string, parts: string[]): string {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const inside = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')
  return `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${inside}--${boundary}--\r\n`
}

/** RFC 5322 allows 998 bytes a line; as long as a text keeps to it, it stays readable in the file. */
function textPart(type: string, text: string): string {
  const lines = text.split(/\r\n|\r|\n/)
  const plain = lines.every((line) => Buffer.byteLength(line) <= 998)
  const body = plain ? lines.join('\r\n') : base64Lines(Buffer.from(text).toString('base64'))
  return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${plain ? '8bit' : 'base64'}\r\n\r\n${body}`
}

function filePart(file: Mail['attachments'][number]): string {
  const ascii = file.filename.replace(/[^\x20-\x7e]|["\\]/g, '_')
  const star = ascii === file.filename ? '' : `; filename*=UTF-8''${encodeURIComponent(file.filename)}`
  return [
    header('Content-Type', `${oneLine(file.type)}; name="${ascii}"`),
    header('Content-Disposition', `${oneLine(file.disposition)}; filename="${ascii}"${star}`),
    ...(file.contentId === null ? [] : [header('Content-ID', `<${oneLine(file.contentId)}>`)]),
    'Content-Transfer-Encoding: base64\r\n\r\n',
    base64Lines(file.content),
  ].join('')
}

function base64Lines(base64: string): string {
  return base64.match(/.{1,76}/g)?.join('\r\n') ?? ''
}

function header(name: string, value: string): string {
  return `${name}: ${value}\r\n`
}

function addressHeader(name: string, addresses: MailAddress[]): string[] {
  return addresses.length === 0 ? [] : [header(name, addresses.map(address).join(',\r\n '))]
}

function address({ name, email }: MailAddress): string {
  if (name === null || name === '') return oneLine(email)
  const shown = isAscii(name) ? `"${oneLine(name).replace(/["\\]/g, '\\$&')}"` : encoded(name)
  return `${shown} <${oneLine(email)}>`
}

/** A header value, with what is not ASCII in encoded words of at most 75 characters (RFC 2047). */
function encoded(value: string): string {
  const text = oneLine(value)
  if (isAscii(text)) return text
  const words: string[] = []
  let word = ''
  for (const character of text) {
    if (Buffer.byteLength(word + character) > 45) {
      words.push(word)
      word = ''
    }
    word += character
  }
  return [...words, word].map((part) => `=?utf-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ')
}

/** A line break in a value would begin a header of its own. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ')
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}
