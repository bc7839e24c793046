import type { ShapeOf, TableShape } from '../../core/table-shape.ts'
import { damagedWorkbook } from '../xml.ts'
import type { SheetSource } from './sheet-source.ts'

/** A sheet of a workbook; `part` is the name of its part. */
export interface Sheet {
  name: string
  hidden: boolean
  part: string
}

/** A sheet, the source of its rows, and what its first rows show. */
interface Chosen {
  sheet: Sheet
  rows: SheetSource
  shape: TableShape
  /** The names of the other visible sheets that would do as well. */
  alsoFit: string[]
}

/** The most sheets whose first rows are read. */
const MOST_READ = 50

/**
 * Chooses a sheet by its first rows: the first visible one whose columns fit, else the first hidden one that fits, else
 * the visible one with the most of the columns, else the first that has rows. Throws `truncated` if no sheet can be read.
 */
export async function chooseSheet(
  sheets: readonly Sheet[],
  open: (sheet: Sheet) => SheetSource | null,
  shapeOf: ShapeOf,
): Promise<Chosen> {
  let best: (Chosen & { rank: number }) | null = null
  const fitting: string[] = []
  for (const sheet of sheets.toSorted((a, b) => Number(a.hidden) - Number(b.hidden)).slice(0, MOST_READ)) {
    if (sheet.hidden && best?.shape.fits === true) break
    const rows = open(sheet)
    if (rows === null) continue
    const first = await rows.first()
    const shape = shapeOf(first)
    if (shape.fits) fitting.push(sheet.name)
    const rank = rankOf(shape, first.length, sheet.hidden)
    if (best === null || rank > best.rank) best = { sheet, rows, shape, alsoFit: [], rank }
  }
  if (best === null) throw damagedWorkbook()
  const { sheet, rows, shape } = best
  return { sheet, rows, shape, alsoFit: sheet.hidden ? [] : fitting.slice(1) }
}

function rankOf({ fits, found }: TableShape, rows: number, hidden: boolean): number {
  if (fits) return Number.POSITIVE_INFINITY
  return hidden ? 0 : 1 + found + Math.min(rows, 1) / 2
}
