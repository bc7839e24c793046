import type { AttributeKey } from '../attributes.ts'
import { ABSENT } from '../bytes.ts'
import type { Columns } from '../columns.ts'
import type { Fields } from '../field.ts'
import type { Problem, Severity } from '../problem.ts'
import { cellAt, cellsBehind, labelAt, nameInRow, type Row, textAt } from '../row.ts'
import { type SmsValues, smsReader } from '../sms.ts'
import { readCountry } from '../values/country.ts'
import { readGroups } from '../values/groups.ts'
import { singleText } from '../values/list-text.ts'
import { memoized } from '../values/memoized.ts'
import { readNumberType } from '../values/number-type.ts'
import { readPriority } from '../values/priority.ts'
import { type RequiredCode, requiredBlank } from '../values/required.ts'
import { cleanText, readBlank, readSpaced } from '../values/text.ts'
import type { Finding, Value } from '../values/value.ts'
import { type CandidateValue, CandidateValues, conflictOf } from './candidates.ts'

/** The rules by which the rows of a file are read. */
export interface ReadingRules {
  columns: Columns
  /** Two capital letters. */
  defaultCountry: string
  fields: Fields
  /** The User ID of every user; null if they are not known, so that an ID that matches no user is not reported. */
  userIds: ReadonlySet<string> | null
  smsStatus: SmsValues
  /** The number of the last row of a file whose end is doubtful, which is ignored; null for any other file. */
  ignoredRow: number | null
}

/** The longest ID and cell in a problem. A row with many problems repeats them in each. */
const LONGEST_SHOWN = 200

/** Returns readers for columns that hold one of a few values in row after row. */
export function cellReaders({ smsStatus }: ReadingRules) {
  return {
    sms: memoized(smsReader(smsStatus)),
    text: memoized((cell) => readSpaced(singleText(cell))),
    numberType: memoized(readNumberType),
    country: memoized(readCountry),
    priority: memoized(readPriority),
    groups: memoized(readGroups),
  }
}
export type CellReaders = ReturnType<typeof cellReaders>

/** Collects the problems and the unreadable attributes of one contact while its rows are read. */
export class OneContact {
  readonly id: string
  readonly rules: ReadingRules
  readonly readers: CellReaders
  readonly problems: Problem[] = []
  /** The values on which the contact's rows must agree. */
  readonly candidates = new CandidateValues()
  #unreadable: Set<AttributeKey | `field:${string}`> | null = null
  /** What some row has no cell for. */
  #lacking: Set<AttributeKey | `field:${string}`> | null = null
  readonly #fresh: boolean
  /** From here on an index stands for a derived cell. */
  readonly #width: number
  /** Where the current row ends. From there on a column is absent and not blank. */
  #end = Number.POSITIVE_INFINITY
  #cells: readonly string[] = []
  readonly #shownId: string
  /** The name in the row of the last problem: a row with many problems is searched for it once. */
  #named: { row: Row; name: string | null } | null = null

  constructor(id: string, rules: ReadingRules, readers: CellReaders, fresh: boolean) {
    this.id = id
    this.#shownId = id.slice(0, LONGEST_SHOWN)
    this.rules = rules
    this.#width = rules.columns.header.length
    this.readers = readers
    this.#fresh = fresh
  }

  /**
   * Starts the next row. `full`: the row should be as long as the header, so a missing cell is absent and not blank
   * (design: Rows of another length). A new contact has no stored values, so for it both are the same.
   */
  startRow({ cells }: Row, full: boolean): void {
    this.#end = full ? cells.length : Number.POSITIVE_INFINITY
    this.#cells = cells
  }

  /** Returns the text of a cell, as the mapping gives it. */
  cell({ cells }: Row, index: number): string {
    return index < this.#width ? cellAt(cells, index) : textAt(cells, index, this.rules.columns)
  }

