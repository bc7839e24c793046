import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { college, collegeConnection, EVERYBODY, REQUIRED_MAPPING, student } from '../local/demo/connect/college.ts'
import { listener } from '../local/demo/connect/http.ts'
import { listenOn } from '../local/ports.ts'
import { listen } from '../worker/src/testing/connections/stand-in.ts'
import { emailsTo, importNow, makeSource } from './directory.ts'
import { type Muster, startMuster } from './muster.ts'
import { PATIENCE } from './patience.ts'
import { finished } from './run-end.ts'

const service = college()
service.contacts = [student(1, { smsstatus: 'Y' }), student(2, { smsstatus: 'Y' })]

/** A server whose file never ends: it sends a little of it all the time. */
const slow = createServer((_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/csv' }).write('ID,Name\r\n')
  const timer = setInterval(() => response.write('.'), 100)
  response.on('close', () => clearInterval(timer))
})

let muster: Muster
let crm: Awaited<ReturnType<typeof listen>>
let files: Awaited<ReturnType<typeof listenOn>>
beforeAll(async () => {
  crm = await listen(listener(service))
  files = await listenOn(slow, 0)
  // As on Cloudflare, where a quiet queue works on one message at a time.
  muster = await startMuster({ MUSTER_QUEUE_CONSUMERS: '1' })
})
afterAll(async () => {
  await muster?.stop()
  await crm?.close()
  await files?.stop()
})

it('a fetch from a slow server holds up no other fetch, plan, e-mail or write-back, although each queue has one consumer', async () => {
  const source = await makeSource(
    muster,
    { ...collegeConnection(`${crm.origin}/ws/bridge.asmx`, service), filterIds: [EVERYBODY] },
    {
      mapping: [...REQUIRED_MAPPING, { column: 'SMS Status', to: 'smsStatus' }],
      notify: { emails: ['crew@example.org'] },
    },
  )
  const imported = await importNow(muster, source)
  expect(imported.status).toBe('succeeded')
  await emailsTo(muster, 'crew@example.org', 1)

  const hanging = await makeSource(muster, { url: `http://localhost:${files.port}/slow.csv` })
  const { body: slowRun } = await muster.api('POST', `/api/sources/${hanging}/runs`, {})
  const slowState = async () => (await muster.api('GET', `/api/runs/${slowRun.id}`)).body
  await vi.waitUntil(async () => (await slowState()).progress.step === 'fetching', { timeout: PATIENCE })

  const { body: contacts } = await muster.api('GET', `/api/contacts?source=${source}`)
  await muster.api('PUT', `/api/contacts/${contacts.items[0].key}/sms-status`, { status: 'opted_out', reason: 'asked' })
  await vi.waitUntil(() => service.contacts.some(({ smsstatus }) => smsstatus === 'N'), { timeout: PATIENCE })

  const { body: undo } = await muster.api('POST', `/api/runs/${imported.id}/undo`, {})
  expect(await finished(muster, undo.id)).toMatchObject({ status: 'succeeded', applied: { removed: 2 } })
  expect((await emailsTo(muster, 'crew@example.org', 2)).at(-1)?.subject).toContain('undone')
  // The other fetch waits ten seconds, until the slow one begins again in the queue of slow servers. After an undo its plan is held.
  expect(await importNow(muster, source)).toMatchObject({ status: 'held' })
  expect(['queued', 'fetching']).toContain((await slowState()).status)
})
