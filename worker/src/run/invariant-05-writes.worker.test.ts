import { describe, expect, it } from 'vitest'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

/** Returns how many rows D1 reports as written by an import of `contacts` contacts of which `changed` have changed. */
async function rowsWritten(world: World, contacts: number, changed: number): Promise<number> {
  const source = await world.source({ limits: NO_LIMITS })
  const people = crowd(contacts, {}, `${contacts}-${changed}-`)
  await world.import(source, csvOf(people))
  const before = world.faults.rowsWritten
  const titled = people.map((person, i) => (i < changed ? { ...person, Title: 'Team Lead' } : person))
  const run = await world.import(source, `${csvOf(titled)}\r\n`)
  expect(run).toMatchObject({ status: 'succeeded', counts: { updated: changed, unchanged: contacts - changed } })
  return world.faults.rowsWritten - before
}

describe('invariant 5: an unchanged row costs no write', () => {
  it('the rows a run writes depend on how many contacts changed, not on how many exist', async () => {
    const world = await World.start()
    for (const changed of [0, 3]) {
      expect(await rowsWritten(world, 1500, changed)).toBe(await rowsWritten(world, 20, changed))
    }
    expect(await rowsWritten(world, 20, 0)).toBeLessThan(40)
  })

  it('an import of the same bytes writes a few rows, whatever the size of the directory', async () => {
    const world = await World.start()
    const source = await world.source()
    await world.import(source, csvOf(crowd(1500)))
    const before = world.faults.rowsWritten
    expect((await world.import(source, csvOf(crowd(1500)))).status).toBe('unchanged')
    expect(world.faults.rowsWritten - before).toBeLessThan(30)
  })

  it('a file with its rows or columns in another order changes no contact', async () => {
    const world = await World.start()
    const source = await world.source()
    const people = crowd(50)
    await world.import(source, csvOf(people))
    const changes = async () =>
      (await world.api<{ items: { cursor: string }[] }>('GET', '/api/changes?limit=500')).items
    const before = await changes()
    expect((await world.import(source, csvOf([...people].reverse()))).counts.unchanged).toBe(50)
    expect(
      (await world.import(source, csvOf(people).replaceAll(/^([^,\r\n]*),([^,\r\n]*),/gm, '$2,$1,'))).counts.unchanged,
    ).toBe(50)
    expect(await changes()).toEqual(before)
  })

  it('a renamed header updates the contacts, even though every cell below it is the same', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    const file = (header: string) =>
      `ID,Name,Number,Number Type,Groups,${header}\r\nA,Ana,6045550101,mobile,Rope,Lead\r\nB,Bo,6045550102,mobile,Rope,Lead\r\n`
    await world.import(source, file('Title'))
    const run = await world.import(source, file('Organization Name'))
    expect(run.counts).toMatchObject({ updated: 2 })
  })
})