  /** Returns a cell as the file has it. Only a cell that is joined, or in no column, is shown as the mapping gives it. */
  #asWritten(row: Row, index: number): string {
    const [only, ...more] = index === -1 ? [] : cellsBehind(index, this.rules.columns)
    return only !== undefined && more.length === 0 ? cellAt(row.cells, only) : this.cell(row, index)
  }

  /** Returns whether a cell, or one of the cells that it is made from, is absent from the current row. */
  lacksCell(index: number): boolean {
    if (this.#fresh || index === -1) return false
    if (index < this.#width) return index >= this.#end || this.#cells[index] === ABSENT
    return cellsBehind(index, this.rules.columns).some((one) => this.lacksCell(one))
  }

  /** Returns whether a cell is absent from the current row, which then says nothing about the attribute. */
  lacks(index: number, attribute: AttributeKey | `field:${string}`): boolean {
    if (!this.lacksCell(index)) return false
    this.#lacking ??= new Set()
    this.#lacking.add(attribute)
    return true
  }

  /**
   * Reports the problems of a cell. Returns its value, null if it is blank, and undefined if it cannot be read, so that
   * the stored value stays. `required`: the code for a blank cell, if that is an error. `label`: the label of a custom
   * field.
   */
  take<T>(
    row: Row,
    index: number,
    value: Value<T>,
    required: RequiredCode | null,
    label?: string,
  ): T | null | undefined {
    const severity: Severity = required !== null && value.kind !== 'value' ? 'error' : 'warning'
    for (const finding of value.findings) this.report(row, index, severity, finding)
    if (value.kind === 'value') return value.value
    if (value.kind === 'unreadable') return undefined
    if (required !== null && value.findings.length === 0) {
      this.report(row, index, 'error', requiredBlank(required, label))
    }
    return null
  }

  /**
   * Reports what is wrong with cells that are not read by themselves: a word in place of a blank in a cell that is joined
   * with others, and one of Excel's error values where a rule decides about the row.
   */
  reportUnclear(row: Row): void {
    const { joined, rows } = this.rules.columns
    for (const index of joined) {
      const blank = readBlank(cleanText(cellAt(row.cells, index)))
      for (const finding of blank?.findings ?? []) this.report(row, index, 'warning', finding)
    }
    for (const { index, judge } of rows) {
      const { error } = judge(cellAt(row.cells, index))
      if (error !== null) this.report(row, index, 'error', { code: 'excel_error', message: error })
    }
  }

  report(row: Row, index: number, severity: Severity, finding: Finding): void {
    this.problems.push(this.problem(row, index, severity, finding))
  }

  problem(row: Row, index: number, severity: Severity, finding: Finding): Problem {
    const { columns } = this.rules
    const cell = this.#asWritten(row, index)
    return {
      row: row.number,
      id: this.#shownId,
      name: this.#nameIn(row),
      column: labelAt(index, columns),
      severity,
      code: finding.code,
      message: finding.message,
      value: cell === '' ? null : cell.slice(0, LONGEST_SHOWN),
    }
  }

  #nameIn(row: Row): string | null {
    if (this.#named?.row !== row) this.#named = { row, name: nameInRow(row, this.rules.columns) }
    return this.#named.name
  }

  /** Reports rows whose values differ although all rows of an ID must agree. */
  reportConflict(first: CandidateValue | null): void {
    const found = first === null ? null : conflictOf(first, this.rules.columns)
    if (found === null) return
    const { all, message } = found
    for (const { row, index } of all) this.report(row, index, 'error', { code: 'rows_contradict', message })
  }

  noteUnreadable(attribute: AttributeKey | `field:${string}`): void {
    this.#unreadable ??= new Set()
    this.#unreadable.add(attribute)
  }

  /**
   * Returns whether the contact gets the attribute from the file, which has a column for it. A new contact always does:
   * the readable part of its values is better than none. `found`: some row has the one value of the attribute, so that
   * it does not matter which rows lack the column.
   */
  provides(attribute: AttributeKey | `field:${string}`, found = false): boolean {
    if (this.#fresh) return true
    return this.#unreadable?.has(attribute) !== true && (found || this.#lacking?.has(attribute) !== true)
  }
}
