import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** An e-mail as the recipient sees it. */
export interface Email {
  to: string
  subject: string
  text: string
  html: string
  attachments: { name: string; bytes: Uint8Array }[]
}

/** Returns the e-mails to an address from a folder of `.eml` files, oldest first. */
export async function readEmails(folder: string, to: string): Promise<Email[]> {
  const names = await readdir(folder).catch(() => [])
  const emails: Email[] = []
  for (const name of names.filter((name) => name.endsWith('.eml')).sort()) {
    const email = parse(await readFile(join(folder, name)))
    if (email.to.includes(to)) emails.push(email)
  }
  return emails
}

interface Part {
  headers: Map<string, string>
  body: string
}

/** Parses the part of MIME (RFC 2045 to 2047) that an e-mail with alternatives and attachments needs. */
function parse(bytes: Uint8Array): Email {
  const whole = split(Buffer.from(bytes).toString('latin1'))
  const email: Email = {
    to: header(whole, 'to'),
    subject: header(whole, 'subject'),
    text: '',
    html: '',
    attachments: [],
  }
  const visit = (part: Part): void => {
    const type = part.headers.get('content-type') ?? 'text/plain'
    const boundary = /boundary="([^"]+)"/.exec(type)?.[1]
    if (boundary !== undefined) {
      for (const inner of part.body.split(`--${boundary}`).slice(1, -1)) visit(split(inner.replace(/^\r\n|\r\n$/g, '')))
      return
    }
    const content = decode(part)
    const name = /filename="?([^";]+)/.exec(part.headers.get('content-disposition') ?? '')?.[1]
    if (name !== undefined) email.attachments.push({ name, bytes: content })
    else if (type.startsWith('text/html')) email.html = content.toString('utf8')
    else email.text = content.toString('utf8')
  }
  visit(whole)
  return email
}

function split(text: string): Part {
  const end = text.indexOf('\r\n\r\n')
  const lines = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { headers: new Map(headers), body: text.slice(end + 4) }
}

function header(part: Part, name: string): string {
  const joined = (part.headers.get(name) ?? '').replace(/\?= =\?/g, '?==?')
  // A character may be split between two words.
  return joined.replace(/(?:=\?utf-8\?[BQ]\?[^?]*\?=)+/gi, (words) =>
    Buffer.concat(
      [...words.matchAll(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi)].map(([, encoding, text = '']) =>
        encoding?.toUpperCase() === 'B' ? Buffer.from(text, 'base64') : unquoted(text.replaceAll('_', ' ')),
      ),
    ).toString('utf8'),
  )
}

function decode(part: Part): Buffer {
  const encoding = part.headers.get('content-transfer-encoding')
  if (encoding === 'base64') return Buffer.from(part.body, 'base64')
  return encoding === 'quoted-printable' ? unquoted(part.body) : Buffer.from(part.body, 'latin1')
}

function unquoted(text: string): Buffer {
  const bytes = text
    .replaceAll('=\r\n', '')
    .replace(/=([\dA-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1')
}
