import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FILE_HEADERS } from '../../../sftp-bridge/request.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

const BRIDGE = 'http://sftp-bridge.example.org'
const ADDED = { ...NO_LIMITS, added: { percent: 0, atLeast: 4 } }

let muster: InMemoryMuster
let source: string
/** The file on the server. */
let file: { text: string; modifiedAt: string }
/** The name and time of each file that the bridge was asked to move. */
let moved: string[]

beforeEach(async () => {
  muster = await InMemoryMuster.start()
  Object.assign(muster.env, { BRIDGE_URL: BRIDGE, BRIDGE_SECRET: 'b'.repeat(32) })
  moved = []
  muster.remote = async (request: Request) => {
    if (new URL(request.url).pathname === '/open') {
      const version = { [FILE_HEADERS.name]: 'contacts.csv', [FILE_HEADERS.modifiedAt]: file.modifiedAt }
      return new Response(file.text, { headers: { ...version, [FILE_HEADERS.bytes]: String(file.text.length) } })
    }
    const { name, modifiedAt } = await request.json<{ name: string; modifiedAt: string }>()
    moved.push(`${name} ${modifiedAt}`)
    return Response.json({ outcome: 'moved', name: `${name}.imported` })
  }
  const address = { url: 'sftp://files.example.org/out/contacts.csv', hostKey: `SHA256:${'A'.repeat(43)}` }
  const connection = { kind: 'sftp', username: 'muster', password: 's3cret', afterImport: 'move', ...address }
  source = await muster.source({ connection, limits: ADDED })
})

async function importAt(hour: number, people: number, more: object = {}) {
  file = { text: csvOf(crowd(people)), modifiedAt: `2026-11-28T0${hour}:00:00.000Z` }
  const { id } = await muster.api<{ id: string }>('POST', `/api/sources/${source}/runs`, more)
  await muster.drain()
  return muster.run(id)
}

async function reject(id: string): Promise<string> {
  await muster.api('POST', `/api/runs/${id}/reject`)
  await muster.drain()
  return (await muster.run(id)).status
}

describe('a source whose imported files are moved', () => {
  it('the file of an import is moved, that of a preview or of a plan that was rejected as a whole is not', async () => {
    expect((await importAt(1, 3, { mode: 'preview' })).status).toBe('previewed')
    expect(moved).toEqual([])
    expect((await importAt(2, 3)).status).toBe('succeeded')
    expect(moved).toEqual(['contacts.csv 2026-11-28T02:00:00.000Z'])
    const held = await importAt(3, 9)
    expect(held.status).toBe('held')
    expect(await reject(held.id)).toBe('rejected')
    expect(moved).toHaveLength(1)
    expect((await importAt(4, 4)).status).toBe('succeeded')
    expect(moved.slice(1)).toEqual(['contacts.csv 2026-11-28T04:00:00.000Z'])
  })

  it('earlier bytes that are imported again move nothing: the file that is there is another one', async () => {
    const first = await importAt(1, 2)
    await importAt(2, 3)
    moved = []
    expect((await importAt(3, 5, { snapshot: first.id })).status).toBe('succeeded')
    expect(moved).toEqual([])
  })
})
