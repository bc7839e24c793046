import type { Priority } from '../contact.ts'
import { quote, readText } from './text.ts'
import { type Read, read, type Unreadable, unreadable } from './value.ts'

const PRIORITY: ReadonlyMap<string, Priority> = new Map([
  ['high', 'high'],
  ['normal', 'normal'],
  ['medium', 'normal'],
  ['low', 'low'],
])

/**
 * Reads a notification priority: High, Low, or blank for normal. The result is never blank, because a blank cell is a
 * priority too.
 */
export function readPriority(cell: string): Read<Priority> | Unreadable {
  const text = readText(cell)
  if (text.kind === 'blank') return read('normal', text.findings)
  if (text.kind === 'unreadable') return text
  const priority = PRIORITY.get(text.value.toLowerCase())
  if (priority !== undefined) return read(priority)
  return unreadable(
    'priority_unknown',
    `${quote(text.value)} is not a priority. Enter High or Low, or leave the cell blank.`,
  )
}
