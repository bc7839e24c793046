import { unreadable, type Value } from './value.ts'

export interface TelephoneNumber {
  /** E.164 */
  number: string
  extension: string | null
}
export type NumberCode =
  | 'number_lost_digits'
  | 'number_several'
  | 'number_without_area_code'
  | 'number_too_short'
  | 'number_too_long'
  | 'number_letters'
  | 'number_impossible'
  | 'number_unreadable'
  | 'number_country_unknown'

/** Reads one telephone number. `defaultCountry`: two capital letters. */
export function readNumber(cell: string, defaultCountry: string): Value<TelephoneNumber> {
  return unreadable('number_unreadable', cell + defaultCountry)
}
