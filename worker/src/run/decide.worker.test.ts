import { describe, expect, it } from 'vitest'
import type { Page, RunView } from '../api/views.ts'
import { ids } from '../testing/current.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

/** A run that waits for a person: eight of ten contacts would be removed. */
async function held() {
  const world = await World.start()
  const source = await world.source()
  const first = await world.import(source, csvOf(crowd(10)))
  const run = await world.import(source, csvOf(crowd(2)))
  expect(run.status).toBe('held')
  /** Several people press at the same moment; gives what each was told. */
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
  it('one approves and one rejects: one decision counts, and the other is refused because the run is not held any more', async () => {
    const { world, run, together } = await held()
    const reported = await together('approve', 'reject')
    expect(reported.toSorted()).toEqual(['409 not_held', 'done'])
    const { status, decision } = await world.run(run.id)
    const approved = reported[0] === 'done'
    expect([status, decision?.what]).toEqual(approved ? ['succeeded', 'approved'] : ['rejected', 'rejected'])
    expect(await ids()).toHaveLength(approved ? 2 : 10)
  })

  it('both approve: the plan is applied once', async () => {
    const { world, run, together } = await held()
    expect((await together('approve', 'approve')).toSorted()).toEqual(['409 not_held', 'done'])
    expect(await world.run(run.id)).toMatchObject({ status: 'succeeded', counts: { removed: 8 } })
  })

  it('one cancels and one approves: it is either applied or cancelled', async () => {
    const { world, run, together } = await held()
    const [cancelled, approved] = await together('cancel', 'approve')
    const { status } = await world.run(run.id)
    expect([cancelled === 'done', approved === 'done', status]).toEqual(
      status === 'cancelled' ? [true, false, 'cancelled'] : [false, true, 'succeeded'],
    )
  })

  it.each(['undo', 'approve'] as const)(
    'one imports and the other would %s: one run goes on, and the other caller gets its ID',
    async (press) => {
      const { together } = await held()
      expect((await together('import', press)).toSorted()).toEqual(['409 run_active', 'done'])
    },
  )

  it('both undo: the import is taken back once', async () => {
    const { world, first, together } = await held()
    expect((await together('undo', 'undo')).toSorted()).toEqual(['409 run_active', 'done'])
    expect(await ids()).toEqual([])
    const undone = await world.request('POST', `/api/runs/${first.id}/undo`)
    expect([undone.status, await undone.json()]).toMatchObject([409, { code: 'not_undoable' }])
  })

  it('one undoes the import before, which takes the place of the plan that the other would approve', async () => {
    const { world, run, together } = await held()
    await together('undo')
    expect((await world.run(run.id)).status).toBe('replaced')
    expect(await together('approve', 'reject')).toEqual(['409 not_held', '409 not_held'])
    expect(await ids()).toEqual([])
  })
})

describe('what a person decided', () => {
  it.each(['approve', 'reject', 'cancel'] as const)(
    'stays with the run, and so do the reasons why it waited: %s',
    async (what) => {
      const { world, run, together } = await held()
      expect(await together(what)).toEqual(['done'])
      expect(await world.run(run.id)).toMatchObject({
        hold: run.hold,
        decision: { what: expect.stringMatching(what), by: 'admin@example.org', at: expect.any(String) },
      })
    },
  )

  it('is nothing where a newer run took its place, which keeps the reasons too', async () => {
    const { world, source, run } = await held()
    await world.import(source, csvOf(crowd(11)))
    expect(await world.run(run.id)).toMatchObject({ status: 'replaced', hold: run.hold, decision: null })
  })

  it('is in the audit, as is who undid', async () => {
    const { world, first, together } = await held()
    await together('reject')
    await together('undo')
    const { items } = await world.api<Page<{ action: string; actor: string; subject: string }>>('GET', '/api/audit')
    expect(items.map(({ action }) => action)).toEqual(expect.arrayContaining(['run_rejected', 'run_undone']))
    const undoing: Page<RunView> = await world.api('GET', '/api/runs?limit=1')
    expect(undoing.items).toMatchObject([{ undoes: first.id, requestedBy: 'admin@example.org' }])
  })
})
