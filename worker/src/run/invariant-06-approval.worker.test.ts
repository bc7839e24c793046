import { describe, expect, it } from 'vitest'
import type { ContactView, RunView } from '../api/views.ts'
import { ids } from '../testing/current.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

/** A run that waits for a person: eight of ten contacts would be removed. */
async function held(settings: Record<string, unknown> = {}) {
  const world = await World.start()
  const source = await world.source(settings)
  await world.import(source, csvOf(crowd(10)))
  const run = await world.import(source, csvOf(crowd(2)))
  expect(run).toMatchObject({ status: 'held', hold: { reasons: [{ limit: 'removed', count: 8, of: 10 }] } })
  const approve = (planHash: string | undefined = run.plan?.hash, of: RunView = run) =>
    world.request('POST', `/api/runs/${of.id}/approve`, { planHash })
  const refused = async (response: Promise<Response>) => {
    const answer = await response
    return [answer.status, (await answer.json<{ code: string }>()).code]
  }
  return { world, source, run, approve, refused }
}

describe('invariant 6: an approval names the hash of the plan it approves', () => {
  it('the plan that was seen is applied', async () => {
    const { world, run, approve } = await held()
    expect(await ids()).toHaveLength(10)
    expect((await approve()).status).toBe(202)
    expect((await world.run(run.id)).status).toBe('applying')
    await world.drain()
    expect(await world.run(run.id)).toMatchObject({ status: 'succeeded', counts: { removed: 8 } })
    expect(await ids()).toHaveLength(2)
  })

  it('another hash is refused, and the run stays held', async () => {
    const { world, run, approve, refused } = await held()
    expect(await refused(approve('0'.repeat(64)))).toEqual([409, 'plan_stale'])
    expect((await world.run(run.id)).status).toBe('held')
    expect(await ids()).toHaveLength(10)
    expect((await approve()).status).toBe(202)
  })

  it('a plan is stale once the source’s settings have moved, and good again when they are back', async () => {
    const { world, source, run, approve, refused } = await held()
    await world.api('PATCH', `/api/sources/${source}`, { removal: 'keep' })
    expect(await refused(approve())).toEqual([409, 'plan_stale'])
    expect((await world.run(run.id)).status).toBe('held')
    await world.api('PATCH', `/api/sources/${source}`, { removal: 'remove' })
    expect((await approve()).status).toBe(202)
  })

  it('a plan is stale once manual contacts have changed', async () => {
    const { world, source, run, approve, refused } = await held()
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    await world.api('POST', '/api/contacts', { id: 'H001', name: 'By hand' })
    await world.api('PATCH', `/api/sources/${source}`, { enabled: true })
    expect(await refused(approve())).toEqual([409, 'plan_stale'])
    expect((await world.run(run.id)).status).toBe('held')
  })

  it('a change of SMS status or of the source’s name makes no plan stale', async () => {
    const { world, source, approve } = await held()
    const { items } = await world.api<{ items: ContactView[] }>('GET', '/api/contacts')
    await world.api('PUT', `/api/contacts/${items[0]?.key}/sms-status`, { status: 'opted_out' })
    await world.api('PATCH', `/api/sources/${source}`, { name: 'Crew' })
    expect((await approve()).status).toBe(202)
  })

  it('the plan of a disabled source is not applied', async () => {
    const { world, source, approve, refused } = await held()
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    expect(await refused(approve())).toEqual([409, 'source_disabled'])
  })

  it('a run is approved once, however often and at the same time it is asked for', async () => {
    const { world, run, approve } = await held()
    const answers = await Promise.all([approve(), approve(), approve()])
    expect(answers.filter((answer) => answer.status === 202)).toHaveLength(1)
    await world.drain()
    expect(await world.run(run.id)).toMatchObject({ status: 'succeeded', counts: { removed: 8 } })
    expect(await ids()).toHaveLength(2)
  })

  it('a newer run takes the place of the held one, which can no longer be approved', async () => {
    const { world, source, run, approve, refused } = await held()
    expect((await world.import(source, csvOf(crowd(11)))).status).toBe('succeeded')
    expect((await world.run(run.id)).status).toBe('replaced')
    expect(await refused(approve())).toEqual([409, 'not_held'])
    expect(await ids()).toHaveLength(11)
  })

  it('a newer run that fails, and a preview, leave it waiting', async () => {
    const { world, source, run, approve } = await held()
    await world.import(source, () => new Response('no', { status: 404 }))
    expect((await world.import(source, csvOf(crowd(12)), 'preview')).status).toBe('previewed')
    expect((await world.run(run.id)).status).toBe('held')
    expect((await approve()).status).toBe(202)
  })

  it('a rejected plan changes nothing, and the same bytes come back only when a person asks', async () => {
    const { world, source, run, approve, refused } = await held()
    await world.api('POST', `/api/runs/${run.id}/reject`)
    expect((await world.run(run.id)).status).toBe('rejected')
    expect(await refused(approve())).toEqual([409, 'not_held'])
    const response = await world.request('POST', `/api/sources/${source}/runs`, {}, 'system')
    const { id } = await response.json<{ id: string }>()
    await world.drain()
    expect((await world.run(id)).status).toBe('unchanged')
    expect((await world.import(source, csvOf(crowd(2)))).status).toBe('held')
    expect(await ids()).toHaveLength(10)
  })

  it('the plan is deterministic: the same file makes a plan of the same hash', async () => {
    const { world, source, run } = await held()
    const again = await world.import(source, csvOf(crowd(2)))
    expect(again).toMatchObject({ status: 'held', plan: { hash: run.plan?.hash } })
  })

  it('the held run is reported once, with what would happen', async () => {
    const { world } = await held({ notify: { emails: ['a@example.org'], when: 'never' } })
    expect(world.mails.map(({ subject }) => subject)).toEqual(['Import of Staff: waiting for you'])
    expect(world.mails[0]?.text).toContain('8 of 10 contacts would be removed')
  })

  it('a held run whose bytes and settings a system finds again goes on waiting, and nothing is sent', async () => {
    const { world, source, run } = await held({ notify: { emails: ['a@example.org'], when: 'never' } })
    await world.request('POST', `/api/sources/${source}/runs`, {}, 'system')
    await world.drain()
    expect((await world.run(run.id)).status).toBe('held')
    expect(world.mails).toHaveLength(1)
  })
})
