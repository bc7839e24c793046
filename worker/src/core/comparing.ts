import { ATTRIBUTE_KEYS } from './attributes.ts'
import type { ContactDetails } from './contact.ts'

/** The attributes in which the two differ, in the order they are shown; none when they are equal. */
export function changedAttributes(before: ContactDetails, after: ContactDetails): (keyof ContactDetails)[] {
  return ATTRIBUTE_KEYS.filter((attribute) => !equal(before[attribute], after[attribute]))
}

/** Whether an attribute holds nothing. */
export function isEmpty(value: ContactDetails[keyof ContactDetails]): boolean {
  if (value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}

function equal(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other))
}
