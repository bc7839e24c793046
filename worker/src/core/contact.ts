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
