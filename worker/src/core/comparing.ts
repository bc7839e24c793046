import { ATTRIBUTE_KEYS } from './attributes.ts'
import type { ContactDetails } from './contact.ts'

/**
 * Returns the attributes in which the two contacts differ, in the order in which the pages show them; empty if they are
 * equal.
 */
export function changedAttributes(before: ContactDetails, after: ContactDetails): (keyof ContactDetails)[] {
  return ATTRIBUTE_KEYS.filter((attribute) => !equal(before[attribute], after[attribute]))
}

/** Returns whether an attribute holds nothing. */
export function isEmpty(value: ContactDetails[keyof ContactDetails]): boolean {
  if (value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}

function equal(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other))
}
