import { type ContactDetails, detailsWith } from './contact.ts'

/** A contact's attributes, in the order they are shown. */
export const ATTRIBUTES = [
  'name',
  'firstName',
  'lastName',
  'organization',
  'title',
  'numbers',
  'emails',
  'priority',
  'groups',
  'assignedUser',
  'fields',
] as const satisfies (keyof ContactDetails)[]

const NOBODY = detailsWith({})

/**
 * The contact after an import: what the file provides over what is stored. What it does not provide stays
 * (design: blank and absent differ). A custom field that the file does not provide stays too; one without values goes.
 */
export function merge(stored: ContactDetails | null, provided: Partial<ContactDetails>): ContactDetails {
  const base = stored ?? NOBODY
  const merged: ContactDetails = {
    name: provided.name ?? base.name,
    firstName: provided.firstName === undefined ? base.firstName : provided.firstName,
    lastName: provided.lastName === undefined ? base.lastName : provided.lastName,
    organization: provided.organization === undefined ? base.organization : provided.organization,
    title: provided.title === undefined ? base.title : provided.title,
    numbers: provided.numbers ?? base.numbers,
    emails: provided.emails ?? base.emails,
    priority: provided.priority ?? base.priority,
    groups: provided.groups ?? base.groups,
    assignedUser: provided.assignedUser === undefined ? base.assignedUser : provided.assignedUser,
    fields: base.fields,
  }
  if (provided.fields !== undefined) {
    const fields = Object.entries({ ...base.fields, ...provided.fields }).filter(([, values]) => values.length > 0)
    merged.fields = Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)))
  }
  return merged
}

/** The attributes in which the two differ, in the order they are shown; none when they are equal. */
export function changedAttributes(before: ContactDetails, after: ContactDetails): (keyof ContactDetails)[] {
  return ATTRIBUTES.filter((attribute) => !equal(before[attribute], after[attribute]))
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
