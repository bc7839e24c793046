import { type Read, type Unreadable, unreadable } from './value.ts'
export type IdCode = 'id_blank' | 'id_unreadable'
/** The ID trimmed and otherwise exactly as it is; a blank one is unreadable (`id_blank`). */
export function readId(cell: string): Read<string> | Unreadable {
  return unreadable('id_blank', cell)
}
/** Keys under which an ID and its spreadsheet-damaged forms meet. Two different IDs look alike when they share a key. */
export function damageKeys(id: string): string[] {
  return [id]
}
