import { requiredBlank } from './required.ts'
import { cleanLine, readText } from './text.ts'
import type { Read, Unreadable } from './value.ts'

/** A contact’s full name, on one line; a blank one is unreadable (`name_blank`), since no contact is without. */
export function readName(cell: string): Read<string> | Unreadable {
  const text = readText(cleanLine(cell))
  return text.kind === 'blank' ? { kind: 'unreadable', findings: [requiredBlank('name_blank')] } : text
}

/** First and last name as one name; either may be missing, and with neither the name is empty. */
export function fullName(first: string | null, last: string | null): string {
  return [first, last].filter((part) => part !== null && part !== '').join(' ')
}
