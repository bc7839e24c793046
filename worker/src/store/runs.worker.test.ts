import { describe, expect, it } from 'vitest'
import { World } from '../testing/world.ts'
import { latestRuns } from './run-lists.ts'
import { commit, findRun, moveRun } from './runs.ts'

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

describe('a run that has moved on', () => {
  it.each([
    ['attempt', { attempt: 0 }],
    ['status', { status: 'fetching' as const }],
  ])('a step that found a run with another %s neither ends nor moves it', async (_, found) => {
    const world = await World.start()
    const source = await world.source()
    const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
    const queued = await findRun(world.env, id)
    if (queued === null) throw new Error('The run was not made')
    expect(await moveRun(world.env, queued, { status: 'planning', attempt: 1 })).toBe(true)
    const current = { ...queued, status: 'planning' as const, attempt: 1 }
    expect(await commit(world.env, { ...current, ...found }, { status: 'failed' }, [])).toBe(false)
    expect(await moveRun(world.env, { ...current, ...found }, { status: 'applying' })).toBe(false)
    expect(await world.run(id)).toMatchObject({ status: 'planning' })
    expect(await commit(world.env, current, { status: 'failed' }, [])).toBe(true)
    expect(await world.run(id)).toMatchObject({ status: 'failed' })
  })
})
