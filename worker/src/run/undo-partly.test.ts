import { expect, it, vi } from 'vitest'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { crowd, csvOf } from '../testing/roster.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

it('the undo of a run that was given up takes back the changes that were made, and says nothing of the others', async () => {
  const muster = await InMemoryMuster.start()
  // Small pieces, so that the plan is applied in several transactions.
  Object.assign(muster.env, { PLAN_CHUNK: 300, SPILL: 300 })
  const source = await muster.source()
  let partly = 0
  for (let call = 1; ; call++) {
    muster.remote = csvOf(crowd(12))
    const { id } = await muster.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
    for (let next = muster.messages.shift(); next?.step.step !== 'apply'; next = muster.messages.shift()) {
      if (next === undefined) throw new Error('Nothing is applied')
      await muster.deliver(next.step)
    }
    muster.faults.crashAt(call, 'after')
    await muster.deliver({ step: 'apply', run: id })
    muster.faults.restart()
    await muster.deliver({ step: 'apply', run: id }, 'muster-dead-letters')
    await muster.drain()
    const { status, applied } = await muster.run(id)
    if (applied.added > 0) {
      const undone = await muster.api<{ id: string }>('POST', `/api/runs/${id}/undo`)
      await muster.drain()
      const { counts } = await muster.run(undone.id)
      expect(counts, String(call)).toMatchObject({ removed: applied.added, unchanged: 0, warnings: 0 })
      expect(await muster.api('GET', '/api/contacts')).toMatchObject({ items: [] })
    }
    if (status === 'succeeded') break
    if (applied.added > 0) partly++
  }
  expect(partly).toBeGreaterThan(1)
})
