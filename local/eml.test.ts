import { describe, expect, it } from 'vitest'
import { type Mail, toEml } from './eml.ts'

const mail: Mail = {
  from: { name: null, email: 'muster@example.org' },
  to: [{ name: null, email: 'a@example.org' }],
  cc: [],
  bcc: [],
  replyTo: null,
  subject: 'Staff list: 3 errors',
  text: 'Zoë O’Brien: no number',
  html: '<p>Zoë O’Brien: no number</p>',
  headers: {},
  attachments: [],
}
const message = { id: 'one@example.org', date: new Date('2026-11-23T10:00:00Z'), boundary: 'part' }

describe('An e-mail written to a file', () => {
  it('has the headers a mail program needs, and text and HTML as alternatives', () => {
    expect(toEml(mail, message)).toBe(
      [
        'From: muster@example.org',
        'To: a@example.org',
        'Subject: Staff list: 3 errors',
        'Date: Mon, 23 Nov 2026 10:00:00 +0000',
        'Message-ID: <one@example.org>',
        'MIME-Version: 1.0',
        'Content-Type: multipart/alternative; boundary="part-a"',
        '',
        '--part-a',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 8bit',
        '',
        'Zoë O’Brien: no number',
        '--part-a',
        'Content-Type: text/html; charset=utf-8',
        'Content-Transfer-Encoding: 8bit',
        '',
        '<p>Zoë O’Brien: no number</p>',
        '--part-a--',
        '',
      ].join('\r\n'),
    )
  })

  it('encodes a subject that is not ASCII in words of at most 75 characters', () => {
    const subject = 'Équipe bénévole « Rivière-du-Loup » : 12 erreurs à corriger dès aujourd’hui'
    const lines =
      /^Subject: ((?:.+\r\n )*.+)\r\n/m.exec(toEml({ ...mail, subject }, message))?.[1]?.split('\r\n ') ?? []
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(75)
    const decoded = lines.map((line) => Buffer.from(line.slice('=?utf-8?B?'.length, -2), 'base64').toString()).join('')
    expect(decoded).toBe(subject)
  })

  it('carries attachments whole, with a name that survives accents', () => {
    const content = Buffer.from('a'.repeat(200)).toString('base64')
    const eml = toEml(
      {
        ...mail,
        attachments: [
          { filename: 'prénoms.csv', type: 'text/csv', disposition: 'attachment', contentId: null, content },
        ],
      },
      message,
    )
    expect(eml).toContain('Content-Type: multipart/mixed; boundary="part-m"')
    expect(eml).toContain(`filename="pr_noms.csv"; filename*=UTF-8''pr%C3%A9noms.csv`)
    const body = eml.slice(eml.indexOf('base64\r\n\r\n') + 10, eml.indexOf('\r\n--part-m--'))
    for (const line of body.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76)
    expect(Buffer.from(body, 'base64').toString()).toBe('a'.repeat(200))
  })

  it('lets no value begin a header of its own', () => {
    expect(toEml({ ...mail, subject: 'x\r\nBcc: all@example.org' }, message)).toContain(
      'Subject: x Bcc: all@example.org\r\n',
    )
  })

  it('encodes a text whose lines are too long for mail', () => {
    const text = 'x'.repeat(999)
    const eml = toEml({ ...mail, text, html: null }, message)
    expect(eml).not.toContain(text)
    expect(Buffer.from(eml.split('\r\n\r\n')[1] ?? '', 'base64').toString()).toBe(text)
  })
})
