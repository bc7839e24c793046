import { describe, expect, it } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { ContactView } from '../api/views/contact.ts'
import type { RunView } from '../api/views/run.ts'
import { ids } from '../testing/current.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

const STAFF = crowd(40)
const HALF = csvOf(STAFF.slice(0, 20))
/** The same contacts as `HALF`, in a file with other bytes. */
const HALF_AGAIN = `${HALF}\r\n`

async function start(): Promise<{ world: World; source: string }> {
  const world = await World.start()
  const source = await world.source()
  expect((await world.import(source, csvOf(STAFF))).status).toBe('succeeded')
  return { world, source }
}

/** Moves the clock 31 days ahead and applies retention. */
async function passAMonth(world: World): Promise<void> {
  await world.tick(31 * 24 * 60)
  await world.drain()
}

async function hasFingerprints(world: World, source: string): Promise<boolean> {
  const found = await world.env.DB.prepare('SELECT fingerprints IS NOT NULL AS there FROM source WHERE id = ?1')
    .bind(source)
    .first<{ there: number }>()
  return found?.there === 1
}

/** Expects a run to be held because it would remove half of the contacts. */
function expectHeld(run: RunView): void {
  expect(run).toMatchObject({ status: 'held', counts: { removed: 20 } })
  expect(run.hold?.reasons).toContainEqual(expect.objectContaining({ limit: 'removed', count: 20 }))
}

const decide = async (world: World, run: RunView, what: 'reject' | 'undo') => {
  await world.api('POST', `/api/runs/${run.id}/${what}`)
  await world.drain()
}

describe('invariant 13: limits never lapse', () => {
  it('a file with half of the contacts is held after retention has deleted a contact that a person removed', async () => {
    const { world, source } = await start()
    const held = await world.import(source, HALF)
    expectHeld(held)
    await decide(world, held, 'reject')
    await world.import(source, csvOf(STAFF))

    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?search=P040')
    await world.api('DELETE', `/api/contacts/${items[0]?.key}`)
    await passAMonth(world)
    expect(await hasFingerprints(world, source)).toBe(false)
    await world.api('PATCH', `/api/sources/${source}`, { enabled: true })

    const run = await world.import(source, csvOf(STAFF.slice(0, 19)))
    expectHeld(run)
    expect(await ids()).toHaveLength(39)
  })

  it('a file with half of the contacts is held after retention has deleted contacts that an undo removed', async () => {
    const { world, source } = await start()
    const more = await world.import(source, csvOf(crowd(45)))
    expect(more).toMatchObject({ status: 'succeeded', counts: { added: 5 } })
    await decide(world, more, 'undo')
    await passAMonth(world)
    expect(await hasFingerprints(world, source)).toBe(false)

    const held = await world.import(source, HALF)
    expectHeld(held)
    await decide(world, held, 'reject')
    expectHeld(await world.import(source, HALF_AGAIN))
    expect(await ids()).toHaveLength(40)
  })

  it('a file with half of the contacts is held after a rejection, a change of settings and an undo of another import', async () => {
    const { world, source } = await start()
    const held = await world.import(source, HALF)
    await decide(world, held, 'reject')
    expectHeld(await world.import(source, HALF_AGAIN))
    await world.api('PATCH', `/api/sources/${source}`, { format: { defaultCountry: 'CA' } })
    expectHeld(await world.import(source, HALF))
    await decide(world, await world.import(source, csvOf(crowd(41))), 'undo')
    expectHeld(await world.import(source, HALF_AGAIN))
  })

  it('a rejected import and a preview do not count as the first import, and an undone import does', async () => {
    const world = await World.start()
    const source = await world.source({ limits: { errors: { percent: 10 } } })
    const firstAppliedAt = async () => {
      const found = world.env.DB.prepare('SELECT first_applied_at AS at FROM source WHERE id = ?1').bind(source)
      return (await found.first<{ at: number | null }>())?.at
    }
    await world.import(source, csvOf(STAFF), 'preview')
    await decide(world, await world.import(source, csvOf([{ ID: 'a' }, { ID: 'b', Name: '' }])), 'reject')
    expect(await firstAppliedAt()).toBeNull()
    const first = await world.import(source, csvOf(STAFF))
    const at = await firstAppliedAt()
    expect(at).toEqual(expect.any(Number))
    await decide(world, first, 'undo')
    await decide(world, await world.import(source, csvOf(STAFF)), 'undo')
    expect(await firstAppliedAt()).toBe(at)
  })
})
