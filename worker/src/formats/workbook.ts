import { writeZip, type ZipFile } from './container/zip-write.ts'
import { streamOf } from './stream.ts'

/**
 * The value of a cell. A string is written as text and never as a formula, even if it looks like one; null leaves the
 * cell empty.
 */
export type CellValue = string | number | null

/** A sheet to write. The first row is the header: bold, and visible while the other rows scroll. */
export interface SheetContent {
  /** Cut to what Excel allows: 31 characters without `[ ] : * ? / \`. */
  name: string
  /**
   * Widths in characters. These columns are formatted as text throughout, so that an entered value keeps its leading
   * zeros.
   */
  columns?: { width: number }[]
  rows: Iterable<CellValue[]> | AsyncIterable<CellValue[]>
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const CONTENT_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
/** The most rows of a sheet (Excel, specifications and limits). */
const MOST_ROWS = 1_048_576
/** The longest text of a cell (Excel, specifications and limits). Excel calls a file with a longer one damaged. */
const MOST_CELL_LENGTH = 32_767
const PIECE_LENGTH = 32 * 1024

/** Indexes of the cell formats in the styles part. A cell without an index has the first one, General. */
const TEXT_STYLE = 1
const HEADER_STYLE = 2
const STYLES = `${PROLOG}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`

/**
 * Writes an Excel workbook piece by piece. Memory does not grow with the number of rows, and no more rows are taken
 * than the reader asks for. A sheet with more than `mostRows` rows goes on in a further one, under the same header. The
 * stream errors with what the rows throw.
 */
export function workbookStream(
  sheets: readonly SheetContent[],
  mostRows = MOST_ROWS,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return streamOf(writeZip(parts(sheets, mostRows)))
}

/** Returns a small Excel workbook as bytes. Throws what the rows throw. */
export async function writeWorkbook(sheets: readonly SheetContent[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(workbookStream(sheets)).arrayBuffer())
}

/** Yields the files of a workbook. How many sheets it has is known only after the rows, so what names them follows them. */
function* parts(sheets: readonly SheetContent[], mostRows: number): Generator<ZipFile, void> {
  yield { name: '_rels/.rels', text: relationships(relationship(1, 'officeDocument', 'xl/workbook.xml')) }
  const names: string[] = []
  for (const { name, columns = [], rows } of sheets) {
    const source = new Rows(rows)
    for (let part = 1; part === 1 || source.pending !== null; part++) {
      names.push(part === 1 ? sheetName(name) : `${sheetName(name).slice(0, 25)} (${part})`)
      yield { name: `xl/worksheets/sheet${names.length}.xml`, text: sheetText(columns, source, mostRows) }
    }
  }
  const each = (write: (number: number, name: string) => string) =>
    names.map((name, index) => write(index + 1, name)).join('')
  yield { name: 'xl/styles.xml', text: [STYLES] }
  const links = each((number) => relationship(number, 'worksheet', `worksheets/sheet${number}.xml`))
  yield {
    name: 'xl/_rels/workbook.xml.rels',
    text: relationships(links + relationship(names.length + 1, 'styles', 'styles.xml')),
  }
  const named = each((number, name) => `<sheet name="${escaped(name)}" sheetId="${number}" r:id="rId${number}"/>`)
  yield {
    name: 'xl/workbook.xml',
    text: [`${PROLOG}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}"><sheets>${named}</sheets></workbook>`],
  }
  const sheetTypes = each(
    (number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${CONTENT_TYPE}.worksheet+xml"/>`,
  )
  yield {
    name: '[Content_Types].xml',
    text: [
      `${PROLOG}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${CONTENT_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${CONTENT_TYPE}.styles+xml"/>${sheetTypes}</Types>`,
    ],
  }
}

/** The rows of a sheet that may need further sheets. */
class Rows {
  readonly #rows: AsyncGenerator<CellValue[], void>
  /** The header, once it has been read: each further sheet begins with it. */
  header: CellValue[] | null = null
  /** The row that the next sheet begins with; null until a sheet is full. */
  pending: CellValue[] | null = null

  constructor(rows: SheetContent['rows']) {
    this.#rows = each(rows)
  }

  /** Yields the rows of the next sheet. Leaving early ends the rows. */
  async *next(most: number): AsyncGenerator<CellValue[], void> {
    let ended = false
    try {
      let count = 0
      if (this.header !== null && this.pending !== null) {
        count = 2
        yield this.header
        yield this.pending
        this.pending = null
      }
      for (;;) {
        const { done, value } = await this.#rows.next()
        if (done === true) {
          ended = true
          return
        }
        this.header ??= value
        if (count === most) {
          this.pending = value
          ended = true
          return
        }
        count++
        yield value
      }
    } finally {
      if (!ended) await this.#rows.return()
    }
  }
}

async function* each(rows: SheetContent['rows']): AsyncGenerator<CellValue[], void> {
  yield* rows
}

function relationship(number: number, type: string, target: string): string {
  return `<Relationship Id="rId${number}" Type="${RELATIONSHIPS}/${type}" Target="${target}"/>`
}

function relationships(inner: string): string[] {
  return [`${PROLOG}<Relationships xmlns="${PACKAGE}/relationships">${inner}</Relationships>`]
}

async function* sheetText(
  columns: NonNullable<SheetContent['columns']>,
  rows: Rows,
  mostRows: number,
): AsyncGenerator<string, void> {
  const widths = columns.map(
    ({ width }, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${width}" style="${TEXT_STYLE}" customWidth="1"/>`,
  )
  let text = `${PROLOG}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
  if (widths.length > 0) text += `<cols>${widths.join('')}</cols>`
  text += '<sheetData>'
  let number = 0
  for await (const row of rows.next(mostRows)) {
    number++
    const style = number === 1 ? HEADER_STYLE : TEXT_STYLE
    text += `<row r="${number}">`
    for (const [index, value] of row.entries()) text += cell(`${columnName(index)}${number}`, value, style)
    text += '</row>'
    if (text.length < PIECE_LENGTH) continue
    yield text
    text = ''
  }
  yield `${text}</sheetData></worksheet>`
}

function cell(reference: string, value: CellValue, style: number): string {
  if (value === null || value === '') return ''
  if (typeof value === 'number') return `<c r="${reference}"><v>${value}</v></c>`
  const text = escaped(value.slice(0, MOST_CELL_LENGTH))
  return `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`
}

function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter
}

function sheetName(name: string): string {
  const allowed = name.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31)
  return allowed.trim() === '' ? 'Sheet' : allowed
}

/**
 * Escapes text for XML. A character that XML cannot hold is written as Excel writes it, `_x0000_` (ECMA-376 22.9.2.19).
 */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/_(?=x[\da-f]{4}_)/gi, '_x005F_')
    .replace(/[^\t\n\u0020-\ufffd]/g, (c) => `_x${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
