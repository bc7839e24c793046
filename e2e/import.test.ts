import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { contactsOf, emailsTo, importNow, makeSource } from './directory.ts'
import { type FileServer, startFileServer } from './file-server.ts'
import { type Muster, startMuster } from './muster.ts'
import { PATIENCE } from './patience.ts'
import { contactOf, people, toFile } from './roster.ts'

let muster: Muster
let files: FileServer
beforeAll(async () => {
  files = await startFileServer()
  muster = await startMuster({ MUSTER_MAIL_SUPPRESSED: 'gone@example.org' })
})
afterAll(async () => {
  await muster?.stop()
  await files?.stop()
})

const BASIC = { username: 'exporter', password: 'pass:wörd' }
const everyone = people(120)
/** The people a week later: five have left, five have joined, ten have a new title, and one has another number. */
const changed = everyone.slice(5).map((person, index) => {
  if (index < 10) return { ...person, title: 'Deputy' }
  if (index === 10) return { ...person, numbers: [{ number: '604-555-0199', type: 'Mobile', description: 'new' }] }
  return person
})
const first = everyone.slice(0, 115)

describe.each(['csv', 'xlsx'] as const)('A %s file', (kind) => {
  describe.each([
    ['public', undefined],
    ['private, with Basic authorization', BASIC],
  ])('that is %s', (access, basic) => {
    it('a remote file becomes the directory, and so does its next version', async () => {
      const path = `/${kind}-${access.length}/contacts.${kind}`
      const address = `${kind}-${access.length}@example.org`
      files.serve(path, { body: toFile(kind, first), ...(basic && { basic }) })
      const source = await makeSource(
        muster,
        { url: `${files.url}${path}`, ...basic },
        { notify: { emails: [address], when: 'always' } },
      )

      const added = await importNow(muster, source)
      expect(added).toMatchObject({
        status: 'succeeded',
        trigger: 'manual',
        failure: null,
        file: { name: `contacts.${kind}` },
        counts: { matched: 115, added: 115, updated: 0, unchanged: 0, removed: 0, errors: 0, warnings: 0 },
      })
      expect(await contactsOf(muster, source)).toEqual(first.map(contactOf))

      files.serve(path, { body: toFile(kind, changed), ...(basic && { basic }) })
      const updated = await importNow(muster, source)
      expect(updated).toMatchObject({
        status: 'succeeded',
        counts: { matched: 115, added: 5, updated: 11, unchanged: 99, removed: 5, errors: 0 },
      })
      expect(await contactsOf(muster, source)).toEqual(changed.map(contactOf))

      expect(await importNow(muster, source)).toMatchObject({ status: 'unchanged' })
      const [report] = await emailsTo(muster, address, 2)
      expect(report?.text).toContain('115')
    })
  })
})

describe('A row with an error', () => {
  it('a row with an error is left out, and the report lists it with the contact’s name', async () => {
    const list = people(30).map((person, index) =>
      index === 3 ? { ...person, numbers: [{ number: '60455501', type: 'Mobile', description: '' }] } : person,
    )
    const name = list[3]?.name ?? ''
    files.serve('/errors.csv', { body: toFile('csv', list) })
    const source = await makeSource(
      muster,
      { url: `${files.url}/errors.csv` },
      { notify: { emails: ['gone@example.org', 'errors@example.org'], when: 'problems' } },
    )
    const run = await importNow(muster, source)
    expect(run).toMatchObject({ status: 'succeeded', counts: { added: 29, errors: 1 } })

    const { body } = await muster.api('GET', `/api/runs/${run.id}/problems`)
    expect(body.items).toEqual([
      expect.objectContaining({ name, severity: 'error', column: 'Number', value: '60455501' }),
    ])
    const csv = await (await muster.download(`/api/runs/${run.id}/report.csv`)).text()
    expect(csv).toContain('60455501')
    const [email] = await emailsTo(muster, 'errors@example.org', 1)
    expect(email?.text).toContain(name)
    expect(email?.attachments.map((file) => file.name)).toEqual([expect.stringMatching(/\.xlsx$/)])
    const { body: mails } = await muster.api('GET', '/api/notifications')
    const mail = await vi.waitUntil(
      async () => {
        const { body } = await muster.api('GET', `/api/notifications/${mails.items[0].id}`)
        return body.status === 'pending' ? null : body
      },
      { timeout: PATIENCE },
    )
    expect(mail.recipients).toMatchObject([
      { email: 'gone@example.org', status: 'failed', code: 'E_RECIPIENT_SUPPRESSED' },
      { email: 'errors@example.org', status: 'sent', code: null },
    ])
  })
})
