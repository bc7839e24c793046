import { describe, expect, it } from 'vitest'
import { World } from '../testing/world.ts'
import { latestRuns } from './run-lists.ts'

describe('the latest runs', () => {
  it('the latest runs are one for each source that has any', async () => {
    const world = await World.start()
    const [one, other, idle] = [await world.source(), await world.source(), await world.source()]
    await world.import(one, 'x')
    const last = await world.import(one, 'x')
    const only = await world.import(other, 'x')
    const found = await latestRuns(world.env, [one, other, idle])
    expect([...found].map(([source, run]) => [source, run.id]).sort()).toEqual(
      [
        [one, last.id],
        [other, only.id],
      ].sort(),
    )
  })
})
