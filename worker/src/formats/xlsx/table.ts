import type { ByteSource, RowBatch } from '../../core/bytes.ts'
import { Failure } from '../../core/failure.ts'
import { listOfNames } from '../../core/file-details.ts'
import type { Format } from '../../core/source.ts'
import type { ShapeOf } from '../../core/table-shape.ts'
import type { ZipEntry } from '../container/zip.ts'
import type { Table } from '../table.ts'
import { attribute, damagedWorkbook } from '../xml.ts'
import { chooseSheet, type Sheet } from './choose-sheet.ts'
import { eachElement, findPart, type Package, type Relationship, readRelationships } from './part.ts'
import { readSharedStrings } from './shared-strings.ts'
import type { CellContext } from './sheet.ts'
import { type FoundBefore, SheetSource } from './sheet-source.ts'
import { readStyles } from './styles.ts'

interface Workbook {
  sheets: Sheet[]
  relationships: Relationship[]
  date1904: boolean
  uncalculated: boolean
}

/** Returns whether the files of a ZIP are an Excel workbook of XML. An .xlsb keeps its sheets in the same folder. */
export function isWorkbook(entries: ZipEntry[]): boolean {
  return entries.some(({ name }) => /^xl\/worksheets\/.*\.xml$|(?:^|\/)workbook\d*\.xml$/i.test(name))
}

/** How a workbook is opened. */
export interface WorkbookReading {
  shapeOf: ShapeOf
  found: FoundBefore
  signal?: AbortSignal | undefined
}

/**
 * Opens the sheet that `format` names, or else the one whose columns fit. Throws `not_a_contact_file` if there is no such
 * sheet. While the batches are read, throws `truncated`, `too_large`, `empty` if the sheet holds nothing, or `ReadAgain`
 * if its merged cells were not known.
 */
export async function openWorkbook(
  source: ByteSource,
  entries: ZipEntry[],
  format: Format,
  { shapeOf, found, signal }: WorkbookReading,
): Promise<Table> {
  const parts: Package = { source, entries, signal }
  const workbook = await readWorkbook(parts)
  const { sheets } = workbook
  const candidates = format.sheet === null ? [...sheets] : [namedSheet(sheets, format.sheet)]
  const context = await readContext(parts, workbook)
  const open = ({ part }: Sheet) => {
    const entry = findPart(parts, part)
    return entry === null ? null : new SheetSource(parts, entry, context)
  }
  const { sheet, rows, shape, alsoFit } = await chooseSheet(candidates, open, shapeOf)
  const names = sheets.map(({ name }) => name)
  return {
    type: 'xlsx',
    details: {
      sheet: sheet.name,
      ...(sheet.hidden && format.sheet === null && { hidden: true }),
      sheets: names,
      ...(alsoFit.length > 0 && { alsoFit }),
    },
    batches: notEmpty(rows.rows(shape, found), sheet.name),
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
  let uncalculated = false
  await eachElement(parts, entry, (element, attributes) => {
    if (element === 'workbookPr') date1904 = isTrue(attribute(attributes, 'date1904'))
    // Excel does not set it; a program that calculates nothing asks Excel to do so.
    if (element === 'calcPr') uncalculated = isTrue(attribute(attributes, 'fullCalcOnLoad'))
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
  return { sheets, relationships, date1904, uncalculated }
}

function isTrue(value: string | null): boolean {
  return value === '1' || value === 'true'
}

/** Reads the parts that the cells of all sheets refer to. */
async function readContext(parts: Package, workbook: Workbook): Promise<CellContext> {
  const partOf = (type: string) => {
    const relationship = workbook.relationships.find((one) => one.type === type)
    return relationship === undefined ? null : findPart(parts, relationship.target)
  }
  const { date1904, uncalculated } = workbook
  const styles = await readStyles(parts, partOf('styles'), date1904)
  return { strings: await readSharedStrings(parts, partOf('sharedStrings')), styles, date1904, uncalculated }
}

function namedSheet(sheets: readonly Sheet[], wanted: string): Sheet {
  const key = (name: string) => name.trim().toLowerCase()
  const sheet = sheets.find(({ name }) => name === wanted) ?? sheets.find(({ name }) => key(name) === key(wanted))
  if (sheet !== undefined) return sheet
  if (sheets.length === 0) throw damagedWorkbook()
  throw new Failure(
    'not_a_contact_file',
    `The workbook has no sheet named “${wanted}”.`,
    `Its sheets are: ${listOfNames(sheets.map(({ name }) => name))}. Choose one of them in the source’s format.`,
  )
}

async function* notEmpty(batches: AsyncIterable<RowBatch>, sheet: string): AsyncGenerator<RowBatch, void> {
  let blank = true
  for await (const batch of batches) {
    blank = false
    yield batch
  }
  if (blank) throw emptySheet(sheet)
}

function emptySheet(name: string): Failure {
  return new Failure(
    'empty',
    `The sheet “${name}” is empty.`,
    'Check that the contacts are on this sheet, or choose another one in the source’s format.',
  )
}
