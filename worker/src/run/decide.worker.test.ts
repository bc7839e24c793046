import { describe, expect, it } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { RunView } from '../api/views/run.ts'
import { ids } from '../testing/current.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

/** Returns a held run: it would remove eight of ten contacts. */
async function held() {
  const world = await World.start()
  const source = await world.source()
  const first = await world.import(source, csvOf(crowd(10)))
  const run = await world.import(source, csvOf(crowd(2)))
  expect(run.status).toBe('held')
  /** Sends several requests at the same moment, and returns the outcome of each. */
  const together = async (...presses: ('approve' | 'reject' | 'cancel' | 'undo' | 'import')[]) => {
    const answers = presses.map(async (press) => {
      const path =
        press === 'import'
          ? `/api/sources/${source}/runs`
          : `/api/runs/${press === 'undo' ? first.id : run.id}/${press}`
      const response = await world.request('POST', path, press === 'approve' ? { planHash: run.plan?.hash } : {})
      return response.ok ? 'done' : `${response.status} ${(await response.json<{ code: string }>()).code}`
    })
    const reported = await Promise.all(answers)
    await world.drain()
    return reported
  }
  return { world, source, first, run, together }
}

describe('two administrators at once', () => {
  it('when one administrator approves and another rejects, one decision counts and the other is refused with not_held', async () => {
    const { world, run, together } = await held()
    const reported = await together('approve', 'reject')
    expect(reported.toSorted()).toEqual(['409 not_held', 'done'])
    const { status, decision } = await world.run(run.id)
    const approved = reported[0] === 'done'
    expect([status, decision?.what]).toEqual(approved ? ['succeeded', 'approved'] : ['rejected', 'rejected'])
    expect(await ids()).toHaveLength(approved ? 2 : 10)
  })

  it('when two administrators approve, the plan is applied once', async () => {
    const { world, run, together } = await held()
    expect((await together('approve', 'approve')).toSorted()).toEqual(['409 not_held', 'done'])
    expect(await world.run(run.id)).toMatchObject({ status: 'succeeded', counts: { removed: 8 } })
  })

  it('when one administrator cancels and another approves, the run is either cancelled or applied', async () => {
    const { world, run, together } = await held()
    const [cancelled, approved] = await together('cancel', 'approve')
    const { status } = await world.run(run.id)
    expect([cancelled === 'done', approved === 'done', status]).toEqual(
      status === 'cancelled' ? [true, false, 'cancelled'] : [false, true, 'succeeded'],
    )
  })

  it.each(['undo', 'approve'] as const)(
    'when one administrator imports and another asks to %s, one run starts and the other request is refused with run_active',
    async (press) => {
      const { together } = await held()
      expect((await together('import', press)).toSorted()).toEqual(['409 run_active', 'done'])
    },
  )

  it('when two administrators undo an import, it is undone once', async () => {
    const { world, first, together } = await held()
    expect((await together('undo', 'undo')).toSorted()).toEqual(['409 run_active', 'done'])
    expect(await ids()).toEqual([])
    const undone = await world.request('POST', `/api/runs/${first.id}/undo`)
    expect([undone.status, await undone.json()]).toMatchObject([409, { code: 'not_undoable' }])
  })

  it('the undo of an earlier import replaces the held run, which can then be neither approved nor rejected', async () => {
    const { world, run, together } = await held()
    await together('undo')
    expect((await world.run(run.id)).status).toBe('replaced')
    expect(await together('approve', 'reject')).toEqual(['409 not_held', '409 not_held'])
    expect(await ids()).toEqual([])
  })
})

describe('the decision on a held run', () => {
  it.each(['approve', 'reject', 'cancel'] as const)(
    'a run keeps the decision on it and the reasons why it was held: %s',
    async (what) => {
      const { world, run, together } = await held()
      expect(await together(what)).toEqual(['done'])
      expect(await world.run(run.id)).toMatchObject({
        hold: run.hold,
        decision: { what: expect.stringMatching(what), by: 'admin@example.org', at: expect.any(String) },
      })
    },
  )

  it('a run that a newer run replaced has no decision, and keeps the reasons why it was held', async () => {
    const { world, source, run } = await held()
    await world.import(source, csvOf(crowd(11)))
    expect(await world.run(run.id)).toMatchObject({ status: 'replaced', hold: run.hold, decision: null })
  })

  it('the audit names the decision on a run and the undo, and the undo names who requested it', async () => {
    const { world, first, together } = await held()
    await together('reject')
    await together('undo')
    const { items } = await world.api<Page<{ action: string; actor: string; subject: string }>>('GET', '/api/audit')
    expect(items.map(({ action }) => action)).toEqual(expect.arrayContaining(['run_rejected', 'run_undone']))
    const undoing: Page<RunView> = await world.api('GET', '/api/runs?limit=1')
    expect(undoing.items).toMatchObject([{ undoes: first.id, requestedBy: 'admin@example.org' }])
  })

  it('a plan of earlier settings does not keep away a run of the same bytes that a system starts', async () => {
    const { world, source, run } = await held()
    const start = () => world.request('POST', `/api/sources/${source}/runs`, {}, 'system')
    const latest = async () => (await world.api<Page<RunView>>('GET', '/api/runs?limit=1')).items[0]
    await start()
    await world.drain()
    expect(await latest()).toMatchObject({ status: 'unchanged' })
    expect((await world.run(run.id)).status).toBe('held')
    await world.api('PATCH', `/api/sources/${source}`, { format: { defaultCountry: 'CA' } })
    await start()
    await world.drain()
    expect(await latest()).toMatchObject({ status: 'held', counts: { removed: 8 } })
    expect((await world.run(run.id)).status).toBe('replaced')
  })
})
