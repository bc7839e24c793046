import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../worker/src/connections/stand-in.ts'
import { college, EVERYBODY, edit, student } from '../worker/src/testing/connect/college.ts'
import { listener } from '../worker/src/testing/connect/http.ts'
import { importNow } from './directory.ts'
import { type Muster, startMuster } from './muster.ts'
import { forgetPeak, peakMemory, processesOf } from './processes.ts'

const MB = 1024 * 1024
const ISOLATE = 128

const service = college()
let muster: Muster
let server: Awaited<ReturnType<typeof listen>>
beforeAll(async () => {
  server = await listen(listener(service))
  muster = await startMuster()
})
afterAll(async () => {
  await muster?.stop()
  await server?.close()
})

async function makeSource(name: string): Promise<string> {
  const { status, body } = await muster.api('POST', '/api/sources', {
    name,
    connection: {
      kind: 'connect',
      url: `${server.origin}/ws/bridge.asmx`,
      clientName: service.clientName,
      passKey: service.passKey,
      filterIds: [EVERYBODY],
    },
    mapping: [
      { column: 'First Name', to: 'firstName' },
      { column: 'Last Name', to: 'lastName' },
      { column: 'Mobile Number', to: 'number', type: 'mobile' },
      { column: 'Email Address', to: 'email' },
      { column: 'Academic Major', to: 'groups', list: true },
    ],
  })
  expect(status).toBe(201)
  return body.id
}

/** Imports so many contacts for the first time; gives the source, and the runtime's most memory meanwhile, in MB. */
async function first(count: number): Promise<{ source: string; peak: number }> {
  service.contacts = Array.from({ length: count }, (_, i) =>
    student(i, { email1: `student.${i}@example.org`, major: ['BIO', 'ART'] }),
  )
  const source = await makeSource(`${count} contacts`)
  const { worker } = processesOf(muster)
  forgetPeak(worker)
  const run = await importNow(muster, source, 240_000)
  expect(run).toMatchObject({ status: 'succeeded', counts: { rows: count, added: count } })
  return { source, peak: peakMemory(worker) / MB }
}

describe('A filter with 50,000 contacts', () => {
  it('imports within the memory of an isolate, and the changes of a night are a fraction of it', async () => {
    const small = await first(500)
    const large = await first(50_000)
    expect(large.peak - small.peak).toBeLessThan(ISOLATE)
    const now = Date.now()
    for (const contact of service.contacts.slice(0, 200)) edit(contact, now, { lastname: 'Changed' })
    const night = await importNow(muster, large.source, 60_000, 'changes')
    expect(night).toMatchObject({ fetch: 'changes', counts: { rows: 200, updated: 200, removed: 0 } })
  }, 400_000)
})
