import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Inspector, mostLive, openInspector } from '../bench/inspector.ts'
import {
  college,
  collegeConnection,
  EVERYBODY,
  edit,
  REQUIRED_MAPPING,
  student,
} from '../local/demo/connect/college.ts'
import { listener } from '../local/demo/connect/http.ts'
import { freePort } from '../local/ports.ts'
import { listen } from '../worker/src/testing/connections/stand-in.ts'
import { cases, isTurnOf } from '../worker/src/testing/sample.ts'
import { importNow } from './directory.ts'
import { type Muster, startMuster } from './muster.ts'

/** The memory limit of an isolate at Cloudflare, in bytes. */
const ISOLATE = 128 * 1024 * 1024

const CONTACTS = cases(50_000)

const service = college()
let muster: Muster
let inspector: Inspector
let server: Awaited<ReturnType<typeof listen>>
beforeAll(async () => {
  server = await listen(listener(service))
  const port = await freePort(null)
  muster = await startMuster({ MUSTER_INSPECTOR_PORT: String(port) })
  inspector = await openInspector(port)
})
afterAll(async () => {
  inspector?.close()
  await muster?.stop()
  await server?.close()
})

async function makeSource(name: string): Promise<string> {
  const { status, body } = await muster.api('POST', '/api/sources', {
    name,
    connection: { ...collegeConnection(`${server.origin}/ws/bridge.asmx`, service), filterIds: [EVERYBODY] },
    mapping: [
      ...REQUIRED_MAPPING,
      { column: 'Email Address', to: 'email' },
      { column: 'Academic Major', to: 'groups', list: true },
    ],
  })
  expect(status).toBe(201)
  return body.id
}

/**
 * Imports this many contacts for the first time. Returns the source, and the most live memory of the Worker's isolate in
 * bytes.
 */
async function first(count: number): Promise<{ source: string; peak: number }> {
  service.contacts = Array.from({ length: count }, (_, i) =>
    student(i, { email1: `student.${i}@example.org`, major: ['BIO', 'ART'] }),
  )
  const source = await makeSource(`${count} contacts`)
  const { result, cost } = await inspector.observe(() => importNow(muster, source))
  expect(result).toMatchObject({ status: 'succeeded', counts: { rows: count, added: count } })
  return { source, peak: mostLive(cost) }
}

describe.runIf(isTurnOf(3))(`A filter with ${CONTACTS} contacts`, () => {
  it('an import of a large filter stays within the memory of an isolate, and the changes of a night take a fraction of it', async () => {
    const large = await first(CONTACTS)
    expect(large.peak).toBeLessThan(ISOLATE)
    const now = Date.now()
    for (const contact of service.contacts.slice(0, 200)) edit(contact, now, { lastname: 'Changed' })
    const { result, cost } = await inspector.observe(() => importNow(muster, large.source, 'changes'))
    expect(result).toMatchObject({ fetch: 'changes', counts: { rows: 200, updated: 200, removed: 0 } })
    expect(mostLive(cost)).toBeLessThan(ISOLATE)
    expect(cost.rowsWritten).toBeLessThan(200 * 10)
  })
})
