/** What kind of device answers a number; it guides how the number may be used (seed: Number Type). */
export const NUMBER_TYPES = ['mobile', 'landline', 'pager'] as const
export type NumberType = (typeof NUMBER_TYPES)[number]

/** The order in which calls and texts go out (seed: Notification Priority). */
export const PRIORITIES = ['high', 'normal', 'low'] as const
export type Priority = (typeof PRIORITIES)[number]

export const SMS_STATUSES = ['opted_in', 'opted_out', 'unknown'] as const
export type SmsStatus = (typeof SMS_STATUSES)[number]

/** A telephone number of a contact; `number` is E.164, `+16045550100`. */
export interface ContactNumber {
  number: string
  type: NumberType
  description: string | null
  extension: string | null
}

/**
 * All that a source says of a person: the part of a contact that is planned, compared, applied and undone.
 * `groups` holds group keys (see `groupKey`), sorted; numbers and e-mails stand in the order of the rows.
 */
export interface ContactDetails {
  name: string
  firstName: string | null
  lastName: string | null
  organization: string | null
  title: string | null
  numbers: ContactNumber[]
  emails: string[]
  priority: Priority
  groups: string[]
  assignedUser: string | null
  fields: Record<string, string[]>
}

/** Groups are compared without case (design: Groups); this is the form that is compared and stored with a contact. */
export function groupKey(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

/** A contact's details as they are stored and planned: what is empty, null or `normal` is left out. */
export type PackedDetails = Partial<Omit<ContactDetails, 'numbers'>> & {
  numbers?: (Omit<ContactNumber, 'description' | 'extension'> & { description?: string; extension?: string })[]
}

/** The short form; most attributes of most contacts are empty, and plans and rows are written by the hundred thousand. */
export function packDetails(details: ContactDetails): PackedDetails {
  const packed: PackedDetails = { name: details.name }
  if (details.firstName !== null) packed.firstName = details.firstName
  if (details.lastName !== null) packed.lastName = details.lastName
  if (details.organization !== null) packed.organization = details.organization
  if (details.title !== null) packed.title = details.title
  if (details.numbers.length > 0) packed.numbers = details.numbers.map(packNumber)
  if (details.emails.length > 0) packed.emails = details.emails
  if (details.priority !== 'normal') packed.priority = details.priority
  if (details.groups.length > 0) packed.groups = details.groups
  if (details.assignedUser !== null) packed.assignedUser = details.assignedUser
  if (Object.keys(details.fields).length > 0) packed.fields = details.fields
  return packed
}

function packNumber({ number, type, description, extension }: ContactNumber) {
  return {
    number,
    type,
    ...(description === null ? {} : { description }),
    ...(extension === null ? {} : { extension }),
  }
}

/** The details that `packDetails` shortened. */
export function unpackDetails(packed: PackedDetails): ContactDetails {
  return {
    name: packed.name ?? '',
    firstName: packed.firstName ?? null,
    lastName: packed.lastName ?? null,
    organization: packed.organization ?? null,
    title: packed.title ?? null,
    numbers: (packed.numbers ?? []).map(({ number, type, description, extension }) => ({
      number,
      type,
      description: description ?? null,
      extension: extension ?? null,
    })),
    emails: packed.emails ?? [],
    priority: packed.priority ?? 'normal',
    groups: packed.groups ?? [],
    assignedUser: packed.assignedUser ?? null,
    fields: packed.fields ?? {},
  }
}
