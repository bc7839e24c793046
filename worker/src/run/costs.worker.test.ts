import { describe, expect, it } from 'vitest'
import { CHANGED, IDLE_TICK, nightOf, type Taken } from '../../../bench/costs/night.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

/** Which operations of R2 cost as ones that change or list something, and which as ones that read. */
const WRITES = ['put', 'list']
const READS = ['get', 'head']

/** What is so little in any night that the page has the most: a file with warnings has six more, of problems and reports. */
const FEW: readonly (keyof Taken)[] = ['filesWritten', 'filesRead']

/** Counts what `work` takes from the platform. */
async function taken(world: World, work: () => Promise<unknown>): Promise<Taken> {
  const files = world.env.FILES
  const calls: string[] = []
  world.env.FILES = new Proxy(files, {
    get(_, name) {
      const method = Reflect.get(files, name)
      return (...given: unknown[]) => {
        calls.push(String(name))
        return method(...given)
      }
    },
  })
  const { rowsRead, rowsWritten } = world.faults
  const [sent, mails] = [world.sent.length, world.mails.length]
  await work()
  world.env.FILES = files
  return {
    rowsRead: world.faults.rowsRead - rowsRead,
    rowsWritten: world.faults.rowsWritten - rowsWritten,
    filesWritten: calls.filter((name) => WRITES.includes(name)).length,
    filesRead: calls.filter((name) => READS.includes(name)).length,
    messages: world.sent.length - sent,
    mails: world.mails.length - mails,
  }
}

describe('what a night takes from the platform', () => {
  it.each([1000, 5000])('an import of %i contacts takes what docs/costs.md is made from', async (contacts) => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS, notify: { emails: ['a@example.org'], when: 'always' } })
    const people = crowd(contacts, {}, 'C')
    await world.import(source, csvOf(people))
    const changed = people.map((person, i) => (i < contacts * CHANGED ? { ...person, Title: 'Lead' } : person))
    const is = await taken(world, () => world.import(source, csvOf(changed)))
    const ought = nightOf(contacts)
    // At most as much as the page says, and not so much less that the page is wrong.
    const whats = Object.keys(ought) as (keyof Taken)[]
    const wrong = whats.filter(
      (what) => is[what] > Math.ceil(ought[what]) || (!FEW.includes(what) && is[what] < ought[what] * 0.6),
    )
    expect(wrong.map((what) => `${what} ${is[what]}, and ${ought[what]} in bench/costs/night.ts`)).toEqual([])
  })

  it('a tick at which nothing is due takes what docs/costs.md is made from', async () => {
    const world = await World.start()
    await world.source()
    await world.tick(1)
    await world.drain()
    const is = await taken(world, () => world.tick(1))
    const { rowsRead, rowsWritten, filesWritten } = IDLE_TICK
    expect(is.messages).toBe(0)
    expect([is.rowsRead <= rowsRead, is.rowsWritten <= rowsWritten, is.filesWritten <= filesWritten, is]).toEqual([
      ...[true, true, true],
      is,
    ])
  })
})
