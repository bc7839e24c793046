import { singleText } from './list-text.ts'
import { requiredBlank } from './required.ts'
import { cleanLine, readText } from './text.ts'
import type { Read, Unreadable } from './value.ts'

/**
 * Reads a contact’s full name, on one line. A blank name is unreadable (`name_blank`), because every contact needs one.
 */
export function readName(cell: string): Read<string> | Unreadable {
  const text = readText(cleanLine(singleText(cell)))
  return text.kind === 'blank' ? { kind: 'unreadable', findings: [requiredBlank('name_blank')] } : text
}

/** Joins a first and a last name. Either may be missing; without both the name is empty. */
export function fullName(first: string | null, last: string | null): string {
  return [first, last].filter((part) => part !== null && part !== '').join(' ')
}
