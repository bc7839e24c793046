import { zipOf } from './tables.ts'

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** A sheet of a workbook for a test. */
export interface SheetOf {
  name: string
  /** Rows of texts and blanks; a number is a number, and a text that starts with `<` is the whole cell. */
  rows: (string | number)[][]
  merges?: string[]
  state?: string
}

/** Returns a workbook of these sheets, whose style 1 and on have these number formats. */
export function workbookOf(sheets: SheetOf[], formats: string[] = [], calculation = ''): Promise<Uint8Array> {
  const styles = formats.map((code, i) => `<numFmt numFmtId="${164 + i}" formatCode="${escaped(code)}"/>`).join('')
  const xfs = formats.map((_, i) => `<xf numFmtId="${164 + i}"/>`).join('')
  const parts = sheets.map(({ rows, merges = [] }, i) => {
    const data = rows.map((row, r) => `<row r="${r + 1}">${row.map((cell, c) => cellOf(cell, r, c)).join('')}</row>`)
    const merged = merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')
    return [
      `xl/worksheets/sheet${i}.xml`,
      `<worksheet><sheetData>${data.join('')}</sheetData>${merged === '' ? '' : `<mergeCells>${merged}</mergeCells>`}</worksheet>`,
    ]
  })
  return zipOf({
    'xl/workbook.xml': `<workbook xmlns:r="${OFFICE}"><sheets>${sheets
      .map(({ name, state = 'visible' }, i) => `<sheet name="${name}" state="${state}" r:id="s${i}"/>`)
      .join('')}</sheets>${calculation}</workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="st" Type="${OFFICE}/styles" Target="styles.xml"/>${sheets
      .map((_, i) => `<Relationship Id="s${i}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${i}.xml"/>`)
      .join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet><numFmts>${styles}</numFmts><cellXfs><xf numFmtId="0"/>${xfs}</cellXfs></styleSheet>`,
    ...Object.fromEntries(parts),
  })
}

function cellOf(cell: string | number, row: number, column: number): string {
  if (cell === '') return ''
  const ref = `${String.fromCharCode(65 + column)}${row + 1}`
  if (typeof cell === 'number') return `<c r="${ref}"><v>${cell}</v></c>`
  if (cell.startsWith('<')) return cell.replace('<c', `<c r="${ref}"`)
  return `<c r="${ref}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
