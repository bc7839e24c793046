import type { RowBatch } from '../../core/bytes.ts'
import { Failure } from '../../core/failure.ts'
import { NOT_CALCULATED } from '../../core/values/excel-error.ts'
import { damagedWorkbook, type XmlHandler } from '../xml.ts'
import { type MergedCells, Merges, MOST_COLUMNS } from './merges.ts'
import { type DateReading, serialOf } from './number-format.ts'
import type { SharedStrings } from './shared-strings.ts'
import { StringItem, unescaped } from './string-item.ts'
import type { Styles } from './styles.ts'

const SPACE = 32
const MOST_ROW_LENGTH = 2 * 1024 * 1024
/**
 * The most characters and cells that may wait in a batch. Only rows made of gaps, with one text far to the right in
 * each, reach it.
 */
const MOST_WAITING = 2_000_000

/** The parts of a workbook that the cells of a sheet refer to. */
export interface CellContext {
  strings: SharedStrings
  styles: Styles
  date1904: boolean
  /** Whether the program that wrote the workbook calculated nothing, so that a 0 of a formula is no result. */
  uncalculated: boolean
}

/** How the cells of a sheet are read. */
export interface SheetReading {
  /** The columns, from 0 on, whose cells identify somebody, so that the digits of a number count and not its format. */
  identifying: ReadonlyMap<number, DateReading>
  /** The merged cells; null if there are none, or if they are not known yet. */
  merged: MergedCells | null
}

/**
 * Turns the XML of a sheet (ECMA-376 18.3.1.99) into rows of the texts that Excel shows. Rows keep their numbers from
 * the sheet; a row or cell without a reference follows the one before it. Rows without any text are left out. Hidden
 * rows and columns, and rows that a filter hides, are rows like any other.
 */
export class SheetHandler implements XmlHandler {
  readonly #context: CellContext
  readonly #identifying: SheetReading['identifying']
  readonly #merged: SheetReading['merged']
  /** The merged cells of the sheet, which follow its rows. */
  readonly merges = new Merges()
  readonly #inline = new StringItem()
  #batch: RowBatch = { numbers: [], cells: [] }
  #inData = false
  #inInline = false
  #inValue = false
  #row: string[] = []
  #rowNumber = 0
  #rowLength = 0
  /** How many characters and cells are in the current batch. */
  length = 0
  #column = 0
  #style = 0
  #type = ''
  #value = ''
  #isFormula = false
  /** Whether the cell has an element for its value, which may be empty. */
  #hasValue = false

  constructor(context: CellContext, { identifying, merged }: SheetReading) {
    this.#context = context
    this.#identifying = identifying
    this.#merged = merged
  }

  get wantsText(): boolean {
    return this.#inValue || this.#inline.wantsText
  }

  /** Returns the rows since the last call. */
  take(): RowBatch {
    const batch = this.#batch
    this.#batch = { numbers: [], cells: [] }
    this.length = 0
    return batch
  }

  get rowsWaiting(): number {
    return this.#batch.numbers.length
  }

