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
  const { objects } = await env.FILES.list()
  const key = objects.find((object) => object.key.endsWith(name))?.key ?? ''
  const bytes = new Uint8Array((await (await env.FILES.get(key))?.arrayBuffer()) ?? [])
  bytes[at] = (bytes[at] ?? 0) ^ 1
  await env.FILES.put(key, bytes)
}

describe('a plan that is damaged in storage', () => {
  it('a damaged plan is applied up to the damaged chunk, and the failed run says how far and can be undone', async () => {
    const { world, id } = await applying()
    await damage('/adds.0', 5000)
    await world.drain()
    const run = await world.run(id)
    expect(run).toMatchObject({ status: 'failed', failure: { code: 'internal' }, plan: { undoable: true } })
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
    expect(await world.run(id)).toMatchObject({ status: 'failed', plan: { undoable: false } })
    expect(await ids()).toEqual([])
  })
})
