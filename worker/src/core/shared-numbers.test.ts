import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ContactNumber, detailsWith } from './contact.ts'
import { type Holder, NumberSharing, type Place, type SharedCell } from './shared-numbers.ts'
import { MemorySpill } from './sorted-records.ts'

interface Person {
  id: string
  had: readonly string[] | null
  mobiles: readonly string[]
  /** The number of places in the rows that have problems of their own, and in the others. */
  places: readonly (Place & { number: string })[]
  reported: readonly number[]
}

const number = fc.integer({ min: 0, max: 6 }).map((n) => `+1604555010${n}`)
const numbers = fc.uniqueArray(number, { maxLength: 3 })
const people = fc
  .array(
    fc.record({ had: fc.option(numbers), mobiles: numbers, rows: fc.integer({ min: 1, max: 3 }), index: fc.nat(2) }),
  )
  .map((all) => {
    let row = 1
    return all.map(({ had, mobiles, rows, index }, i): Person => {
      const first = row + 1
      row += rows
      const places = mobiles.flatMap((one, nth) =>
        Array.from({ length: rows }, (_, n) => ({ number: one, row: first + n, index: (index + nth) % 3 })),
      )
      return { id: `p${i}`, had, mobiles, places, reported: i % 4 === 0 ? [first] : [] }
    })
  })
const holders = fc.array(
  fc.record({ number, id: fc.nat(30).map((n) => `p${n}`), owner: fc.constantFrom('source', 'hand', 'other') }),
)

function mobile(text: string): ContactNumber {
  return { number: text, type: 'mobile', description: null, extension: null }
}

/** Finds the shared numbers with everything in memory. */
function shareSlowly(all: readonly Person[], held: readonly Holder[]) {
  const ids = new Map<string, Set<string>>()
  const has = (one: string, id: string) => ids.set(one, (ids.get(one) ?? new Set()).add(id))
  for (const { id, mobiles } of all) for (const one of mobiles) has(one, id)
  for (const { id, number: one } of held) if (ids.has(one)) has(one, id)
  const rows = new Map<number, SharedCell[]>()
  const gains = new Map<string, number>()
  for (const { id, had, mobiles, places } of all) {
    for (const one of mobiles) {
      const others = [...(ids.get(one) ?? [])].sort()
      if (others.length < 2) continue
      if (had?.includes(one) !== true) gains.set(one, (gains.get(one) ?? 0) + 1)
      const other = others.find((otherId) => otherId !== id) ?? ''
      for (const place of places) {
        if (place.number !== one) continue
        rows.set(place.row, [...(rows.get(place.row) ?? []), { number: one, id, other, index: place.index }])
      }
    }
  }
  const reported = new Set(all.flatMap((person) => person.reported))
  const inOrder = [...rows].sort(([one], [other]) => one - other)
  return { rows: inOrder.map(([row, cells]) => ({ row, cells, reported: reported.has(row) })), gains }
}

async function share(all: readonly Person[], held: readonly Holder[], most: number, at = -1) {
  const spill = new MemorySpill(most)
  let sharing = new NumberSharing(spill)
  for (const [i, { id, had, mobiles, places, reported }] of all.entries()) {
    if (i === at) sharing = new NumberSharing(spill, sharing.save())
    const before = had === null ? null : detailsWith({ numbers: had.map(mobile) })
    sharing.add(id, before, detailsWith({ name: `Name ${id}`, numbers: mobiles.map(mobile) }), {
      problems: reported.map((row) => ({ row })),
      placesOf: (one) => places.filter((place) => place.number === one),
    })
    await sharing.flush()
  }
  const asked: string[] = []
  const { gains, rows } = await sharing.match(async (wanted) => {
    asked.push(...wanted)
    return held.filter((one) => wanted.includes(one.number))
  })
  const found: { row: number; cells: SharedCell[]; reported: boolean }[] = []
  for (let row = await rows?.next(); rows !== null && row != null; row = await rows.next()) {
    found.push({ row, ...(await rows.take()) })
  }
  expect(spill.size).toBe(0)
  return { gains, added: rows?.added ?? 0, rows: found, asked }
}

describe('shared mobile numbers', () => {
  it('are the same as with everything in memory, however little of it fits there', async () => {
    await fc.assert(
      fc.asyncProperty(people, holders, fc.integer({ min: 1, max: 600 }), fc.nat(10), async (all, held, most, at) => {
        const ought = shareSlowly(all, held)
        const { gains, added, rows, asked } = await share(all, held, most, at)
        expect(rows).toEqual(ought.rows)
        expect(added).toBe(ought.rows.filter(({ reported }) => !reported).length)
        const most10 = [...ought.gains].sort(([one, n], [other, m]) => m - n || (one < other ? -1 : 1)).slice(0, 10)
        expect(new Map(gains.most.map(({ number: one, found }) => [one, found.count]))).toEqual(new Map(most10))
        expect([...gains.numbers.values()].reduce((sum, n) => sum + n, 0)).toBe(ought.gains.size)
        // The directory is asked once for each number, in order.
        expect(asked).toEqual([...new Set(all.flatMap(({ mobiles }) => mobiles))].sort())
      }),
    )
  })

  it('a number of very many contacts is compared in parts, and each names the lowest other ID', async () => {
    const all = Array.from({ length: 12_000 }, (_, i): Person => {
      const id = `p${String(i).padStart(5, '0')}-${'x'.repeat(40)}`
      return {
        id,
        had: null,
        mobiles: ['+16045550100'],
        places: [{ number: '+16045550100', row: i + 2, index: 4 }],
        reported: [],
      }
    })
    const { gains, added, rows } = await share(all, [{ number: '+16045550100', id: 'a', owner: 'other' }], 100_000)
    expect([gains.most[0]?.found.count, added, rows.length]).toEqual([12_000, 12_000, 12_000])
    expect(new Set(rows.flatMap(({ cells }) => cells.map(({ other }) => other)))).toEqual(new Set(['a']))
    expect(gains.most[0]?.found.examples).toHaveLength(5)
  })

  it('a contact of another source with the same ID is the same person, so that its number is not shared', async () => {
    const one: Person = { id: 'a', had: null, mobiles: ['+16045550100'], places: [], reported: [] }
    const same = await share([one], [{ number: '+16045550100', id: 'a', owner: 'other' }], 1000)
    expect([same.gains.most, same.rows]).toEqual([[], []])
  })
})
