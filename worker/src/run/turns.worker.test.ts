import { env } from 'cloudflare:workers'
import { afterEach, expect, it, vi } from 'vitest'
import { keysOf } from '../core/keys.ts'
import { Planner } from '../core/planning.ts'
import type { Step } from '../env.ts'
import { BATCH_ROWS } from '../formats/bounded.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** The work between two yields of the thread. */
interface Work {
  /** Rows of a file. */
  rows: number
  /** Rows that D1 returned. */
  found: number
  /** Bytes that were made into text: of snapshots, plans, problems. */
  read: number
  /** Bytes that text was made into. */
  written: number
}

/** The bounds of the work between two yields, in every phase. */
const MOST: Work = { rows: BATCH_ROWS, found: 10_000, read: 500 * 1024, written: 1024 * 1024 }

/** Counts the work since the thread was last yielded, and keeps the most for each kind of step. */
class Turns {
  readonly most: Partial<Record<Step['step'], Work>> = {}
  /** How often each kind of step has yielded the thread. */
  readonly yields: Partial<Record<Step['step'], number>> = {}
  #step: Step['step'] | null = null
  #since: Work = { rows: 0, found: 0, read: 0, written: 0 }

  constructor(world: World) {
    const turns = this
    const wait = scheduler.wait.bind(scheduler)
    vi.spyOn(scheduler, 'wait').mockImplementation((...given) => {
      turns.#yielded()
      return wait(...given)
    })
    const take = Planner.prototype.take
    vi.spyOn(Planner.prototype, 'take').mockImplementation(function (this: Planner, batch) {
      turns.#add('rows', batch.cells.length)
      return take.call(this, batch)
    })
    const decode = TextDecoder.prototype.decode
    vi.spyOn(TextDecoder.prototype, 'decode').mockImplementation(function (this: TextDecoder, bytes, options) {
      turns.#add('read', bytes?.byteLength ?? 0)
      return decode.call(this, bytes, options)
    })
    const encode = TextEncoder.prototype.encode
    vi.spyOn(TextEncoder.prototype, 'encode').mockImplementation(function (this: TextEncoder, text) {
      const bytes = encode.call(this, text)
      turns.#add('written', bytes.length)
      return bytes
    })
    const session: Database = Object.getPrototypeOf(env.DB.withSession())
    const send = session._sendOrThrow
    vi.spyOn(session, '_sendOrThrow').mockImplementation(async function (this: Database, ...given) {
      const answer = await send.apply(this, given)
      for (const { results } of [answer].flat())
        turns.#add('found', 'rows' in results ? results.rows.length : results.length)
      return answer
    })
    const deliver = world.deliver.bind(world)
    world.deliver = async (step, ...given) => {
      turns.#yielded()
      turns.#step = step.step
      await deliver(step, ...given)
      turns.#step = null
    }
  }

  #yielded(): void {
    this.#since = { rows: 0, found: 0, read: 0, written: 0 }
    if (this.#step !== null) this.yields[this.#step] = (this.yields[this.#step] ?? 0) + 1
  }

  #add(what: keyof Work, amount: number): void {
    if (this.#step === null) return
    this.#since[what] += amount
    this.most[this.#step] ??= { rows: 0, found: 0, read: 0, written: 0 }
    const most = this.most[this.#step]
    if (most !== undefined) most[what] = Math.max(most[what], this.#since[what])
  }
}

interface Answer {
  results: unknown[] | { rows: unknown[] }
}

/** Fails for each phase that does more than the bounds between two yields. */
function insistOnTurns({ most }: Turns): void {
  for (const [step, work] of Object.entries(most))
    for (const what of keysOf(MOST)) expect.soft(work[what], `${step}: ${what}`).toBeLessThanOrEqual(MOST[what])
}

/** D1's binding sends every statement through one method. */
interface Database {
  _sendOrThrow(...given: unknown[]): Promise<Answer | Answer[]>
}

it('importing, holding, deciding and undoing large files yield the thread in every phase', async () => {
  const world = await World.start()
  const source = await world.source()
  const turns = new Turns(world)
  const people = crowd(11_000, { Groups: 'Everybody, Rope, Search' }).map((one, i) => ({
    ...one,
    Name: `Somebody with the name ${i}`,
    Number: `604${200 + Math.floor(i / 10_000)}${String(i % 10_000).padStart(4, '0')}`,
  }))
  const first = await world.import(source, csvOf(people))
  expect(first.counts?.added).toBe(11_000)
  expect(turns.most.plan?.rows).toBe(BATCH_ROWS)
  expect(turns.most.apply?.read).toBeGreaterThan(200_000)

  // Many stay, many come under new IDs and many are missing, so that the plan is divided, and holds people that were moved.
  const changed = people.slice(0, 3_000).map((one) => ({ ...one, Title: 'Searcher' }))
  const moved = people.slice(3_000, 7_000).map((one) => ({ ...one, ID: `Q${one.ID}` }))
  const held = await world.import(source, csvOf([...changed, ...moved, ...crowd(3_000, {}, 'N')]))
  expect(held.status).toBe('held')
  expect(held.rekeyed?.count).toBe(4_000)
  await world.api('POST', `/api/runs/${held.id}/approve`, {
    planHash: held.plan?.hash,
    parts: ['remove'],
    rekey: false,
  })
  await world.drain()

  // The same numbers under other IDs, and rows of one ID that are not next to each other.
  const other = await world.source({ name: 'Other', limits: { sameNumber: null } })
  const members = crowd(6_000, {}, 'R')
  const second = await world.import(other, csvOf([...people.slice(0, 6_000), ...members, ...members]))
  expect(second.counts).toMatchObject({ rows: 18_000, added: 12_000 })
  expect(second.counts?.warnings).toBeGreaterThan(6_000)

  const { id } = await world.api<{ id: string }>('POST', `/api/runs/${second.id}/undo`)
  await world.drain()
  expect((await world.run(id)).counts?.removed).toBe(12_000)
  // The plan of an undo is made in the step that fetches a file otherwise.
  expect(turns.most.fetch?.read).toBeGreaterThan(200_000)
  insistOnTurns(turns)
})

it('a file with thousands of problems yields the thread while its report is written', async () => {
  const world = await World.start()
  const source = await world.source({ limits: { errors: null } })
  const turns = new Turns(world)
  const rows = Array.from({ length: 6_000 }, (_, i) => ({ ID: `E${i}`, Number: 'none' }))
  const run = await world.import(source, csvOf([...crowd(10), ...rows]))
  expect(run.counts?.errors).toBe(6_000)
  expect(turns.most.plan?.rows).toBe(BATCH_ROWS)
  insistOnTurns(turns)
})
