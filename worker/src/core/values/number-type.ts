import type { NumberType } from '../contact.ts'
import { unreadable, type Value } from './value.ts'
export type NumberTypeCode = 'number_type_is_description' | 'number_type_unknown'
export function readNumberType(cell: string): Value<NumberType> {
  return unreadable('number_type_unknown', cell)
}
