import type { ZipEntry } from '../container/zip.ts'
import { attribute } from '../xml.ts'
import { GENERAL, type NumberFormat, numberFormat } from './number-format.ts'
import { eachElement, type Package } from './part.ts'

/**
 * The number formats of a workbook by the index in a cell's `s` attribute. A cell without the attribute has General.
 */
export interface Styles {
  formatOf(style: number): NumberFormat
}

/** Reads the styles part (ECMA-376 18.8). In a workbook without the part every format is General. */
export async function readStyles(parts: Package, entry: ZipEntry | null, date1904: boolean): Promise<Styles> {
  const codes = new Map<number, string>()
  const ids: number[] = []
  let inCellFormats = false
  if (entry !== null) {
    await eachElement(
      parts,
      entry,
      (name, attributes) => {
        if (name === 'cellXfs') inCellFormats = true
        const id = Number(attribute(attributes, 'numFmtId') ?? 0)
        if (name === 'numFmt') codes.set(id, attribute(attributes, 'formatCode') ?? 'General')
        else if (name === 'xf' && inCellFormats) ids.push(id)
      },
      (name) => {
        if (name === 'cellXfs') inCellFormats = false
      },
    )
  }
  // Many styles differ only in colour and share a number format.
  const formats = new Map<number, NumberFormat>()
  for (const id of new Set(ids)) formats.set(id, numberFormat(id, codes.get(id), date1904))
  return { formatOf: (style) => formats.get(ids[style] ?? 0) ?? GENERAL }
}
