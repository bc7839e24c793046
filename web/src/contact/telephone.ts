import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { ContactNumber } from '../../../worker/src/core/contact.ts'

/**
 * Formats a telephone number for people: `+16045550100` → `+1 604 555 0100`. A text that is not a number stays as it
 * is.
 */
export function telephone({ number, extension }: Pick<ContactNumber, 'number' | 'extension'>): string {
  const readable = parsePhoneNumberFromString(number)?.formatInternational() ?? number
  return extension === null ? readable : `${readable} ext. ${extension}`
}
