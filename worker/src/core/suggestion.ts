import { headerKey, TEMPLATE } from './template.ts'

/** The target a column is probably for, from its header; null when the header says nothing. */
export function suggestTarget(header: string): string | null {
  const key = headerKey(header)
  return TEMPLATE.find((column) => headerKey(column.header) === key)?.to ?? null
}
