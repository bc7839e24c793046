import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemorySpill, RecordSorter, type SortedRecords } from './sorted-records.ts'

interface Entry {
  number: number
  text: string
  value: string
}

const entries = fc.array(
  fc.record({
    number: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
    // Any UTF-16 units, lone surrogates among them.
    text: fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      maxLength: 5,
    }),
    value: fc.string({ maxLength: 300 }),
  }),
  { maxLength: 60 },
)

function add(sorter: RecordSorter, { number, text, value }: Entry): void {
  sorter
    .begin(number, text)
    .text(value)
    .int(-1 - value.length)
    .float(value.length / 3)
}

async function read(sorted: SortedRecords): Promise<Entry[]> {
  const all: Entry[] = []
  do {
    while (sorted.next()) {
      const entry = { number: sorted.number, text: sorted.keyText, value: sorted.text() }
      expect([sorted.int(), sorted.float()]).toEqual([-1 - entry.value.length, entry.value.length / 3])
      all.push(entry)
    }
  } while (await sorted.more())
  return all
}

function inOrder(all: readonly Entry[]): Entry[] {
  return all.toSorted((a, b) => a.number - b.number || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
}

describe('RecordSorter', () => {
  it('returns records in the order of their keys, those with equal keys as they were added, whatever memory holds', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.integer({ min: 1, max: 2000 }), async (all, most) => {
        const spill = new MemorySpill(most)
        const sorter = new RecordSorter(spill)
        for (const entry of all) {
          add(sorter, entry)
          await sorter.flush()
        }
        expect(await read(sorter.sorted())).toEqual(inOrder(all))
        expect(spill.size).toBe(0)
      }),
    )
  })

  it('goes on with what another one saved', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.nat(60), fc.integer({ min: 1, max: 2000 }), async (all, at, most) => {
        const spill = new MemorySpill(most)
        let sorter = new RecordSorter(spill)
        for (const [i, entry] of all.entries()) {
          if (i === at) sorter = new RecordSorter(spill, sorter.save())
          add(sorter, entry)
          await sorter.flush()
        }
        expect(await read(sorter.sorted())).toEqual(inOrder(all))
      }),
    )
  })

  it('sorts by a text alone as JavaScript does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary', maxLength: 6 })), async (texts) => {
        const sorter = new RecordSorter(new MemorySpill(40))
        for (const text of texts) {
          sorter.beginText(text)
          await sorter.flush()
        }
        const sorted = sorter.sorted()
        const read: string[] = []
        do while (sorted.next()) read.push(sorted.keyText)
        while (await sorted.more())
        expect(read).toEqual(texts.toSorted())
      }),
    )
  })

  it('merges runs with records that are longer than a block', async () => {
    const sorter = new RecordSorter(new MemorySpill(1))
    const long = 'é'.repeat(300_000)
    for (const number of [3, 1, 2]) {
      add(sorter, { number, text: '', value: `${number} ${long}` })
      await sorter.flush()
    }
    const all = await read(sorter.sorted())
    expect(all.map(({ value }) => value)).toEqual([`1 ${long}`, `2 ${long}`, `3 ${long}`])
  })

  it.each([
    [1, 2, 524_288],
    [6, 5, 131_072],
  ])('merges runs of 600 KB: of %i, each is read in %i parts of at most %i bytes', async (runs, parts, most) => {
    const spill = new MemorySpill(1)
    const lengths: number[] = []
    const sorter = new RecordSorter({
      most: 1,
      write: (run) => spill.write(run),
      remove: (names) => spill.remove(names),
      read: (name, from, length) => {
        lengths.push(length)
        return spill.read(name, from, length)
      },
    })
    for (let number = 0; number < runs; number++) {
      for (let nth = 0; nth < 600; nth++) add(sorter, { number, text: '', value: 'x'.repeat(980) })
      await sorter.flush()
    }
    expect(await read(sorter.sorted())).toHaveLength(600 * runs)
    expect(lengths).toHaveLength(parts * runs)
    expect(Math.max(...lengths)).toBe(most)
  })
})
