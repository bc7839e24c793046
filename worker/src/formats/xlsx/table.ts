import type { ByteSource, RowBatch } from '../../core/bytes.ts'
import { Failure } from '../../core/failure.ts'
import type { Format } from '../../core/source.ts'
import { Expansion } from '../container/inflate.ts'
import type { ZipEntry } from '../container/zip.ts'
import type { Table } from '../table.ts'
import { attribute, damagedWorkbook } from '../xml.ts'
import { eachElement, findPart, type Package, type Relationship, readRelationships, scanPart } from './part.ts'
import { readSharedStrings } from './shared-strings.ts'
import { SheetHandler } from './sheet.ts'
import { readStyles } from './styles.ts'

interface Sheet {
  name: string
  hidden: boolean
  part: string
}

interface Workbook {
  sheets: Sheet[]
  relationships: Relationship[]
  date1904: boolean
}

/** Returns whether the files of a ZIP are an Excel workbook of XML. An .xlsb keeps its sheets in the same folder. */
export function isWorkbook(entries: ZipEntry[]): boolean {
  return entries.some(({ name }) => /^xl\/worksheets\/.*\.xml$|(?:^|\/)workbook\d*\.xml$/i.test(name))
}

/**
 * Opens the sheet that `format` names, or the first visible one. Throws `not_a_contact_file` if there is no such sheet.
 * While the batches are read, throws `truncated`, `too_large`, or `empty` if the sheet holds nothing.
 */
export async function openWorkbook(
  source: ByteSource,
  entries: ZipEntry[],
  format: Format,
  signal?: AbortSignal,
): Promise<Table> {
  const parts: Package = { source, entries, signal }
  const workbook = await readWorkbook(parts)
  const sheet = chooseSheet(workbook.sheets, format.sheet)
  return {
    type: 'xlsx',
    details: { sheet: sheet.name, sheets: workbook.sheets.map(({ name }) => name) },
    batches: sheetBatches(parts, workbook, sheet),
  }
}

async function readWorkbook(parts: Package): Promise<Workbook> {
  const main = (await readRelationships(parts, '')).find(({ type }) => type === 'officeDocument')
  const name = main?.target ?? 'xl/workbook.xml'
  const entry = findPart(parts, name)
  if (entry === null) throw damagedWorkbook()
  const relationships = await readRelationships(parts, name)
  const byId = new Map(relationships.map((one) => [one.id, one]))
  const sheets: Sheet[] = []
  let date1904 = false
  await eachElement(parts, entry, (element, attributes) => {
    if (element === 'workbookPr') date1904 = /^(?:1|true)$/.test(attribute(attributes, 'date1904') ?? '')
    if (element !== 'sheet') return
    const relationship = byId.get(attribute(attributes, 'id') ?? '')
    // Chart and dialog sheets have no rows.
    if (relationship?.type !== 'worksheet') return
    sheets.push({
      name: attribute(attributes, 'name') ?? '',
      hidden: (attribute(attributes, 'state') ?? 'visible') !== 'visible',
      part: relationship.target,
    })
  })
  return { sheets, relationships, date1904 }
}

function chooseSheet(sheets: Sheet[], wanted: string | null): Sheet {
  const key = (name: string) => name.trim().toLowerCase()
  const sheet =
    wanted === null
      ? (sheets.find(({ hidden }) => !hidden) ?? sheets[0])
      : (sheets.find(({ name }) => name === wanted) ?? sheets.find(({ name }) => key(name) === key(wanted)))
  if (sheet !== undefined) return sheet
  if (sheets.length === 0) throw damagedWorkbook()
  throw new Failure(
    'not_a_contact_file',
    `The workbook has no sheet named “${wanted}”.`,
    `Its sheets are: ${namesOf(sheets)}. Choose one of them in the source’s format.`,
  )
}

const MOST_NAMED = 20

function namesOf(sheets: readonly Sheet[]): string {
  const names = sheets.slice(0, MOST_NAMED).map(({ name }) => `“${name}”`)
  return `${names.join(', ')}${sheets.length > MOST_NAMED ? ', …' : ''}`
}

async function* sheetBatches(parts: Package, workbook: Workbook, sheet: Sheet): AsyncGenerator<RowBatch, void> {
  const partOf = (type: string) => {
    const relationship = workbook.relationships.find((one) => one.type === type)
    return relationship === undefined ? null : findPart(parts, relationship.target)
  }
  const entry = findPart(parts, sheet.part)
  if (entry === null) throw damagedWorkbook()
  const { date1904 } = workbook
  const styles = await readStyles(parts, partOf('styles'), date1904)
  const strings = await readSharedStrings(parts, partOf('sharedStrings'))
  const handler = new SheetHandler({ strings, styles, date1904 })
  // A small sheet can refer to one long text, or to the last column, in row after row.
  const expansion = new Expansion(() => parts.source.size)
  const take = () => {
    expansion.add(handler.length)
    return handler.take()
  }
  let blank = true
  for await (const _ of scanPart(parts, entry, handler)) {
    if (handler.rowsWaiting === 0) continue
    blank = false
    yield take()
  }
  if (handler.rowsWaiting > 0) yield take()
  else if (blank) throw emptySheet(sheet.name)
}

function emptySheet(name: string): Failure {
  return new Failure(
    'empty',
    `The sheet “${name}” is empty.`,
    'Check that the contacts are on this sheet, or choose another one in the source’s format.',
  )
}
