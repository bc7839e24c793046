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

const NO_DETAILS: ContactDetails = {
  name: '',
  firstName: null,
  lastName: null,
  organization: null,
  title: null,
  numbers: [],
  emails: [],
  priority: 'normal',
  groups: [],
  assignedUser: null,
  fields: {},
}

/** Details of which only these are not empty. */
export function detailsWith(some: Partial<ContactDetails>): ContactDetails {
  return { ...NO_DETAILS, ...some }
}

type PackedNumber = [number: string, type: NumberType, description?: string | null, extension?: string | null]

type PackedDetails = [
  name: string,
  numbers?: PackedNumber[] | null,
  groups?: string[] | null,
  emails?: string[] | null,
  organization?: string | null,
  title?: string | null,
  priority?: Priority | null,
  assignedUser?: string | null,
  firstName?: string | null,
  lastName?: string | null,
  fields?: Record<string, string[]> | null,
]

/** Where an attribute stands in details as text, as a JSON path for SQL. */
export const DETAIL_PATHS: Record<keyof ContactDetails, string> = {
  name: '$[0]',
  numbers: '$[1]',
  groups: '$[2]',
  emails: '$[3]',
  organization: '$[4]',
  title: '$[5]',
  priority: '$[6]',
  assignedUser: '$[7]',
  firstName: '$[8]',
  lastName: '$[9]',
  fields: '$[10]',
}

/** Where the E.164 stands in a number of details as text, and where its type. */
export const NUMBER_PATH = '$[0]'
export const NUMBER_TYPE_PATH = '$[1]'

/**
 * Details as they are stored and planned: JSON without names, what is empty null, and left out at the end. Each byte
 * is written and read several times on its way from a file to the directory.
 */
export function writeDetails(details: ContactDetails): string {
  const { numbers, groups, emails, priority, fields } = details
  const packed: PackedDetails = [
    details.name,
    numbers.length === 0 ? null : numbers.map(packNumber),
    groups.length === 0 ? null : groups,
    emails.length === 0 ? null : emails,
    details.organization,
    details.title,
    priority === 'normal' ? null : priority,
    details.assignedUser,
    details.firstName,
    details.lastName,
    Object.keys(fields).length === 0 ? null : fields,
  ]
  return JSON.stringify(withoutEnd(packed))
}

/** The details that `writeDetails` wrote. */
export function readDetails(text: string): ContactDetails {
  const packed: PackedDetails = JSON.parse(text)
  const [name, numbers, groups, emails, organization, title, priority, assignedUser, firstName, lastName, fields] =
    packed
  return {
    name,
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    organization: organization ?? null,
    title: title ?? null,
    numbers: numbers?.map(unpackNumber) ?? [],
    emails: emails ?? [],
    priority: priority ?? 'normal',
    groups: groups ?? [],
    assignedUser: assignedUser ?? null,
    fields: fields ?? {},
  }
}

/** A number that stands by itself in details as text. */
export function readContactNumber(text: string): ContactNumber {
  return unpackNumber(JSON.parse(text))
}

function packNumber({ number, type, description, extension }: ContactNumber): PackedNumber {
  return withoutEnd([number, type, description, extension])
}

function unpackNumber([number, type, description, extension]: PackedNumber): ContactNumber {
  return { number, type, description: description ?? null, extension: extension ?? null }
}

/** Takes the nulls off the end of the list, and gives it back. */
function withoutEnd<T extends unknown[]>(list: T): T {
  while (list[list.length - 1] === null) list.pop()
  return list
}
