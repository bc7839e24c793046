import type { Columns } from './columns.ts'
import { cellsBehind } from './row.ts'
import { headerKey } from './template.ts'
import { countDigits } from './values/phone-text.ts'
import { trimInvisible } from './values/text.ts'

/** What may follow a header. */
const END = /[\s*]/
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/
const CONTROL = /\p{Cc}/gu
/** A line that is drawn with dashes and the like, between the header and the rows or above a total. */
const RULE = /^[-=_*+|~#.\s\u2010-\u2015\u2500-\u257f]+$/u
/** The first cell of a total, with a few words about what was counted. */
const TOTAL =
  /^(?:(?:grand|sub|over)[\s-]?)?(?:total(?:s|e|en|es)?|totaal|totaux|sums?|summe|gesamt(?:summe|zahl)?|somme|suma|soma|count(?:\(\*\))?|anzahl|aantal|average|avg|mean|durchschnitt|moyenne|promedio|(?:record|row)s?[\s-]count|итого|всего|合計|合计|总计|總計|小計)(?:\s+\p{L}+){0,4}[\s:=#.-]*[\d.,'\s]*$/iu
/** The first cell of a trailer record, or of the line that ends a report or a dump, or says of what kind it is. */
const TRAILER =
  /^[^\p{L}\p{N}\\]*(?:trailer|trlr|trl|tlr|footer|eof|end(?:[\s_-]*of[\s_-]*(?:file|report|data|list|export|records?|table))?|done|finished|completed?|confidential|confidentiel|confidencial|vertraulich|\\\.)[^\p{L}]*$/iu
/** The first cell of a trailer record that has only a short code, as COBOL programs write it. */
const CODE = /^\p{L}{1,4}$/u
const WHOLE = /^\s*\d{1,9}\s*$/
/** How many rows beyond those of the table a trailer may count: the header and itself. */
const COUNTED_TOO = 2
/** The first cell of a line that says where a report comes from. Without a preposition only figures may follow it. */
const REPORT =
  /^(?:report\s+)?(?:generated|printed|exported|created|prepared|downloaded|extracted|produced)(\s+(?:by|on|at|from|for|with|date|time))?\s*:?$/iu
const MOST_REPORTED = 2
/** The longest first cell of a total or a trailer, in characters. A longer one is a text, and matching it takes long. */
const LONGEST = 200
const FIGURE = /^[\d\s.,:;%/+$€£'()#-]*$/u
/** A number with this many digits may be a telephone number, so its row may be a person. */
const FEWEST_DIGITS = 7

/** Which row that is no contact: `header` starts another table, `other` is a rule, a total, a trailer or an end mark. */
type Nobody = 'header' | 'other'

/**
 * Recognises rows that describe no person, anywhere in the file: the header again, a line of dashes, a
 * total, a trailer, an end-of-file mark (design: Rows that are nobody). Looks at one cell of an ordinary row.
 */
export class NobodyRows {
  readonly #id: number
  readonly #numbers: readonly number[]
  readonly #header: readonly string[]

  constructor(columns: Columns) {
    const { id, numbers, header } = columns
    this.#id = cellsBehind(id, columns)[0] ?? -1
    this.#numbers = numbers.map(({ number }) => number)
    this.#header = header.map(headerKey)
  }

  /**
   * Returns which kind of row that is no contact the cells are; null for any other row. `rows`: how many rows the table has
   * before it.
   */
  recognise(cells: readonly string[], rows: number): Nobody | null {
    const lead = this.#leadOf(cells)
    if (lead === -1) return 'other'
    const text = visible(cells[lead] ?? '')
    if (this.#mayBeHeader(text, lead) && this.#isHeader(cells)) return 'header'
    if (RULE.test(text)) return cells.every((cell) => cell === '' || RULE.test(cell)) ? 'other' : null
    // An ordinary row has letters in its second cell, which is quicker to see.
    const figures = cells.every((cell, index) => index === lead || FIGURE.test(cell))
    if (figures && CODE.test(text) && isCount(cells, rows)) return 'other'
    if (text.length > LONGEST || this.#mayHaveNumber(cells, lead)) return null
    if (figures && (TOTAL.test(text) || TRAILER.test(text))) return 'other'
    return isReportLine(text, cells, figures) ? 'other' : null
  }

  /** Returns the index of the ID if the row has one, or else of the first visible cell; -1 if none is visible. */
  #leadOf(cells: readonly string[]): number {
    if (visible(cells[this.#id] ?? '') !== '') return this.#id
    return cells.findIndex((cell) => visible(cell) !== '')
  }

  /** Spares nearly every row the comparison with the header: its text is too long or ends in another letter. */
  #mayBeHeader(text: string, index: number): boolean {
    const key = this.#header[index] ?? ''
    return text.length <= key.length * 2 + 8 && lastLetter(text) === key.slice(-1)
  }

  #isHeader(cells: readonly string[]): boolean {
    const keys = cells.map(headerKey)
    return keys.every((key, index) => key === (this.#header[index] ?? '')) && keys.some((key) => key !== '')
  }

  /** Returns whether a column of numbers may have a telephone number. */
  #mayHaveNumber(cells: readonly string[], lead: number): boolean {
    return this.#numbers.some((index) => index !== lead && countDigits(cells[index] ?? '') >= FEWEST_DIGITS)
  }
}

/** Returns whether one of the cells is the number of rows of the table, as in a trailer record. */
function isCount(cells: readonly string[], rows: number): boolean {
  return (
    rows > 0 && cells.some((cell) => WHOLE.test(cell) && Number(cell) >= rows && Number(cell) <= rows + COUNTED_TOO)
  )
}

function isReportLine(text: string, cells: readonly string[], figures: boolean): boolean {
  const report = REPORT.exec(text)
  if (report === null || cells.some((cell) => cell.includes('@'))) return false
  return figures || (report[1] !== undefined && cells.filter((cell) => visible(cell) !== '').length <= MOST_REPORTED)
}

/** Returns the last character, in lower case, before what may follow a header. */
function lastLetter(text: string): string {
  let end = text.length
  while (end > 0 && END.test(text.charAt(end - 1))) end--
  return text.charAt(end - 1).toLowerCase()
}

/** Returns the text of a cell without invisible characters at its ends and without control characters. */
function visible(cell: string): string {
  return PLAIN.test(cell) ? cell : trimInvisible(cell.replace(CONTROL, ''))
}
