import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contactsOf, emailsTo, importNow, makeSource } from './directory.ts'
import { type Behaviour, type FileServer, startFileServer } from './file-server.ts'
import { type Muster, startMuster } from './muster.ts'
import { contactOf, people, toFile } from './roster.ts'

let muster: Muster
let files: FileServer
beforeAll(async () => {
  files = await startFileServer()
  muster = await startMuster()
})
afterAll(async () => {
  await muster?.stop()
  await files?.stop()
})

const list = people(20)
const good = toFile('csv', list)
const header =
  'ID,Name,Organization Name,Title,Number,Number Type,Number Description,Email Address,Notification Priority,Groups\r\n'
const garbage = Uint8Array.from({ length: 50_000 }, (_, index) => (index * 7919 + (index >> 3)) % 256)

const CASES: [string, string, Behaviour][] = [
  ['a wrong password', 'unauthorized', { body: good, basic: { username: 'someone', password: 'else' } }],
  ['403', 'forbidden', { status: 403, body: 'No' }],
  ['404', 'not_found', { status: 404, body: 'Gone' }],
  ['500', 'server_error', { status: 500, body: 'Oops' }],
  ['429', 'rate_limited', { status: 429, body: 'Slow down' }],
  ['silence', 'timeout', { silent: true }],
  ['a body that breaks off', 'truncated', { body: good, cutAfter: 900 }],
  ['a sign-in page', 'not_a_contact_file', { body: '<!doctype html><title>Sign in</title>', type: 'text/html' }],
  ['an empty file', 'empty', { body: '' }],
  ['only a header', 'empty', { body: header }],
  ['a missing header', 'header_missing', { body: new TextDecoder().decode(good).replace('Number Type', 'Kind') }],
  [
    'a header that is there twice',
    'header_duplicate',
    { body: new TextDecoder().decode(good).replace('Title', 'Name') },
  ],
  ['pure garbage', 'not_a_contact_file', { body: garbage, type: 'application/octet-stream' }],
]

describe('Bad input', () => {
  it.concurrent.each(CASES)('%s is %s, changes nothing and sends one e-mail', async (_, code, behaviour) => {
    const key = crypto.randomUUID()
    const address = `${key}@example.org`
    files.serve(`/${key}.csv`, { body: good })
    const source = await makeSource(
      muster,
      { url: `${files.url}/${key}.csv`, username: 'exporter', password: 'secret' },
      { notify: { emails: [address], when: 'never' } },
    )
    expect(await importNow(muster, source)).toMatchObject({ status: 'succeeded' })

    files.serve(`/${key}.csv`, behaviour)
    const failed = await importNow(muster, source)
    expect(failed).toMatchObject({ status: 'failed', failure: { code } })
    expect(failed.failure.message).toMatch(/\S/)
    expect(failed.failure.advice).toMatch(/\S/)
    expect(await contactsOf(muster, source)).toEqual(list.map(contactOf))
    const [email] = await emailsTo(muster, address, 1)
    expect(email?.text).toContain(failed.failure.message)

    // The same failure sends no second e-mail; a good file sends one.
    if (behaviour.silent !== true) expect(await importNow(muster, source)).toMatchObject({ failure: { code } })
    files.serve(`/${key}.csv`, { body: good })
    expect(['succeeded', 'unchanged']).toContain((await importNow(muster, source)).status)
    const emails = await emailsTo(muster, address, 2)
    expect(emails).toHaveLength(2)
    expect(emails[1]?.subject).toMatch(/working again/i)
  })

  it('a server that does not exist is unreachable, and without recipients the administrators get the e-mail', async () => {
    const gone = await startFileServer()
    await gone.stop()
    const source = await makeSource(muster, { url: `${gone.url}/contacts.csv` })
    const run = await importNow(muster, source)
    expect(run).toMatchObject({ status: 'failed', failure: { code: 'unreachable' } })
    expect(await emailsTo(muster, muster.admin.email, 1)).toHaveLength(1)
  })
})
