import { describe, expect, it } from 'vitest'
import { STALE_AFTER } from '../store/runs.ts'
import { ids } from '../testing/current.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { ChangeView } from './views/run.ts'

describe('the changes of a run', () => {
  it('a run that failed while it was applied shows as made only what it has made', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    await world.import(source, csvOf(crowd(3)))
    world.env.PLAN_CHUNK = 300
    world.remote = csvOf([...crowd(3), ...crowd(40, {}, 'N')])
    const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
    let next = world.messages.shift()
    for (; next?.step.step !== 'apply'; next = world.messages.shift())
      if (next !== undefined) await world.deliver(next.step)
    for (let call = 4; (await world.run(id)).applied.added === 0; call++) {
      world.faults.crashAt(call, 'after')
      await world.deliver(next.step)
      world.faults.restart()
      world.passTime(STALE_AFTER)
    }
    await world.deliver(next.step, 'muster-dead-letters')
    expect((await world.run(id)).status).toBe('failed')
    const changes = async (query: string) => {
      const { items } = await world.api<Page<ChangeView>>('GET', `/api/runs/${id}/changes?limit=500${query}`)
      return items
    }
    const all = await changes('')
    const made = all.filter(({ waits }) => !waits)
    expect(all).toHaveLength(40)
    expect(made.map((change) => change.id).sort()).toEqual((await ids()).filter((one) => one.startsWith('N')).sort())
    expect(await changes('&part=applied')).toEqual(made)
    expect(await changes('&part=waiting')).toEqual(all.filter(({ waits }) => waits))
  })
})
