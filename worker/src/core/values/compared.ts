import { visibleText } from './text.ts'

/**
 * Returns a cell in the form in which it is compared with a value of the settings: without case, outer spaces, and what
 * cannot be seen.
 */
export function compared(cell: string): string {
  return visibleText(cell).toLowerCase()
}
