import type { Columns } from './columns.ts'
import type { KnownContacts } from './known.ts'
import type { ReportRow } from './plan-contract.ts'
import type { ProblemCode } from './problem.ts'
import { nameInRow, type Row } from './row.ts'
import { isExampleRow } from './template.ts'
import { readId } from './values/id.ts'

/** Two different IDs have one digest: the pass must be made again with digests of another seed. */
export class DigestCollision extends Error {}

/** The longest contact, in characters over all its rows (design: Files). */
const CONTACT_SIZE = 262_144
/** All rows of one ID, and the slot that `known` has for it. */
interface RowsOfContact {
  id: string
  slot: number
  rows: Row[]
  /** Whether they hold more than a contact may; then not all rows are given. */
  tooLarge: boolean
}

/** Who takes what comes of the rows. */
interface Takers {
  contact(rows: RowsOfContact): void
  /** A row whose ID cannot be read. */
  refused(report: ReportRow): void
}

/**
 * Turns a file's rows into contacts' rows. Rows of one ID that stand together are given at once; of an ID whose rows
 * stand apart nothing is given in the pass that finds it out, and in the next, which knows, they are gathered.
 */
export class ContactRows {
  readonly #known: KnownContacts
  readonly #columns: Columns
  readonly #takers: Takers
  readonly #gathered = new Map<string, { rows: Row[]; size: number }>()
  #current: { id: string; rows: Row[]; size: number } | null = null
  /** Whether rows of one ID were found to stand apart, so that another pass is needed. */
  scattered = false
  /** How many rows there were that say something. */
  count = 0

  constructor(known: KnownContacts, columns: Columns, takers: Takers) {
    this.#known = known
    this.#columns = columns
    this.#takers = takers
  }

  take(number: number, cells: readonly string[]): void {
    const columns = this.#columns
    if (number <= columns.headerRow) return
    const cell = cells[columns.id] ?? ''
    // Most IDs are plain ASCII with a digit; only the others need looking at.
    let id = cell
    if (!PLAIN.test(cell)) {
      if (cells.every((text) => text.trim() === '')) return
      const read = readId(cell)
      if (read.kind !== 'value') {
        this.count++
        const [{ code, message }] = read.findings
        this.#takers.refused(refusedRow({ number, cells }, columns, code, message))
        return
      }
      id = read.value
    }
    if (columns.template && number === columns.headerRow + 1 && isExampleRow(columns.header, cells)) return
    this.count++
    let size = 0
    for (const text of cells) size += text.length
    if (this.#current !== null && this.#current.id === id) {
      this.#current.rows.push({ number, cells })
      this.#current.size += size
      if (this.#current.size > CONTACT_SIZE) this.#current.rows.length = Math.min(this.#current.rows.length, 2)
      return
    }
    this.end()
    this.#current = { id, rows: [{ number, cells }], size }
  }

  /** The rows of one ID that stand together have all been seen; to be called at the end of the file. */
  end(): void {
    const current = this.#current
    if (current === null) return
    this.#current = null
    const { id, rows, size } = current
    const known = this.#known
    let slot = known.find(id)
    if (slot === -1) slot = known.add(id, 0)
    if (known.scattered(slot)) {
      this.#gather(current)
    } else if (known.seen(slot)) {
      known.markScattered(slot)
      this.scattered = true
    } else {
      known.markSeen(slot)
      this.#takers.contact({ id, slot, rows, tooLarge: size > CONTACT_SIZE })
    }
  }

  /** The contacts whose rows stand apart, in the order of their IDs. Throws `DigestCollision`. */
  *gathered(): Generator<RowsOfContact> {
    const slots = new Set<number>()
    for (const [id, { rows, size }] of [...this.#gathered].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const slot = this.#known.find(id)
      if (slots.has(slot)) throw new DigestCollision()
      slots.add(slot)
      this.#known.markSeen(slot)
      yield { id, slot, rows, tooLarge: size > CONTACT_SIZE }
    }
  }

  #gather({ id, rows, size }: { id: string; rows: Row[]; size: number }): void {
    const gathered = this.#gathered.get(id)
    if (gathered === undefined) {
      this.#gathered.set(id, { rows, size })
      return
    }
    gathered.size += size
    if (gathered.size <= CONTACT_SIZE) gathered.rows.push(...rows)
  }
}

/** No placeholder such as `n/a` and no error value of Excel's looks like this. */
const PLAIN = /^[A-Za-z]*[0-9][\x21-\x7e]*$/

/** A row that is left out for what its ID is, as the report shows it. */
export function refusedRow(row: Row, columns: Columns, code: ProblemCode, message: string): ReportRow {
  const { number, cells } = row
  const value = cells[columns.id] ?? ''
  const column = columns.header[columns.id]?.trim() ?? null
  const problem = {
    row: number,
    id: null,
    name: nameInRow(row, columns),
    column,
    code,
    message,
    value: value === '' ? null : value.slice(0, 200),
  }
  return { row: number, cells, problems: [{ ...problem, severity: 'error' }] }
}
