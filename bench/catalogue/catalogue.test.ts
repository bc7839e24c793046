import { describe, expect, it } from 'vitest'
import { verdictOf } from './figures.ts'
import { type Case, type JudgedNight, judgeAccidents, judgeNights } from './judging.ts'

async function all<T>(given: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const one of given) list.push(one)
  return list
}

describe('the catalogue of accidents and ordinary nights', () => {
  let cases: Case[] = []
  let nights: JudgedNight[] = []

  it('the catalogue has at least 25 kinds of accidents, and each is over the floor of a limit in some list', async () => {
    cases = await all(judgeAccidents([25, 300], 1))
    const byAccident = Map.groupBy(cases, ({ accident }) => accident)
    expect(byAccident.size).toBeGreaterThanOrEqual(25)
    const small = [...byAccident].filter(([, own]) => own.every(({ outcome }) => outcome === 'small'))
    expect(small.map(([accident]) => accident)).toEqual([])
  }, 300_000)

  it('the catalogue gives the same figures for the same seed', async () => {
    nights = await all(judgeNights(60, 1))
    expect(await all(judgeNights(60, 1))).toEqual(nights)
  }, 300_000)

  it('the default limits stop and name nearly all accidents over a floor, and hardly any ordinary night', () => {
    const { accidents, stopped, stoppedNights } = verdictOf({ cases, nights })
    expect(accidents).toBeGreaterThan(100)
    expect(stopped / accidents).toBeGreaterThan(0.98)
    expect(stoppedNights).toBeLessThanOrEqual(1)
  })
})
