import type { Columns } from './columns.ts'
import { isPlainId } from './contact-rows.ts'
import type { EndOfFile } from './file-end.ts'
import type { KnownContacts } from './known.ts'
import { NobodyRows } from './nobody.ts'
import { CutOffCheck, type RowLengths } from './ragged.ts'
import { cellAt, cellsBehind, type Row, textAt } from './row.ts'
import type { RowRules } from './row-rules.ts'
import { readId } from './values/id.ts'
import { trimInvisible } from './values/text.ts'

/** The most rows below a table that are held back. More of them are no notes. */
const MOST_BELOW = 100
/** A note has several words, or a mark that no ID has. */
const NOTE = /\s|[:;!?©(){}<>]/u
/** Three words, or such a mark, are no ID. */
const TEXT = /\S\s+\S+\s+\S|[:;!?©(){}<>]/u
/** A note in a column of names must have one of these, so that a name alone is no note. */
const UNLIKE_NAME = /[\d:;!?©(){}<>/]|.{60}/u

/** Receives the rows of a file. */
interface Takers {
  /** Called for a row that belongs to a contact, or should. */
  row(number: number, cells: readonly string[]): void
  /** Called for a row that a rule of the source leaves out and that opts its person out. */
  optOut(number: number, cells: readonly string[]): void
  /** Called for a note below the table: no contact, but it may hold the number or e-mail of one. */
  note(cells: readonly string[]): void
}

/** What the rows of a table are read by. `lengths`: null if they need not be as long as the header. */
interface TableOf {
  columns: Columns
  records: boolean
  known: KnownContacts
  lengths: RowLengths | null
  end: EndOfFile
  /** Null if the source has no rules for rows. */
  rules: RowRules | null
}

type RowBelow = Row & { isNote: boolean }

/** What another message needs to go on. */
export interface SavedTable {
  below: readonly RowBelow[]
  tooMany: boolean
  rows: number
  leftOut: number
  ruledOut: number
  shortest: number | null
}

/**
 * Tells the rows of the table from the rows that are nobody (design: Rows that are nobody). A row with one cell is a
 * note if it is below the table: no other row follows it, or the header comes again. So it is held back until then.
 */
export class TableRows {
  readonly #columns: Columns
  readonly #known: KnownContacts
  readonly #records: boolean
  readonly #lengths: RowLengths | null
  readonly #end: EndOfFile
  readonly #takers: Takers
  readonly #nobody: NobodyRows
  readonly #cutOff: CutOffCheck
  readonly #rules: RowRules | null
  readonly #ids: readonly number[]
  readonly #names: ReadonlySet<number>
  /** The rows since the last row of the table, without those that are nobody wherever they are. */
  #below: RowBelow[]
  #tooMany: boolean
  /** How many rows the table has so far. */
  #rows: number
  /** How many rows are nobody, or left out by a rule. */
  leftOut: number
  /** How many of them a rule leaves out. */
  ruledOut: number

  /** `saved`: what an earlier message saved. */
  constructor({ columns, records, known, lengths, end, rules }: TableOf, takers: Takers, saved?: SavedTable) {
    this.#below = [...(saved?.below ?? [])]
    this.#tooMany = saved?.tooMany ?? false
    this.#rows = saved?.rows ?? 0
    this.leftOut = saved?.leftOut ?? 0
    this.ruledOut = saved?.ruledOut ?? 0
    this.#columns = columns
    this.#records = records
    this.#end = end
    this.#known = known
    this.#lengths = lengths
    this.#takers = takers
    this.#nobody = new NobodyRows(columns)
    this.#cutOff = new CutOffCheck(columns, saved?.shortest)
    this.#rules = rules
    this.#ids = cellsBehind(columns.id, columns)
    const names = [columns.name, ...columns.texts.map(({ index }) => index)]
    this.#names = new Set(names.flatMap((index) => cellsBehind(index, columns)))
  }

