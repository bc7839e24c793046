import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RunView } from '../api/views/run.ts'
import { directory, keys } from '../testing/current.ts'
import { points } from '../testing/sample.ts'
import { importDyingAt, recover } from '../testing/surviving.ts'
import { FIRST_FILE, NO_LIMITS, SECOND_FILE } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

// The sweeper retries an e-mail whose attempt was lost, but only after the time for the attempt is over.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

const NOTIFY = { emails: ['a@example.org'], when: 'always' }

/** Returns the outcome of a run, without its IDs and times. */
function outcome({ status, counts, failure, hold, applied, waiting }: RunView) {
  return { status, counts, failure, hold, applied, waiting }
}

/**
 * Returns the kind and status of each notification recorded for a run. The e-mail itself may be sent twice if the
 * Worker died between sending it and recording that it was sent.
 */
async function reported(world: World, run: string): Promise<string[]> {
  const { items } = await world.api<{ items: { runId: string; kind: string; status: string }[] }>(
    'GET',
    '/api/notifications?limit=500',
  )
  return items
    .filter(({ runId }) => runId === run)
    .map(({ kind, status }) => `${kind} ${status}`)
    .sort()
}

describe('invariant 4: the outcome never depends on where the Worker died', () => {
  it('an import that crashes at any call has the same outcome as one that does not, and keeps every key', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS, notify: NOTIFY })
    await world.import(source, FIRST_FILE)
    const second = outcome(await world.import(source, SECOND_FILE))
    const ofSecond = await directory()
    const first = outcome(await world.import(source, FIRST_FILE))
    const ofFirst = await directory()
    const before = await keys()

    let calls = 0
    for (const point of points()) {
      const call = 2 * point - 1
      calls = call
      const forth = await importDyingAt(world, source, SECOND_FILE, call, 'lost')
      if (forth === null) break
      expect({ call, ...outcome(forth) }).toEqual({ call, ...second })
      expect(await directory()).toEqual(ofSecond)
      expect(await reported(world, forth.id)).toEqual(['report sent'])
      const back = await importDyingAt(world, source, FIRST_FILE, call + 1, 'redelivered')
      if (back === null) break
      expect({ call, ...outcome(back) }).toEqual({ call, ...first })
      expect(await directory()).toEqual(ofFirst)
      expect(await reported(world, back.id)).toEqual(['report sent'])
    }
    expect(calls).toBeGreaterThan(30)
    expect(await keys()).toEqual(before)
  })

  it('an import of which a part waits has the same outcome if it crashes at any call, and so does its undo', async () => {
    const world = await World.start()
    const source = await world.source({ limits: { ...NO_LIMITS, removed: { percent: 0, atLeast: 1 } }, notify: NOTIFY })
    await world.import(source, FIRST_FILE)
    const ofFirst = await directory()
    const held = await world.import(source, SECOND_FILE)
    const ofHeld = await directory()
    expect(held).toMatchObject({ status: 'held', applied: { added: 3 }, waiting: { added: 0, removed: 1 } })
    const undo = async (run: string, call: number | null) => {
      const { id } = await world.api<{ id: string }>('POST', `/api/runs/${run}/undo`)
      if (call !== null) world.faults.crashAt(call, 'after')
      await recover(world, id, 'lost')
      world.faults.restart()
      expect(await world.run(run)).toMatchObject({ status: 'rejected', undoneBy: id })
      expect(await directory()).toEqual(ofFirst)
    }
    await undo(held.id, null)
    let calls = 0
    for (const call of points()) {
      calls = call
      const again = await importDyingAt(world, source, SECOND_FILE, call, 'redelivered')
      if (again === null) break
      expect({ call, ...outcome(again) }).toEqual({ call, ...outcome(held) })
      expect(await directory()).toEqual(ofHeld)
      expect(await reported(world, again.id)).toEqual(['held sent'])
      await undo(again.id, call)
    }
    expect(calls).toBeGreaterThan(25)
  })

  it('a failing import that crashes at any call fails once and is reported once', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS, notify: NOTIFY })
    const refuse = () => new Response('no', { status: 403 })
    let calls = 0
    for (const call of points()) {
      calls = call
      const failed = await importDyingAt(world, source, refuse, call, 'lost')
      if (failed === null) break
      expect(failed).toMatchObject({ status: 'failed', failure: { code: 'forbidden' } })
      expect(await reported(world, failed.id)).toEqual(['failed sent'])
      await world.import(source, call % 2 === 0 ? FIRST_FILE : SECOND_FILE)
    }
    expect(calls).toBeGreaterThan(8)
  })

  it('an approval that crashes at any call either counts or can be repeated, and the plan is applied once', async () => {
    const world = await World.start()
    const source = await world.source({ limits: { ...NO_LIMITS, removed: { percent: 0, atLeast: 1 } }, notify: NOTIFY })
    await world.import(source, FIRST_FILE)
    const files = [SECOND_FILE, FIRST_FILE]
    for (const call of points()) {
      const run = await world.import(source, files[0] ?? '')
      expect(run).toMatchObject({ status: 'held', waiting: { removed: run.counts.removed } })
      const before = await directory()
      const calls = world.faults.calls
      world.faults.crashAt(call, 'after')
      const approve = () => world.request('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
      await approve()
      const died = world.faults.dead
      world.faults.restart()
      if ((await world.run(run.id)).status === 'held') {
        expect(await directory()).toEqual(before)
        expect((await approve()).status).toBe(202)
      }
      if (!died) world.faults.crashAt(Math.max(1, call - (world.faults.calls - calls)), 'after')
      await recover(world, run.id, 'lost')
      world.faults.restart()
      expect(await world.run(run.id)).toMatchObject({ status: 'succeeded', counts: run.counts })
      expect(await reported(world, run.id)).toEqual(['held sent', 'report sent'])
      if (call > 24) break
      files.reverse()
    }
  })
})
