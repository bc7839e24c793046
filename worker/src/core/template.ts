import { FILE_COLUMNS } from './attributes.ts'

/**
 * The import template (seed: Understanding the import spreadsheet). The seed stars what is optional; the other
 * columns must be there and filled in.
 */
export const TEMPLATE = FILE_COLUMNS.flatMap((column) =>
  'template' in column ? [{ to: column.to, numbered: 'numbered' in column, ...column.template }] : [],
)

/** A header as it is compared: without case, white space, byte-order mark or the star of an optional column. */
export function headerKey(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s\uFEFF\u200B]+/g, '')
    .replace(/\*+$/, '')
    .toLowerCase()
}

/** Whether a row is the template's example as it was downloaded, which names nobody. */
export function isExampleRow(header: readonly string[], cells: readonly string[]): boolean {
  let matched = 0
  for (const [index, name] of header.entries()) {
    const column = TEMPLATE.find((known) => headerKey(known.header) === headerKey(name))
    if (column === undefined) continue
    if ((cells[index] ?? '').trim() !== column.example) return false
    matched++
  }
  return matched === TEMPLATE.length
}
