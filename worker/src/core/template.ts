/**
 * The import template (seed: Understanding the import spreadsheet). The seed stars what is optional; the other
 * columns must be there and filled in.
 */
export const TEMPLATE = [
  { header: 'ID', to: 'id', required: true, example: 'E0000001' },
  { header: 'Name', to: 'name', required: true, example: 'Ana Example' },
  { header: 'Organization Name', to: 'organization', required: false, example: 'Example Organization' },
  { header: 'Title', to: 'title', required: false, example: 'Team Lead' },
  { header: 'Number', to: 'number', required: true, example: '6045550100' },
  { header: 'Number Type', to: 'numberType', required: true, example: 'mobile' },
  { header: 'Number Description', to: 'numberDescription', required: false, example: 'work' },
  { header: 'Email Address', to: 'email', required: false, example: 'ana@example.org' },
  { header: 'Notification Priority', to: 'priority', required: false, example: 'High' },
  { header: 'Groups', to: 'groups', required: true, example: 'Search, Rope' },
] as const

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
