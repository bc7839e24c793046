import type { Columns } from './columns.ts'
import type { KnownContacts } from './known.ts'
import type { ReportRow } from './plan-contract.ts'
import type { ProblemCode } from './problem.ts'
import { cellAt, labelAt, nameInRow, type Row, textAt } from './row.ts'
import { RecordSorter, type SavedRecords, type SortedRecords, type Spill } from './sorted-records.ts'
import { EXAMPLE_ID, isExampleRow } from './template.ts'
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

/** Rows of one ID. `size`: how many characters they hold, whether or not all of them are kept. */
interface Gathered {
  id: string
  rows: Row[]
  size: number
}

/** Receives the contacts and the refused rows of a file. */
interface Takers {
  contact(rows: RowsOfContact): void
  /** Called for a row whose ID cannot be read. */
  refused(report: ReportRow): void
}

/** What another message needs to go on. */
export interface SavedRows {
  gathered: SavedRecords
  current: Gathered | null
  scattered: boolean
  count: number
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
  /** Rows of IDs that are not adjacent, sorted by ID. */
  readonly #gathered: RecordSorter
  #current: Gathered | null
  /** Whether rows of one ID were found not to be adjacent, so that another pass is needed. */
  scattered: boolean
  /** The number of rows that are not blank. */
  count: number

  /**
   * `records`: each row is a record, so that a blank one is an error and not a gap between rows. `saved`: what an earlier
   * message saved.
   */
  constructor(
    known: KnownContacts,
    columns: Columns,
    records: boolean,
    spill: Spill,
    takers: Takers,
    saved?: SavedRows,
  ) {
    this.#current = saved?.current ?? null
    this.scattered = saved?.scattered ?? false
    this.count = saved?.count ?? 0
    this.#known = known
    this.#columns = columns
    this.#records = records
    this.#width = columns.header.length
    this.#ruled = columns.rows.length > 0
    this.#takers = takers
    this.#gathered = new RecordSorter(spill, saved?.gathered)
  }

  /** Returns what another message needs to go on. */
  save(): SavedRows {
    return { gathered: this.#gathered.save(), current: this.#current, scattered: this.scattered, count: this.count }
  }

  take(number: number, cells: readonly string[]): void {
    const columns = this.#columns
    if (number <= columns.headerRow) return
    const { id: at } = columns
    const cell = at < this.#width ? cellAt(cells, at) : textAt(cells, at, columns)
    // Most IDs are plain ASCII with a digit. Only other IDs need a closer look.
    let id = cell
    if (!isPlainId(cell)) {
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
    if (columns.template && id === EXAMPLE_ID && isExampleRow(columns.header, cells)) return
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
    const slot = known.findOrAdd(id)
    if (known.scattered(slot)) {
      gather(current, this.#gathered)
    } else if (known.seen(slot) || known.isLeftOut(slot)) {
      known.markScattered(slot)
      this.scattered = true
    } else this.#takers.contact(this.#contactOf(id, slot, rows, size))
  }

  /** Moves gathered rows out of memory if there are too many. */
  flush(): Promise<void> {
    return this.#gathered.flush()
  }

  /** Yields the contacts whose rows are not adjacent, in the order of their IDs. Throws `DigestCollision`. */
  async *gathered(): AsyncGenerator<RowsOfContact> {
    if (this.#gathered.isEmpty) return
    let current: Gathered | null = null
    const records = this.#gathered.sorted()
    do {
      while (records.next()) {
        const more = gatheredIn(records)
        if (current?.id === more.id) {
          current.size += more.size
          if (current.size <= CONTACT_SIZE) for (const row of more.rows) current.rows.push(row)
          continue
        }
        if (current !== null) yield this.#gatheredContact(current)
        current = more
      }
    } while (await records.more())
    if (current !== null) yield this.#gatheredContact(current)
  }

  #gatheredContact({ id, rows, size }: Gathered): RowsOfContact {
    const known = this.#known
    const slot = known.find(id)
    if (known.seen(slot) || known.isLeftOut(slot)) throw new DigestCollision()
    return this.#contactOf(id, slot, rows, size)
  }

  #contactOf(id: string, slot: number, rows: Row[], size: number): RowsOfContact {
    const tooLarge = size > CONTACT_SIZE
    // Not all rows of a contact that is too large are kept, so that some may not be left out.
    const leftOut = this.#ruled && !tooLarge && rows.every((row) => row.leftOut === true)
    if (leftOut) this.#known.leaveOut(slot)
    else this.#known.markSeen(slot)
    return { id, slot, rows, leftOut, tooLarge }
  }
}

/** Adds rows of one ID that are next to each other to those that are gathered. */
function gather({ id, rows, size }: Gathered, gathered: RecordSorter): void {
  gathered.beginText(id).float(size).int(rows.length)
  for (const { number, cells, leftOut } of rows) {
    gathered
      .int(number)
      .int(leftOut === true ? 1 : 0)
      .int(cells.length)
    for (const cell of cells) gathered.int(cell.length)
    gathered.text(cells.join(''))
  }
}

/** Reads what `gather` added. */
function gatheredIn(records: SortedRecords): Gathered {
  const id = records.keyText
  const size = records.float()
  const rows = Array.from({ length: records.int() }, (): Row => {
    const number = records.int()
    const isLeftOut = records.int() === 1
    const lengths = Array.from({ length: records.int() }, () => records.int())
    const text = records.text()
    let end = 0
    const cells = lengths.map((length) => {
      end += length
      return text.slice(end - length, end)
    })
    return isLeftOut ? { number, cells, leftOut: true } : { number, cells }
  })
  return { id, rows, size }
}

/**
 * Returns whether an ID needs no further check: letters of ASCII, a digit, and then any visible characters of ASCII. No
 * placeholder such as `n/a` and no Excel error value has this form. It is asked twice for each row of a file.
 */
export function isPlainId(cell: string): boolean {
  const { length } = cell
  let at = 0
  while (at < length && isLetter(cell.charCodeAt(at))) at++
  const digit = at < length ? cell.charCodeAt(at) : 0
  if (digit < 0x30 || digit > 0x39) return false
  for (at++; at < length; at++) {
    const code = cell.charCodeAt(at)
    if (code < 0x21 || code > 0x7e) return false
  }
  return true
}

function isLetter(code: number): boolean {
  const small = code | 0x20
  return small >= 0x61 && small <= 0x7a
}

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
