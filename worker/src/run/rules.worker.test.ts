import { describe, expect, it } from 'vitest'
import type { RunView } from '../api/views/run.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

/** Makes everything stored look as if it had been written under older rules. */
async function underOlderRules({ env }: World): Promise<void> {
  const { current } = (await env.DB.prepare(
    `SELECT substr(settings_hash, 1, instr(settings_hash, ':')) AS current FROM source`,
  ).first<{ current: string }>()) ?? { current: '' }
  expect(current).toMatch(/^\d+:$/)
  for (const column of ['settings_hash', 'baseline', 'fingerprints'])
    await env.DB.prepare(`UPDATE source SET ${column} = replace(${column}, ?1, '0:')`).bind(current).run()
  await env.DB.prepare(`UPDATE run SET settings_hash = replace(settings_hash, ?1, '0:')`).bind(current).run()
}

describe('a version with other rules for rows', () => {
  it('a version with other rules for rows plans the same bytes again, once', async () => {
    const world = await World.start()
    const source = await world.source()
    await world.import(source, csvOf(crowd(3)))
    expect(await world.import(source, csvOf(crowd(3)))).toMatchObject({ status: 'unchanged' })
    await underOlderRules(world)
    expect(await world.import(source, csvOf(crowd(3)))).toMatchObject({ status: 'succeeded', counts: { unchanged: 3 } })
    expect(await world.import(source, csvOf(crowd(3)))).toMatchObject({ status: 'unchanged' })
  })

  it('a waiting plan of older rules is not applied until it is made again', async () => {
    const world = await World.start()
    const source = await world.source()
    await world.import(source, csvOf(crowd(40)))
    const held = await world.import(source, csvOf(crowd(10)))
    await underOlderRules(world)
    expect(await world.run(held.id)).toMatchObject({ status: 'held', plan: { stale: { why: 'rules' } } })
    const approve = (run: RunView) => world.request('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
    expect((await approve(held)).status).toBe(409)
    const again = await world.import(source, csvOf(crowd(10)))
    expect(await world.run(held.id)).toMatchObject({ status: 'replaced' })
    expect((await approve(again)).status).toBe(202)
    await world.drain()
    expect(await world.run(again.id)).toMatchObject({ status: 'succeeded', applied: { removed: 30 } })
  })
})
