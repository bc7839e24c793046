import type { Priority } from '../contact.ts'
import { type Read, type Unreadable, unreadable } from './value.ts'
export type PriorityCode = 'priority_unknown'
/** Blank is `normal`, so there is no `blank`. */
export function readPriority(cell: string): Read<Priority> | Unreadable {
  return unreadable('priority_unknown', cell)
}
