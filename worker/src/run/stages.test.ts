import { afterEach, describe, expect, it, vi } from 'vitest'
import { findRun } from '../store/runs.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { crowd, csvOf, type Person, shuffled } from '../testing/roster.ts'
import { points } from '../testing/sample.ts'
import { importDyingAt } from '../testing/surviving.ts'
import { FIRST, NO_LIMITS, SECOND } from '../testing/versions.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

/** Returns what a preview of a file shows, and how many messages planned it. */
async function preview(muster: InMemoryMuster, source: string, file: string) {
  const { sent } = muster
  const before = sent.length
  const { id } = await muster.import(source, file, 'preview')
  const run = await findRun(muster.env, id)
  const { items } = await muster.api<{ items: unknown[] }>('GET', `/api/runs/${id}/problems?limit=500`)
  const { hash, sections, newGroups, somebodyElse } = run?.plan ?? {}
  return {
    shown: {
      ...{ status: run?.status, failure: run?.failure, counts: run?.counts, hold: run?.hold },
      ...{ problems: items, hash, newGroups, somebodyElse },
      sections: sections?.map(({ part, sha256, changes, shown, statuses }) => ({
        part,
        sha256,
        changes,
        shown,
        statuses,
      })),
    },
    messages: sent.slice(before).filter(({ step }) => step === 'plan').length,
  }
}

const files: [string, string][] = [
  ['with every kind of change', csvOf(SECOND)],
  ['in another order', csvOf(shuffled(SECOND, 3))],
  [
    'with shared numbers and new IDs for the same people',
    csvOf([
      ...FIRST.slice(0, 4).map((one): Person => ({ ...one, ID: `new-${one.ID}` })),
      ...crowd(6, { Number: '6045550199', 'Number Type': 'mobile' }),
      ...FIRST.slice(4),
    ]),
  ],
  ['without its last line break and with a note below', `${csvOf(SECOND)}Total: 15 people\r\n`],
]

afterEach(() => void vi.useRealTimers())

describe('a plan that is made in stages', () => {
  it.each(files)('the plan of a file %s is the same wherever it pauses', async (_, file) => {
    const muster = await InMemoryMuster.start()
    muster.env.PLAN_CHUNK = 300
    const source = await muster.source({ limits: { ...NO_LIMITS, removed: { percent: 0, atLeast: 1 } } })
    await muster.import(source, csvOf(FIRST))
    const atOnce = await preview(muster, source, file)
    expect(atOnce.shown).toMatchObject({ status: 'previewed', failure: null })
    for (const rows of [1, 2, 3, 4, 7, 11]) {
      muster.env.STAGE = { rows }
      const staged = await preview(muster, source, file)
      expect(staged.shown, `every ${rows} rows`).toEqual(atOnce.shown)
      expect(staged.messages).toBeGreaterThan(atOnce.messages)
    }
  })

  it('an import in stages that crashes at any call has the outcome of one in one go', async () => {
    // The sweeper sends a lost message only after some time.
    vi.useFakeTimers({ toFake: ['Date'] })
    const muster = await InMemoryMuster.start()
    const source = await muster.source({ limits: NO_LIMITS })
    const exported = async () => (await muster.request('GET', '/api/contacts.csv')).text()
    await muster.import(source, csvOf(FIRST))
    const ofFirst = await exported()
    const second = await muster.import(source, csvOf(SECOND))
    const ofSecond = await exported()
    await muster.import(source, csvOf(FIRST))
    muster.env.STAGE = { rows: 7 }
    let calls = 0
    for (const call of points()) {
      calls = call
      const run = await importDyingAt(muster, source, csvOf(SECOND), call, call % 2 === 0 ? 'lost' : 'redelivered')
      if (run === null) break
      expect(run.counts, String(call)).toEqual(second.counts)
      expect(await exported(), String(call)).toBe(ofSecond)
      await muster.import(source, csvOf(FIRST))
      expect(await exported()).toBe(ofFirst)
    }
    expect(calls).toBeGreaterThan(60)
  })

  it('a message of planning makes no more queries than it may, and the plan is the same', async () => {
    const muster = await InMemoryMuster.start()
    const source = await muster.source({ limits: NO_LIMITS })
    await muster.import(source, csvOf(crowd(6000)))
    const file = csvOf(crowd(6000, { Title: 'Lead' }))
    const atOnce = await preview(muster, source, file)
    expect(atOnce.shown.counts).toMatchObject({ updated: 6000 })
    muster.env.STAGE = { queries: 90 }
    muster.remote = file
    const { id } = await muster.api<{ id: string }>('POST', `/api/sources/${source}/runs`, { mode: 'preview' })
    const queries: number[] = []
    for (let next = muster.messages.shift(); next !== undefined; next = muster.messages.shift()) {
      const { queries: before } = muster.faults
      await muster.deliver(next.step)
      if (next.step.step === 'plan') queries.push(muster.faults.queries - before)
    }
    expect((await findRun(muster.env, id))?.plan?.hash).toBe(atOnce.shown.hash)
    expect(queries.length).toBeGreaterThan(1)
    expect(Math.max(...queries)).toBeLessThanOrEqual(90)
  })
})
