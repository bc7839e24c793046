import { afterEach, expect, it, vi } from 'vitest'
import { Planner } from '../core/planning.ts'
import { BATCH_ROWS } from '../formats/bounded.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** Counts the rows planned and the plan bytes read since the thread was last yielded, and the maximum of each. */
class Turns {
  count = 0
  readonly since = { rows: 0, bytes: 0 }
  readonly most = { rows: 0, bytes: 0 }

  constructor(world: World) {
    const turns = this
    const wait = scheduler.wait.bind(scheduler)
    vi.spyOn(scheduler, 'wait').mockImplementation((...given) => {
      turns.count++
      turns.since.rows = 0
      turns.since.bytes = 0
      return wait(...given)
    })
    const take = Planner.prototype.take
    vi.spyOn(Planner.prototype, 'take').mockImplementation(function (this: Planner, batch) {
      turns.add('rows', batch.cells.length)
      return take.call(this, batch)
    })
    const files = world.env.FILES
    const get = files.get.bind(files)
    const spied = async (key: string, options?: R2GetOptions) => {
      const object = await get(key, options)
      if (key.startsWith('plans/') && !/\/(chunks|fingerprints)$/.test(key))
        turns.add('bytes', object?.range && 'length' in object.range ? (object.range.length ?? 0) : 0)
      return object
    }
    world.env.FILES = new Proxy(files, { get: (bucket, name) => (name === 'get' ? spied : Reflect.get(bucket, name)) })
  }

  add(what: 'rows' | 'bytes', amount: number): void {
    this.since[what] += amount
    this.most[what] = Math.max(this.most[what], this.since[what])
  }
}

it('planning, applying and undoing yield the thread at least every 2,000 rows and every 500 KB of a plan', async () => {
  const world = await World.start()
  // Some of so many people have the same number by chance.
  const source = await world.source({ limits: { sameNumber: null } })
  const turns = new Turns(world)
  const people = crowd(11_000, { Groups: 'Everybody, Rope, Search' })
  const run = await world.import(source, csvOf(people))
  expect(run.counts?.added).toBe(11_000)
  expect(turns.most.rows).toBe(BATCH_ROWS)
  expect(turns.most.bytes).toBeGreaterThan(400_000)
  expect(turns.most.bytes).toBeLessThanOrEqual(500_000)

  turns.count = 0
  const { id } = await world.api<{ id: string }>('POST', `/api/runs/${run.id}/undo`)
  await world.drain()
  expect((await world.run(id)).counts?.removed).toBe(11_000)
  expect(turns.most.bytes).toBeLessThanOrEqual(500_000)
  expect(turns.count).toBeGreaterThan(10)
})

it('a file with thousands of problems yields the thread while its report is written', async () => {
  const world = await World.start()
  const source = await world.source({ limits: { errors: null } })
  const turns = new Turns(world)
  const rows = Array.from({ length: 6_000 }, (_, i) => ({ ID: `E${i}`, Number: 'none' }))
  const run = await world.import(source, csvOf([...crowd(10), ...rows]))
  expect(run.counts?.errors).toBe(6_000)
  expect(turns.most.rows).toBe(BATCH_ROWS)
  expect(turns.most.bytes).toBeLessThanOrEqual(500_000)
})