  /** Returns what another message needs to go on. */
  save(): SavedTable {
    const { leftOut, ruledOut } = this
    const { shortest } = this.#cutOff
    return { below: this.#below, tooMany: this.#tooMany, rows: this.#rows, leftOut, ruledOut, shortest }
  }

  /** Takes the next row. `unfinished`: it ends the text and has no line break. Throws `truncated`. */
  take(number: number, cells: readonly string[], unfinished: boolean): void {
    const columns = this.#columns
    const { header, headerRow, id } = columns
    if (number <= headerRow) return
    const isWhole = this.#lengths === null || cells.length === header.length
    if (isWhole && isPlainId(id < header.length ? cellAt(cells, id) : textAt(cells, id, columns))) {
      this.#takeRow(number, cells, false)
      return
    }
    // A record that has none of the keys that are used is no contact. It may be an error message.
    if (this.#records) {
      this.#takeRow(
        number,
        cells,
        columns.used.every((index) => cellAt(cells, index).trim() === ''),
      )
      return
    }
    if (cells.every((cell) => cell.trim() === '')) return
    const nobody = this.#nobody.recognise(cells, this.#rows)
    const isNote = nobody === null && this.#mayBeNote(cells)
    const isContact = (nobody === null && !isNote && !this.#isText(cells)) || this.#isKnown(textAt(cells, id, columns))
    if (isContact) {
      this.#checkCut(number, cells, unfinished)
      this.#takeRow(number, cells, this.#isRagged(cells))
    } else if (nobody === null) {
      if (!isNote || (unfinished && this.#mayBeCut(cells))) this.#checkCut(number, cells, unfinished)
      this.#holdBack({ number, cells, isNote })
    } else {
      if (nobody === 'header') this.end()
      this.leftOut++
      this.#end.line(cells, 'nobody')
    }
  }

  /** Ends the table. Must be called at the end of the file. */
  end(): void {
    const below = this.#below
    this.#below = []
    this.#tooMany = false
    const areNotes = below.some(({ cells, isNote }) => isNote && NOTE.test(trimInvisible(cells.join(' '))))
    for (const { number, cells, isNote } of below) {
      if (isNote && areNotes) {
        this.leftOut++
        if (this.#rules?.leaveOut(number, cells) !== true) this.#takers.note(cells)
      } else this.#give(number, cells, isNote)
    }
  }

  #checkCut(number: number, cells: readonly string[], unfinished: boolean): void {
    if (this.#lengths !== null) this.#cutOff.take(number, cells, unfinished)
  }

  #takeRow(number: number, cells: readonly string[], ragged: boolean): void {
    if (this.#below.length > 0) this.#giveBelow()
    this.#tooMany = false
    this.#end.row(number, ragged)
    this.#give(number, cells, false)
  }

  #holdBack(row: RowBelow): void {
    this.#end.line(row.cells, row.isNote ? 'note' : 'text')
    this.#below.push(row)
    if (this.#below.length > MOST_BELOW) this.#tooMany = true
    if (this.#tooMany) this.#giveBelow()
  }

  #giveBelow(): void {
    const below = this.#below
    this.#below = []
    for (const { number, cells, isNote } of below) this.#give(number, cells, isNote)
  }

  /** A row with one cell says nothing about how the export ends its rows. */
  #give(number: number, cells: readonly string[], isNote: boolean): void {
    if (!isNote) {
      this.#lengths?.count(cells)
      this.#rows++
    }
    const rules = this.#rules
    if (rules?.leaveOut(number, cells) !== true) {
      this.#takers.row(number, cells)
      return
    }
    this.leftOut++
    this.ruledOut++
    if (rules.optsOut(cells)) this.#takers.optOut(number, cells)
  }

  /** Returns whether a row is no row of the table but text with separators in it, such as an error message. */
  #isText(cells: readonly string[]): boolean {
    return this.#isRagged(cells) && TEXT.test(textAt(cells, this.#columns.id, this.#columns))
  }

  #isRagged(cells: readonly string[]): boolean {
    const lengths = this.#lengths
    if (lengths === null || cells.length === this.#columns.header.length) return false
    return lengths.isTooLong(cells) || (lengths.isTooShort(cells) && !lengths.areTrimmed)
  }

  /** Returns whether a note may be a row that was cut. A further note is none, nor is text in place of an ID. */
  #mayBeCut(cells: readonly string[]): boolean {
    return this.#below.length === 0 && !(this.#ids.includes(0) && TEXT.test(cells[0] ?? ''))
  }

  #isKnown(cell: string): boolean {
    const id = readId(cell)
    const slot = id.kind === 'value' ? this.#known.find(id.value) : -1
    return slot !== -1 && this.#known.key(slot) > 0
  }

  #mayBeNote(cells: readonly string[]): boolean {
    const index = cells.findIndex((cell) => cell.trim() !== '')
    if (cells.some((cell, at) => at > index && cell.trim() !== '')) return false
    const text = trimInvisible(cells[index] ?? '')
    if (isPlainId(text) || (text.includes('@') && !NOTE.test(text))) return false
    return !this.#names.has(index) || this.#ids.includes(index) || UNLIKE_NAME.test(text)
  }
}