  open(name: string, attributes: string): void {
    if (!this.#inData) this.#openOutside(name, attributes)
    else if (name === 'c') this.#beginCell(attributes)
    else if (name === 'v') {
      this.#inValue = true
      this.#hasValue = true
    } else if (name === 'row') this.#beginRow(attributes)
    else if (name === 'f') this.#isFormula = true
    else if (name === 'is') {
      this.#inInline = true
      this.#inline.begin()
    } else if (this.#inInline) this.#inline.open(name)
  }

  close(name: string): void {
    if (!this.#inData) return
    if (name === 'c') this.#endCell()
    else if (name === 'v') this.#inValue = false
    else if (name === 'row') this.#endRow()
    else if (name === 'sheetData') this.#inData = false
    else if (name === 'is') {
      this.#inInline = false
      this.#value = this.#inline.end()
    } else if (this.#inInline) this.#inline.close(name)
  }

  text(text: string): void {
    if (!this.#inValue) this.#inline.text(text)
    else {
      this.#value = this.#value === '' ? text : this.#value + text
      if (this.#value.length > MOST_ROW_LENGTH) throw endlessRow(this.#rowNumber)
    }
  }

  #openOutside(name: string, attributes: string): void {
    if (name === 'sheetData') this.#inData = true
    else this.merges.take(name, attributes)
  }

  #beginRow(attributes: string): void {
    this.#row = []
    this.#rowLength = 0
    this.#column = 0
    this.#rowNumber++
    this.#readAttributes(attributes, true)
  }

  #endRow(): void {
    if (this.#row.length === 0) return
    if (this.#merged !== null) this.#fillMerged(this.#merged)
    this.#batch.numbers.push(this.#rowNumber)
    this.#batch.cells.push(this.#row)
    this.length += this.#rowLength + this.#row.length
    if (this.length > MOST_WAITING + MOST_ROW_LENGTH) throw damagedWorkbook()
  }

  #fillMerged(merged: MergedCells): void {
    const row = this.#row
    merged.fill(this.#rowNumber, row)
    this.#rowLength = row.reduce((length, text) => length + text.length, 0)
    if (this.#rowLength > MOST_ROW_LENGTH) throw endlessRow(this.#rowNumber)
  }

  #beginCell(attributes: string): void {
    this.#column++
    this.#style = 0
    this.#type = ''
    this.#value = ''
    this.#isFormula = false
    this.#hasValue = false
    this.#readAttributes(attributes, false)
    if (this.#column > MOST_COLUMNS) throw damagedWorkbook()
  }

  #endCell(): void {
    const text = this.#shown()
    if (text === '') return
    this.#rowLength += text.length
    if (this.#rowLength > MOST_ROW_LENGTH) throw endlessRow(this.#rowNumber)
    while (this.#row.length < this.#column - 1) this.#row.push('')
    this.#row[this.#column - 1] = text
  }

  /** Returns the cell's text as Excel shows it, by the cell's type (ECMA-376 18.18.11). */
  #shown(): string {
    const value = this.#value
    if (this.#isFormula && this.#lacksResult()) return NOT_CALCULATED
    if (value === '') return ''
    const { strings, styles, date1904 } = this.#context
    switch (this.#type) {
      case 's':
        return strings.get(Number(value))
      case '':
      case 'n': {
        const format = styles.formatOf(this.#style)
        const dates = this.#identifying.get(this.#column - 1)
        return dates === undefined ? format.show(value) : format.identify(value, dates)
      }
      case 'b':
        return value === '1' || value === 'true' ? 'TRUE' : 'FALSE'
      case 'str':
        return unescaped(value)
      case 'd': {
        const serial = serialOf(value, date1904)
        const shown = serial === null ? value : styles.formatOf(this.#style).show(String(serial))
        // A date without a date format is clearer as it was written than as a count of days.
        return serial === null || shown === String(serial) ? value.replace(/T00:00(?::00(?:\.0+)?)?Z?$/, '') : shown
      }
      default:
        return value
    }
  }

  /**
   * Returns whether the program that wrote a formula stored no result of it, as openpyxl and EPPlus do. An empty text is
   * a result. XlsxWriter stores a 0 that no program has calculated.
   */
  #lacksResult(): boolean {
    if (this.#value === '') return !(this.#type === 'str' && this.#hasValue)
    return this.#context.uncalculated && this.#value === '0' && (this.#type === '' || this.#type === 'n')
  }

  /**
   * Reads `r`, `s` and `t` without a search or a copy for each, since a sheet has millions of attributes. The `r` of a
   * row is its number. The `r` of a cell begins with the letters of its column, in base 26.
   */
  #readAttributes(attributes: string, ofRow: boolean): void {
    let at = 0
    for (;;) {
      const equals = attributes.indexOf('=', at)
      if (equals === -1) return
      const open = equals + 1
      if (attributes.charCodeAt(equals - 1) <= SPACE || attributes.charCodeAt(open) <= SPACE) {
        const plain = withoutBlanks(attributes)
        if (plain === attributes) throw damagedWorkbook()
        this.#readAttributes(plain, ofRow)
        return
      }
      const quote = attributes.charAt(open)
      if (quote !== '"' && quote !== "'") throw damagedWorkbook()
      const close = attributes.indexOf(quote, open + 1)
      if (close === -1) throw damagedWorkbook()
      // Only attributes with a one-letter name matter.
      if (attributes.charCodeAt(equals - 2) <= SPACE) {
        const name = attributes.charCodeAt(equals - 1)
        if (name === 114) this.#readReference(attributes, open + 1, close, ofRow)
        else if (name === 115 && !ofRow) this.#style = digits(attributes, open + 1, close)
        else if (name === 116 && !ofRow) this.#type = attributes.slice(open + 1, close)
      }
      at = close + 1
    }
  }

  #readReference(attributes: string, start: number, end: number, ofRow: boolean): void {
    if (ofRow) {
      const number = digits(attributes, start, end)
      if (number > 0) this.#rowNumber = number
      return
    }
    let column = 0
    for (let at = start; at < end; at++) {
      const letter = (attributes.charCodeAt(at) | 32) - 96
      if (letter < 1 || letter > 26) break
      column = column * 26 + letter
    }
    if (column > 0) this.#column = column
  }
}

/**
 * Removes the blanks around equals signs. XML allows them, but hardly any program writes them. Control characters count as
 * blanks, as they do where the attributes are read.
 */
function withoutBlanks(attributes: string): string {
  const parts = attributes.split('=').map((part) => {
    let start = 0
    let end = part.length
    while (start < end && part.charCodeAt(start) <= SPACE) start++
    while (end > start && part.charCodeAt(end - 1) <= SPACE) end--
    return part.slice(start, end)
  })
  // The blank before a one-letter name tells it from the end of a longer one, so the first name needs one too.
  return ` ${parts.join('=')}`
}

function digits(text: string, start: number, end: number): number {
  let number = 0
  for (let at = start; at < end; at++) number = number * 10 + text.charCodeAt(at) - 48
  return number
}

function endlessRow(row: number): Failure {
  return new Failure(
    'not_a_contact_file',
    `Row ${row} of the sheet holds more than 2 million characters.`,
    'Check that this is the contact file.',
  )
}
