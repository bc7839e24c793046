import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type MailLimits, openMailer } from './mail.ts'

const mail = {
  from: 'muster@example.org',
  to: ['a@example.org'],
  subject: 'Staff list: 3 errors',
  text: 'Zoë O’Brien: no number',
  html: '<p>Zoë O’Brien: no number</p>',
  attachments: [] as object[],
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-mail-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Sends the e-mail with these changes, and returns the code with which it was refused; `sent` if it was not. */
async function codeOf(send: ReturnType<typeof openMailer>, changes: object): Promise<string> {
  const mailed = await send({ ...mail, ...changes })
  return 'refusal' in mailed ? mailed.refusal.code : 'sent'
}

const open = (limits: Partial<MailLimits> = {}) => openMailer(folder, { suppressed: [], perDay: null, ...limits })

/** Writes the e-mail and returns its file: the headers, each unfolded into one line, and the body after them. */
async function written(changes: object): Promise<{ headers: string[]; head: string; body: string }> {
  expect(await codeOf(open(), changes)).toBe('sent')
  const [name = '', ...others] = await readdir(folder)
  expect(others).toEqual([])
  expect(name).toMatch(/\.eml$/)
  const eml = await readFile(join(folder, name), 'utf8')
  expect(eml.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  const end = eml.indexOf('\r\n\r\n')
  const head = eml.slice(0, end)
  return { head, headers: head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n'), body: eml.slice(end + 4) }
}

it('an e-mail is written with the headers that a mail program needs, and with text and HTML as alternatives', async () => {
  expect(await open()(mail)).toEqual({ messageId: expect.stringMatching(/^<[\da-f-]{36}@example\.org>$/) })
  await rm(join(folder, (await readdir(folder))[0] ?? ''))
  const { headers, body } = await written({
    cc: { name: 'Zoë, the "chief"', email: 'b@example.org' },
    bcc: 'c@example.org',
  })
  expect(headers).toContain('From: muster@example.org')
  expect(headers).toContain('To: a@example.org')
  expect(headers).toContain('Cc: =?UTF-8?Q?Zo=C3=AB=2C_the_=22chief=22?= <b@example.org>')
  expect(headers).toContain('Bcc: c@example.org')
  expect(headers).toContain('Subject: Staff list: 3 errors')
  expect(headers).toContain('MIME-Version: 1.0')
  expect(headers.find((header) => header.startsWith('Date: '))).toMatch(
    /^Date: \w{3}, \d{1,2} \w{3} \d{4} [\d:]{8} \+0000$/,
  )
  expect(headers.find((header) => header.startsWith('Message-ID: '))).toBeDefined()
  expect(headers.find((header) => header.startsWith('Content-Type: '))).toContain('multipart/alternative')
  const [text = -1, html = -1] = ['text/plain; charset=utf-8', 'text/html; charset=utf-8'].map((type) =>
    body.indexOf(type),
  )
  expect(text).toBeGreaterThan(0)
  expect(body.slice(text, html)).toContain('\r\n\r\nZo=C3=AB O=E2=80=99Brien: no number\r\n')
  expect(body.slice(html)).toContain('\r\n\r\n<p>Zo=C3=AB O=E2=80=99Brien: no number</p>\r\n')
})

it('a subject that is not ASCII is encoded in words of at most 75 characters', async () => {
  const subject = 'Équipe bénévole « Rivière-du-Loup » : 12 erreurs à corriger dès aujourd’hui'
  const { head } = await written({ subject })
  const words = /^Subject: ((?:.+\r\n )*.+)/m.exec(head)?.[1]?.split(/(?:\r\n)? /) ?? []
  expect(words.length).toBeGreaterThan(1)
  for (const word of words) expect(word.length).toBeLessThanOrEqual(75)
  const bytes = words.map((word) => /^=\?UTF-8\?Q\?(.*)\?=$/.exec(word)?.[1]).join('')
  const decoded = decodeURIComponent(bytes.replaceAll('_', ' ').replaceAll('=', '%'))
  expect(decoded).toBe(subject)
})

it('an attachment is written completely, and its name keeps its accents', async () => {
  const content = Buffer.from('a'.repeat(200)).toString('base64')
  const { headers, body } = await written({
    attachments: [{ filename: 'prénoms.csv', type: 'text/csv', disposition: 'attachment', content }],
  })
  expect(headers.find((header) => header.startsWith('Content-Type: '))).toContain('multipart/mixed')
  expect(body).toContain(`utf-8''pr%C3%A9noms.csv`)
  const start = body.indexOf('\r\n\r\n', body.indexOf('text/csv')) + 4
  const lines = body.slice(start, body.indexOf('\r\n--', start)).split('\r\n')
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(76)
  expect(Buffer.from(lines.join(''), 'base64').toString()).toBe('a'.repeat(200))
})

it('a value cannot add a header', async () => {
  const { headers } = await written({
    subject: 'x\r\nBcc: all@example.org',
    headers: { 'X-Run': 'y\r\nBcc: all@example.org' },
    to: { name: 'z\r\nBcc: all@example.org', email: 'a@example.org' },
  })
  expect(headers).toContain('Subject: x Bcc: all@example.org')
  expect(headers.filter((header) => header.startsWith('Bcc'))).toEqual([])
})

it('a text whose lines are too long for mail is encoded', async () => {
  const text = 'x'.repeat(999)
  const { head, body } = await written({ text, html: undefined })
  expect(head).toContain('Content-Transfer-Encoding: quoted-printable')
  for (const line of body.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76)
  expect(body.replaceAll('=\r\n', '').trim()).toBe(text)
})

it.each([
  ['no recipient', 'E_FIELD_MISSING', { to: [] }],
  ['over 50 recipients', 'E_TOO_MANY_RECIPIENTS', { to: Array.from({ length: 51 }, (_, i) => `${i}@example.org`) }],
  ['neither text nor HTML', 'E_FIELD_MISSING', { text: undefined, html: undefined }],
  ['no subject', 'E_VALIDATION_ERROR', { subject: undefined }],
  ['a header that Email Service makes', 'E_HEADER_NOT_ALLOWED', { headers: { 'Message-ID': '<a@example.org>' } }],
  [
    'over 5 MiB',
    'E_CONTENT_TOO_LARGE',
    {
      attachments: [
        { filename: 'a', type: 'a/b', disposition: 'attachment', content: Buffer.alloc(4_000_000).toString('base64') },
      ],
    },
  ],
])('a message with %s is refused as Email Service refuses it, with %s', async (_, code, changes) => {
  expect(await codeOf(open(), changes)).toBe(code)
  expect(await readdir(folder)).toEqual([])
})

it('a message to several recipients reaches none of them if one is suppressed', async () => {
  const send = open({ suppressed: ['Gone@example.org'] })
  expect(await codeOf(send, { to: ['a@example.org', 'gone@Example.org'] })).toBe('E_RECIPIENT_SUPPRESSED')
  expect(await codeOf(send, { cc: 'gone@example.org' })).toBe('E_RECIPIENT_SUPPRESSED')
  expect(await readdir(folder)).toEqual([])
  expect(await codeOf(send, {})).toBe('sent')
})

it('no more messages than the daily limit are accepted until the next day', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 28, 23, 59) })
  const send = open({ perDay: 2 })
  const codes = async (times: number) => {
    const all: string[] = []
    for (let i = 0; i < times; i++) all.push(await codeOf(send, {}))
    return all
  }
  expect(await codes(3)).toEqual(['sent', 'sent', 'E_DAILY_LIMIT_EXCEEDED'])
  vi.setSystemTime(Date.UTC(2026, 10, 29, 0, 0))
  expect(await codes(3)).toEqual(['sent', 'sent', 'E_DAILY_LIMIT_EXCEEDED'])
  vi.useRealTimers()
})
