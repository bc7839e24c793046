import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { ids } from '../testing/current.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

/** Starts an import of 100 contacts in small chunks and runs it until it begins to apply its plan. */
async function applying() {
  const world = await World.start()
  world.env.PLAN_CHUNK = 2000
  const source = await world.source({ limits: NO_LIMITS })
  world.remote = csvOf(crowd(100))
  const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
  while ((await world.run(id)).status !== 'applying') {
    const next = world.messages.shift()
    if (next !== undefined) await world.deliver(next.step)
  }
  return { world, id }
}

/** Changes one byte, at this offset, of the stored object whose key ends with `name`. */
async function damage(name: string, at: number): Promise<void> {
  const [key = ''] = await keysOf(name)
  const bytes = await bytesAt(key)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  await env.FILES.put(key, bytes)
}

async function keysOf(name: string): Promise<string[]> {
  const { objects } = await env.FILES.list()
  return objects.map(({ key }) => key).filter((key) => key.endsWith(name))
}

async function bytesAt(key: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array((await (await env.FILES.get(key))?.arrayBuffer()) ?? [])
}

describe('a plan that is damaged in storage', () => {
  it('a damaged plan is applied up to the damaged chunk, and the failed run says how far and can be undone', async () => {
    const { world, id } = await applying()
    await damage('/adds.0', 5000)
    await world.drain()
    const run = await world.run(id)
    expect(run).toMatchObject({ status: 'failed', failure: { code: 'plan_damaged' }, plan: { undoable: true } })
    expect(run.failure?.message).toMatch(/damaged.* \d+ of 100 changes had been made; they can be undone/)
    const applied = (await ids()).length
    expect(applied).toBeGreaterThan(0)
    expect(run.failure?.message).toContain(` ${applied} of 100 `)
    await world.api('POST', `/api/runs/${id}/undo`)
    await world.drain()
    expect(await ids()).toEqual([])
  })

  it('a plan whose list of chunks is damaged is not applied at all', async () => {
    const { world, id } = await applying()
    await damage('/chunks', 20)
    await world.drain()
    const run = await world.run(id)
    expect(run).toMatchObject({ status: 'failed', failure: { code: 'plan_damaged' }, plan: { undoable: false } })
    expect(run.failure?.message).toContain('No change had been made.')
    expect(await ids()).toEqual([])
  })

  /** What may happen to the stored lines of a plan, from the middle of them on. */
  const damages: [string, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array | null][] = [
    ['with a bit that has flipped', (bytes) => bytes.map((byte, at) => (at === bytes.length - 9 ? byte ^ 1 : byte))],
    ['that is cut short', (bytes) => bytes.subarray(0, bytes.length >> 1)],
    ['that is gone', () => null],
  ]
  it.each(damages)('nothing of an approved plan %s is applied', async (_, change) => {
    const world = await World.start()
    world.env.PLAN_CHUNK = 500
    const source = await world.source()
    await world.import(source, csvOf(crowd(60)))
    const held = await world.import(source, csvOf(crowd(10)))
    expect(held).toMatchObject({ status: 'held', waiting: { removed: 50 } })
    const [file = ''] = await keysOf('/removals.0')
    const after = change(await bytesAt(file))
    await (after === null ? env.FILES.delete(file) : env.FILES.put(file, after))
    expect((await world.request('POST', `/api/runs/${held.id}/approve`, { planHash: held.plan?.hash })).status).toBe(
      202,
    )
    await world.drain()
    const run = await world.run(held.id)
    expect(run).toMatchObject({ status: 'failed', failure: { code: 'plan_damaged' } })
    expect(run.failure?.message).toContain('No change had been made.')
    expect(await ids()).toHaveLength(60)
    // The same bytes give a new plan.
    expect(await world.import(source, csvOf(crowd(10)))).toMatchObject({ status: 'held', waiting: { removed: 50 } })
  })
})

describe('fingerprints that are damaged in storage', () => {
  it('all rows are read again, and the import changes what the file changes', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    await world.import(source, csvOf(crowd(100)))
    // The digests of the first 20 IDs.
    for (let contact = 0; contact < 20; contact++) await damage('/fingerprints', 16 + contact * 24)
    const run = await world.import(source, csvOf(crowd(101)))
    expect(run).toMatchObject({ status: 'succeeded', applied: { added: 1, updated: 0, removed: 0 } })
    expect(await ids()).toHaveLength(101)
  })
})
