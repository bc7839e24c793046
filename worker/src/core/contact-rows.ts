import type { Columns } from './columns.ts'
import type { KnownContacts } from './known.ts'
import type { ReportRow } from './plan-contract.ts'
import type { ProblemCode } from './problem.ts'
import { cellAt, labelAt, nameInRow, type Row, textAt } from './row.ts'
import { isExampleRow } from './template.ts'
import { readId } from './values/id.ts'

/** Two different IDs have the same digest. The pass must be repeated with another seed. */
export class DigestCollision extends Error {}

/** The longest contact, in characters over all its rows (design: Files). */
const CONTACT_SIZE = 262_144
/** All rows of one ID, and the ID's slot in `known`. */
export interface RowsOfContact {
  id: string
  slot: number
  rows: Row[]
  /** Whether a rule leaves out all of the rows, so that the file does not have the contact. */
  leftOut: boolean
  /** Whether the rows are larger than a contact may be. Then `rows` does not hold all of them. */
  tooLarge: boolean
}

/** Receives the contacts and the refused rows of a file. */
interface Takers {
  contact(rows: RowsOfContact): void
  /** Called for a row whose ID cannot be read. */
  refused(report: ReportRow): void
}

/**
 * Groups a file's rows by contact. Adjacent rows of one ID are passed on at once. If a pass discovers that the rows of
 * an ID are not adjacent, it passes on none of them; the next pass knows of it and gathers them.
 */
export class ContactRows {
  readonly #known: KnownContacts
  readonly #columns: Columns
  readonly #records: boolean
  readonly #takers: Takers
  readonly #width: number
  /** Whether rows can be left out by a rule. */
  readonly #ruled: boolean
  readonly #gathered = new Map<string, { rows: Row[]; size: number }>()
  #current: { id: string; rows: Row[]; size: number } | null = null
  /** Whether rows of one ID were found not to be adjacent, so that another pass is needed. */
  scattered = false
  /** The number of rows that are not blank. */
  count = 0

  /** `records`: each row is a record, so that a blank one is an error and not a gap between rows. */
  constructor(known: KnownContacts, columns: Columns, records: boolean, takers: Takers) {
    this.#known = known
    this.#columns = columns
    this.#records = records
    this.#width = columns.header.length
    this.#ruled = columns.rows.length > 0
    this.#takers = takers
  }

  take(number: number, cells: readonly string[]): void {
    const columns = this.#columns
    if (number <= columns.headerRow) return
    const { id: at } = columns
    const cell = at < this.#width ? cellAt(cells, at) : textAt(cells, at, columns)
    // Most IDs are plain ASCII with a digit. Only other IDs need a closer look.
    let id = cell
    if (!PLAIN_ID.test(cell)) {
      if (!this.#records && cells.every((text) => text.trim() === '')) return
      const read = readId(cell)
      if (read.kind !== 'value') {
        this.count++
        const [{ code, message }] = read.findings
        this.#takers.refused(refusedRow({ number, cells }, null, columns, code, message))
        return
      }
      id = read.value
    }
    if (columns.template && number === columns.headerRow + 1 && isExampleRow(columns.header, cells)) return
    this.count++
    this.#add(id, { number, cells })
  }

  /** Takes a row that a rule leaves out and that opts its person out. It is not counted, and names nobody without an ID. */
  takeLeftOut(number: number, cells: readonly string[]): void {
    const id = readId(textAt(cells, this.#columns.id, this.#columns))
    if (id.kind === 'value') this.#add(id.value, { number, cells, leftOut: true })
  }

  #add(id: string, row: Row): void {
    const { cells } = row
    // The separator of each cell counts as well, so that very many nearly empty rows make a contact too large.
    let size = cells.length
    for (const text of cells) size += text.length
    if (this.#current !== null && this.#current.id === id) {
      this.#current.rows.push(row)
      this.#current.size += size
      if (this.#current.size > CONTACT_SIZE) this.#current.rows.length = Math.min(this.#current.rows.length, 2)
      return
    }
    this.end()
    this.#current = { id, rows: [row], size }
  }

  /** Passes on the last adjacent rows of one ID. Must be called at the end of the file. */
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
    } else if (known.seen(slot) || known.isLeftOut(slot)) {
      known.markScattered(slot)
      this.scattered = true
    } else this.#takers.contact(this.#contactOf(id, slot, rows, size))
  }

  /** Yields the contacts whose rows are not adjacent, in the order of their IDs. Throws `DigestCollision`. */
  *gathered(): Generator<RowsOfContact> {
    const slots = new Set<number>()
    for (const [id, { rows, size }] of [...this.#gathered].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const slot = this.#known.find(id)
      if (slots.has(slot)) throw new DigestCollision()
      slots.add(slot)
      yield this.#contactOf(id, slot, rows, size)
    }
  }

  #contactOf(id: string, slot: number, rows: Row[], size: number): RowsOfContact {
    const tooLarge = size > CONTACT_SIZE
    // Not all rows of a contact that is too large are kept, so that some may not be left out.
    const leftOut = this.#ruled && !tooLarge && rows.every((row) => row.leftOut === true)
    if (leftOut) this.#known.leaveOut(slot)
    else this.#known.markSeen(slot)
    return { id, slot, rows, leftOut, tooLarge }
  }

  #gather({ id, rows, size }: { id: string; rows: Row[]; size: number }): void {
    const gathered = this.#gathered.get(id)
    if (gathered === undefined) {
      this.#gathered.set(id, { rows, size })
      return
    }
    gathered.size += size
    if (gathered.size <= CONTACT_SIZE) for (const row of rows) gathered.rows.push(row)
  }
}

/** Matches IDs that need no further check: no placeholder such as `n/a` and no Excel error value has this form. */
export const PLAIN_ID = /^[A-Za-z]*[0-9][\x21-\x7e]*$/

/** Returns the report of a row that is left out because of its ID. `id`: null if the ID cannot be read. */
export function refusedRow(
  row: Row,
  id: string | null,
  columns: Columns,
  code: ProblemCode,
  message: string,
): ReportRow {
  const { number, cells } = row
  const value = textAt(cells, columns.id, columns)
  const column = labelAt(columns.id, columns)
  const problem = {
    row: number,
    id,
    name: nameInRow(row, columns),
    column,
    code,
    message,
    value: value === '' ? null : value.slice(0, 200),
  }
  return { row: number, cells, problems: [{ ...problem, severity: 'error' }] }
}
