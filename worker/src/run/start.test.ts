import { expect, it, vi } from 'vitest'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { startOrRemember } from './start.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

it('however many ask while a run is active, one more run follows it', async () => {
  const muster = await InMemoryMuster.start()
  const source = await muster.source()
  muster.remote = csvOf(crowd(3))
  const ask = () =>
    startOrRemember(
      muster.env,
      { source, trigger: 'webhook', mode: 'apply', fetch: 'all', requestedBy: null },
      muster.now,
    )
  const active = await ask()
  const following = await Promise.all([ask(), ask(), ask()])
  expect(new Set(following.map(({ id }) => id)).size).toBe(1)
  expect(following[0]?.id).not.toBe(active.id)
  await muster.drain()
  const { items } = await muster.api<{ items: { id: string; status: string }[] }>('GET', `/api/runs?source=${source}`)
  expect(Object.fromEntries(items.map(({ id, status }) => [id, status]))).toEqual({
    [active.id]: 'succeeded',
    [following[0]?.id ?? '']: 'unchanged',
  })
})
