import { expect, it, vi } from 'vitest'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

it('the next chunk of a plan is read before the one before it is written, and each is read once', async () => {
  const muster = await InMemoryMuster.start()
  muster.env.PLAN_CHUNK = 1000
  const source = await muster.source({ limits: NO_LIMITS })
  const { DB, FILES } = muster.env
  const read: number[] = []
  /** How many batches had been written when each chunk was read. */
  const writtenBefore: number[] = []
  let written = 0
  const get = (key: string, options?: { range: { offset: number; length: number } }) => {
    if (key.endsWith('/adds.0') && options !== undefined) {
      read.push(options.range.offset)
      writtenBefore.push(written)
    }
    return FILES.get(key, options)
  }
  const batch = async (statements: D1PreparedStatement[]) => {
    const results = await DB.batch(statements)
    if (read.length > 0) written++
    return results
  }
  muster.env.FILES = new Proxy(FILES, { get: (files, name) => (name === 'get' ? get : Reflect.get(files, name)) })
  muster.env.DB = new Proxy(DB, { get: (db, name) => (name === 'batch' ? batch : Reflect.get(db, name)) })
  expect(await muster.import(source, csvOf(crowd(100)))).toMatchObject({ status: 'succeeded', applied: { added: 100 } })
  expect(read.length).toBeGreaterThan(5)
  expect(new Set(read).size).toBe(read.length)
  expect(writtenBefore).toEqual(read.map((_, nth) => Math.max(0, nth - 1)))
})
