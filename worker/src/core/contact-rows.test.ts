import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findColumns } from './columns.ts'
import { ContactRows, type RowsOfContact } from './contact-rows.ts'
import { KnownContacts } from './known.ts'
import type { Row } from './row.ts'
import { MemorySpill } from './sorted-records.ts'

const COLUMNS = findColumns(
  [{ number: 1, cells: ['ID', 'Name'] }],
  [
    { column: 'ID', to: 'id' },
    { column: 'Name', to: 'name' },
  ],
  { numberRequired: false },
)
/** The longest contact, in characters and separators. */
const CONTACT_SIZE = 262_144

type Found = Pick<RowsOfContact, 'id' | 'rows' | 'tooLarge'>

/** Reads the rows twice: the second time with what the first has found out of rows that are not next to each other. */
async function read(rows: readonly Row[], most: number): Promise<{ adjacent: Found[]; gathered: Found[] }> {
  let known = new KnownContacts()
  for (;;) {
    const adjacent: Found[] = []
    const spill = new MemorySpill(most)
    const contacts = new ContactRows(known, COLUMNS, true, spill, {
      contact: ({ id, rows, tooLarge }) => adjacent.push({ id, rows, tooLarge }),
      refused: () => undefined,
    })
    for (const { number, cells } of rows) {
      contacts.take(number, cells)
      await contacts.flush()
    }
    contacts.end()
    if (contacts.scattered) {
      const next = new KnownContacts()
      next.takeScattered(known.scatteredIds())
      known = next
      continue
    }
    const gathered: Found[] = []
    for await (const { id, rows, tooLarge } of contacts.gathered()) gathered.push({ id, rows, tooLarge })
    expect(spill.size).toBe(0)
    return { adjacent, gathered }
  }
}

/** Gathers rows with everything in memory. */
function gatherSlowly(rows: readonly Row[]): Found[] {
  const groups: { id: string; rows: Row[] }[] = []
  for (const row of rows) {
    const last = groups.at(-1)
    const id = row.cells[0] ?? ''
    if (last?.id === id) last.rows.push(row)
    else groups.push({ id, rows: [row] })
  }
  const all = new Map<string, { rows: Row[]; size: number; groups: number }>()
  const sizeOf = (of: readonly Row[]) => of.reduce((sum, { cells }) => sum + cells.length + cells.join('').length, 0)
  for (const { id, rows: more } of groups) {
    const known = all.get(id)
    // Of adjacent rows that are too large, two are kept.
    const kept = sizeOf(more) > CONTACT_SIZE && more.length > 1 ? more.slice(0, 2) : more
    if (known === undefined) all.set(id, { rows: [...kept], size: sizeOf(more), groups: 1 })
    else {
      known.size += sizeOf(more)
      known.groups++
      if (known.size <= CONTACT_SIZE) known.rows.push(...kept)
    }
  }
  return [...all]
    .filter(([, one]) => one.groups > 1)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, one]) => ({ id, rows: one.rows, tooLarge: one.size > CONTACT_SIZE }))
}

const name = fc.oneof(
  { weight: 20, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 50_000, max: 150_000 }).map((length) => 'é'.repeat(length)) },
)
const rows = fc
  .array(fc.tuple(fc.constantFrom('a1', 'a2', 'a10', 'B4', '0', 'é1', '\u{1f600}1', '\uff001'), name), {
    maxLength: 30,
  })
  .map((all) => all.map(([id, text], i): Row => ({ number: i + 2, cells: [id, text] })))

describe('rows of one ID that are not next to each other', () => {
  it('are gathered as with everything in memory, in the order of the IDs, however little fits there', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 2000 }), async (all, most) => {
        const { adjacent, gathered } = await read(all, most)
        const ought = gatherSlowly(all)
        expect(gathered).toEqual(ought)
        const apart = new Set(ought.map(({ id }) => id))
        expect(adjacent.flatMap(({ id }) => (apart.has(id) ? [id] : []))).toEqual([])
        expect(new Set(adjacent.map(({ id }) => id)).size + apart.size).toBe(
          new Set(all.map(({ cells }) => cells[0])).size,
        )
      }),
    )
  })
})
