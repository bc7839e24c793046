import { FILE_COLUMNS } from './attributes.ts'

/**
 * The import template (seed: Understanding the import spreadsheet). The seed stars optional columns. The other columns
 * must be present and filled in.
 */
export const TEMPLATE = FILE_COLUMNS.flatMap((column) =>
  'template' in column ? [{ to: column.to, numbered: 'numbered' in column, ...column.template }] : [],
)

/**
 * Returns a header in the form that is compared: without case, white space, invisible characters and the star of an
 * optional column.
 */
export function headerKey(text: string): string {
  const key = text.normalize('NFKC').replace(UNSEEN, '')
  let end = key.length
  while (end > 0 && key.charCodeAt(end - 1) === STAR) end--
  return key.slice(0, end).toLowerCase()
}

const STAR = 0x2a
const UNSEEN = /[\s\p{DI}\p{Cf}\p{Cc}]+/gu

/** The ID of the template's example row. */
export const EXAMPLE_ID = TEMPLATE.find(({ to }) => to === 'id')?.example

/**
 * Returns whether a row is the template's unchanged example row, which describes no real person. It may have been sorted
 * among the others, and optional columns may have been deleted.
 */
export function isExampleRow(header: readonly string[], cells: readonly string[]): boolean {
  return header.every((name, index) => {
    const column = TEMPLATE.find((known) => headerKey(known.header) === headerKey(name))
    return column === undefined || (cells[index] ?? '').trim() === column.example
  })
}
