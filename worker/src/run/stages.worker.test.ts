import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { RunView } from '../api/views/run.ts'
import { findRun, moveRun } from '../store/runs.ts'
import { directory, keys } from '../testing/current.ts'
import { crowd, csvOf, type Person } from '../testing/roster.ts'
import { points } from '../testing/sample.ts'
import { recover } from '../testing/surviving.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

/** A first file, and a second one that adds, changes and removes people. */
const BEFORE = csvOf(crowd(15))
const AFTER = csvOf([
  ...crowd(10).map((one, i): Person => (i < 5 ? one : { ...one, Title: 'Lead' })),
  ...crowd(5, {}, 'Q'),
])

/** Returns the files of stages that are in R2. */
async function stageFiles(): Promise<string[]> {
  const { objects } = await env.FILES.list({ prefix: 'plans/' })
  return objects.map(({ key }) => key).filter((key) => key.includes('-stage/'))
}

/** Delivers messages, each `times` times, until none are left. Returns how many queries each delivery made, by step. */
async function drainCounting(world: World, times = 1): Promise<[step: string, queries: number][]> {
  const counted: [string, number][] = []
  for (let next = world.messages.shift(); next !== undefined; next = world.messages.shift()) {
    for (let i = 0; i < times; i++) {
      const { queries } = world.faults
      await world.deliver(next.step)
      counted.push([next.step.step, world.faults.queries - queries])
    }
  }
  return counted
}

/** Returns the chunks of each section of a run's plan, and the changes of the run. */
async function planned({ id }: { id: string }) {
  const run = await findRun(env, id)
  return {
    sections: run?.plan?.sections.map(({ part, sha256, changes }) => ({ part, sha256, changes })),
    counts: run?.counts,
  }
}

async function startUndo(world: World, run: string): Promise<string> {
  return (await world.api<{ id: string }>('POST', `/api/runs/${run}/undo`)).id
}

/** Returns a Muster in which the second file has been applied, and then undone and applied again in one go. */
async function twoFiles() {
  const world = await World.start()
  world.env.PLAN_CHUNK = 200
  const source = await world.source({ limits: NO_LIMITS })
  await world.import(source, BEFORE)
  const before = await directory()
  const run = await world.import(source, AFTER)
  expect(run.counts).toMatchObject({ added: 5, updated: 5, removed: 5 })
  const after = await directory()
  const undo = await startUndo(world, run.id)
  await world.drain()
  const atOnce = await planned({ id: undo })
  const again = await startUndo(world, undo)
  await world.drain()
  expect(await directory()).toEqual(after)
  return { world, source, run: await world.run(run.id), before, after, atOnce, again }
}

describe('an undo that takes several messages', () => {
  it.each([1, 2])(
    'an undo in stages makes the plan of an undo in one go if each message comes %d times',
    async (times) => {
      const { world, run, before, atOnce } = await twoFiles()
      world.env.STAGE = { queries: 75 }
      const id = await startUndo(world, run.id)
      const queries = await drainCounting(world, times)
      expect(queries.filter(([step]) => step === 'plan').length).toBeGreaterThan(1)
      expect(Math.max(...queries.filter(([step]) => step !== 'apply').map(([, count]) => count))).toBeLessThanOrEqual(
        75,
      )
      expect(await planned({ id })).toEqual(atOnce)
      expect(await directory()).toEqual(before)
      expect(await stageFiles()).toEqual([])
    },
  )

  it('an undo in stages that crashes at any call restores the same directory', async () => {
    const { world, run, before, after, atOnce } = await twoFiles()
    const known = await keys()
    world.env.STAGE = { queries: 75 }
    let undone: string = run.id
    let calls = 0
    for (const call of points()) {
      calls = call
      const id = await startUndo(world, undone)
      const first = world.faults.calls
      world.faults.crashAt(call, 'after')
      await recover(world, id, call % 2 === 0 ? 'lost' : 'redelivered')
      const died = world.faults.calls - first >= call
      world.faults.restart()
      expect(await planned({ id }), String(call)).toEqual(atOnce)
      expect(await directory()).toEqual(before)
      const back: RunView = await world.run(id)
      undone = await startUndo(world, back.id)
      await world.drain()
      expect(await directory()).toEqual(after)
      undone = run.id
      if (!died) break
    }
    expect(calls).toBeGreaterThan(30)
    expect(await keys()).toEqual(known)
  })

  it('an undo begins anew if what was saved is lost, or if the directory changes between two messages', async () => {
    const { world, source, run, before, atOnce } = await twoFiles()
    world.env.STAGE = { queries: 75 }
    const id = await startUndo(world, run.id)
    const deliver = async () => world.deliver(world.messages.shift()?.step ?? { step: 'plan', run: id })
    await deliver()
    await env.FILES.delete(await stageFiles())
    await deliver()
    await env.DB.prepare('UPDATE source SET revision = revision + 1 WHERE id = ?').bind(source).run()
    await world.drain()
    expect(await world.run(id)).toMatchObject({ status: 'succeeded' })
    expect(await planned({ id })).toEqual(atOnce)
    expect(await directory()).toEqual(before)
  })

  it('a stage that newer code has saved is left to it', async () => {
    const { world, run } = await twoFiles()
    world.env.STAGE = { queries: 75 }
    const id = await startUndo(world, run.id)
    await world.deliver({ step: 'fetch', run: id })
    world.messages.length = 0
    const found = await findRun(env, id)
    if (found?.stage == null) throw new Error('The undo has no stage')
    const stage = { ...found.stage, format: found.stage.format + 1 }
    await moveRun(env, found, { stage })
    await world.deliver({ step: 'plan', run: id })
    expect(world.messages).toEqual([{ step: { step: 'plan', run: id }, delay: 60 }])
    expect(await findRun(env, id)).toMatchObject({ status: 'planning', attempt: found.attempt, stage })
  })
})
