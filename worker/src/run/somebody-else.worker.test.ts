import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { RunView } from '../api/views/run.ts'
import { findRun } from '../store/runs.ts'
import { becomesSomebodyElse, type SomebodyElse } from '../store/somebody-else.ts'
import { csvOf, type Person } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

/** Returns this many people under IDs that are row numbers, in this or in the opposite order. */
function numbered(count: number, sorted = false): Person[] {
  const all = Array.from({ length: count }, (_, i) => ({ Name: `Member ${i}`, Number: `604555${1000 + i}` }))
  return (sorted ? all.toReversed() : all).map((row, i) => ({ ...row, ID: String(i + 1) }))
}

/** Returns a Muster in which the rows of this many people have been sorted, and the run that did it. */
async function sorted(count: number) {
  const world = await World.start()
  const source = await world.source({ limits: NO_LIMITS })
  await world.import(source, csvOf(numbered(count)))
  return { world, source, run: await world.import(source, csvOf(numbered(count, true))) }
}

async function undo(world: World, { id }: RunView): Promise<RunView> {
  const started = await world.api<{ id: string }>('POST', `/api/runs/${id}/undo`)
  await world.drain()
  return world.run(started.id)
}

/** Returns what the plan of a run says of the contacts that become somebody else, and their IDs. */
async function somebodyElse({ id }: RunView): Promise<{ stored: SomebodyElse | undefined; ids: string[] }> {
  const plan = (await findRun(env, id))?.plan
  if (plan == null) throw new Error('The run has a plan')
  const isSomebodyElse = await becomesSomebodyElse(env, plan)
  const { results } = await env.DB.prepare('SELECT key, id FROM contact ORDER BY key').all<{
    key: number
    id: string
  }>()
  return { stored: plan.somebodyElse, ids: results.filter(({ key }) => isSomebodyElse(key)).map((one) => one.id) }
}

describe('contacts that become somebody else', () => {
  it('the plan of sorted rows has the keys of its contacts, and its undo the same ones', async () => {
    const { world, run } = await sorted(4)
    const ids = ['1', '2', '3', '4']
    expect(await somebodyElse(run)).toEqual({ stored: [1, 2, 3, 4], ids })
    const undoing = await undo(world, run)
    expect(await somebodyElse(undoing)).toMatchObject({ ids })
    expect(await somebodyElse(await undo(world, undoing))).toMatchObject({ ids })
  })

  it('the next import reads the rows of the new people again, even from the same bytes', async () => {
    const { world, source } = await sorted(4)
    const file = csvOf(numbered(4, true))
    expect(await world.import(source, file)).toMatchObject({ status: 'succeeded', counts: { unchanged: 4 } })
    expect(await world.import(source, file)).toMatchObject({ status: 'unchanged' })
  })

  it('the undo of an import gives the ID back to a person whose name somebody else had', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    const [john, other, zoe] = [
      { Name: 'John Smith', Number: '6045550101' },
      { Name: 'John Smith', Number: '6045550102' },
      { Name: 'Zoe Fox', Number: '6045550103' },
    ]
    await world.import(
      source,
      csvOf([
        { ID: 'a', ...john },
        { ID: 'b', ...other },
      ]),
    )
    const run = await world.import(
      source,
      csvOf([
        { ID: 'a', ...other },
        { ID: 'b', ...zoe },
      ]),
    )
    expect((await somebodyElse(run)).ids).toEqual(['a', 'b'])
    expect((await somebodyElse(await undo(world, run))).ids).toEqual(['a', 'b'])
  })

  it('the undo of an import leaves a person the same whose name belongs to an added contact', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    await world.import(source, csvOf([{ ID: 'a', Name: 'John Smith', Number: '6045550101' }]))
    const second = csvOf(['a', 'b'].map((ID, i) => ({ ID, Name: 'John Smith', Number: `604555010${2 + i}` })))
    const undoing = await undo(world, await world.import(source, second))
    expect(undoing.counts).toMatchObject({ updated: 1, removed: 1 })
    expect(await somebodyElse(undoing)).toEqual({ stored: undefined, ids: [] })
  })

  it('the keys of many contacts are in a file beside the plan, and a damaged file stops the run', async () => {
    const { world, run } = await sorted(300)
    const { stored, ids } = await somebodyElse(run)
    expect(stored).toEqual({ file: expect.stringMatching(/^plans\/.*\/somebody-else$/), sha256: expect.any(String) })
    expect(ids).toHaveLength(300)
    const file = stored !== undefined && 'file' in stored ? stored.file : ''
    await env.FILES.put(file, new Uint8Array(8 * 300))
    expect(await undo(world, run)).toMatchObject({ status: 'failed', failure: { code: 'plan_damaged' } })
  })

  it('an import that makes nobody somebody else says nothing of it', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    await world.import(source, csvOf(numbered(3)))
    const run = await world.import(source, csvOf(numbered(3).map((row) => ({ ...row, Name: `${row.Name} Fox` }))))
    expect(await somebodyElse(run)).toEqual({ stored: undefined, ids: [] })
  })
})
