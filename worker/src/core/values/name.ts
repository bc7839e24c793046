import { type Read, type Unreadable, unreadable } from './value.ts'
export type NameCode = 'name_blank'
/** A blank name is unreadable (`name_blank`). For first and last name apart, use `readText` and `fullName`. */
export function readName(cell: string): Read<string> | Unreadable {
  return unreadable('name_blank', cell)
}
/** First and last name with one space; '' when both are null. */
export function fullName(first: string | null, last: string | null): string {
  return `${first} ${last}`
}
