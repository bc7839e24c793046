import { describe, expect, it } from 'vitest'
import type { ContactView } from '../api/views/contact.ts'
import type { RunView } from '../api/views/run.ts'
import { ids } from '../testing/current.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

const REASONS = [
  { limit: 'removed', count: 8, of: 10 },
  { limit: 'shrunkGroups', count: 8, of: 10 },
]

/** Returns a held run: it would remove eight of ten contacts. */
async function held(settings: Record<string, unknown> = {}) {
  const world = await World.start()
  const source = await world.source(settings)
  await world.import(source, csvOf(crowd(10)))
  const run = await world.import(source, csvOf(crowd(2)))
  expect(run).toMatchObject({ status: 'held', hold: { reasons: REASONS } })
  const approve = (planHash: string | undefined = run.plan?.hash, of: RunView = run) =>
    world.request('POST', `/api/runs/${of.id}/approve`, { planHash })
  const refused = async (response: Promise<Response>) => {
    const answer = await response
    return [answer.status, (await answer.json<{ code: string }>()).code]
  }
  return { world, source, run, approve, refused }
}

describe('invariant 6: an approval names the hash of the plan it approves', () => {
  it('an approval with the hash of the plan applies the plan', async () => {
    const { world, run, approve } = await held()
    expect(await ids()).toHaveLength(10)
    expect((await approve()).status).toBe(202)
    expect((await world.run(run.id)).status).toBe('applying')
    await world.drain()
    expect(await world.run(run.id)).toMatchObject({ status: 'succeeded', counts: { removed: 8 } })
    expect(await ids()).toHaveLength(2)
  })

  it('an approval with another hash is refused, and the run stays held', async () => {
    const { world, run, approve, refused } = await held()
    expect(await refused(approve('0'.repeat(64)))).toEqual([409, 'plan_stale'])
    expect((await world.run(run.id)).status).toBe('held')
    expect(await ids()).toHaveLength(10)
    expect((await approve()).status).toBe(202)
  })

  it('a plan is stale once the settings of its source have changed, and valid again when they are changed back', async () => {
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

  it('a change of an SMS status or of the source’s name does not make a plan stale', async () => {
    const { world, source, approve } = await held()
    const { items } = await world.api<{ items: ContactView[] }>('GET', '/api/contacts')
    await world.api('PUT', `/api/contacts/${items[0]?.key}/sms-status`, { status: 'opted_out' })
    await world.api('PATCH', `/api/sources/${source}`, { name: 'Crew' })
    expect((await approve()).status).toBe(202)
  })

  it('an approval of a run of a disabled source is refused', async () => {
    const { world, source, approve, refused } = await held()
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    expect(await refused(approve())).toEqual([409, 'source_disabled'])
  })

  it('a run is approved once, however many approvals arrive at the same time', async () => {
    const { world, run, approve } = await held()
    const answers = await Promise.all([approve(), approve(), approve()])
    expect(answers.filter((answer) => answer.status === 202)).toHaveLength(1)
    await world.drain()
    expect(await world.run(run.id)).toMatchObject({ status: 'succeeded', counts: { removed: 8 } })
    expect(await ids()).toHaveLength(2)
  })

  it('a newer run replaces the held run, which can no longer be approved', async () => {
    const { world, source, run, approve, refused } = await held()
    expect((await world.import(source, csvOf(crowd(11)))).status).toBe('succeeded')
    expect((await world.run(run.id)).status).toBe('replaced')
    expect(await refused(approve())).toEqual([409, 'not_held'])
    expect(await ids()).toHaveLength(11)
  })

  it('a newer run that fails and a preview both leave the held run held', async () => {
    const { world, source, run, approve } = await held()
    await world.import(source, () => new Response('no', { status: 404 }))
    expect((await world.import(source, csvOf(crowd(12)), 'preview')).status).toBe('previewed')
    expect((await world.run(run.id)).status).toBe('held')
    expect((await approve()).status).toBe(202)
  })

  it('a rejected plan changes nothing, and the same bytes are planned again only when a person starts a run', async () => {
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

  it('a plan is deterministic: the same file produces a plan with the same hash', async () => {
    const { world, source, run } = await held()
    const again = await world.import(source, csvOf(crowd(2)))
    expect(again).toMatchObject({ status: 'held', plan: { hash: run.plan?.hash } })
  })

  it('a held run is reported once, with the changes that it would make', async () => {
    const { world } = await held({ notify: { emails: ['a@example.org'], when: 'never' } })
    expect(world.mails.map(({ subject }) => subject)).toEqual(['Staff: 8 removals wait'])
    expect(world.mails[0]?.text).toContain('8 of 10 contacts are missing from the file. Was it saved with a filter on')
  })

  it('a held run stays held, and nothing is sent, when a system finds the same bytes under the same settings', async () => {
    const { world, source, run } = await held({ notify: { emails: ['a@example.org'], when: 'never' } })
    await world.request('POST', `/api/sources/${source}/runs`, {}, 'system')
    await world.drain()
    expect((await world.run(run.id)).status).toBe('held')
    expect(world.mails).toHaveLength(1)
  })
})
