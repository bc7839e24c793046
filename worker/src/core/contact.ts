import { visibleText } from './values/text.ts'

/** The kind of device that answers a number. It decides how the number may be used (seed: Number Type). */
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

/** A number as a file gives it. `type` is null if it was not understood: then a stored number keeps its type. */
export type ProvidedNumber = Omit<ContactNumber, 'type'> & { type: NumberType | null }

/**
 * All data that a source has about a person: the part of a contact that is planned, compared, applied and undone.
 * `groups` holds group keys (see `groupKey`), sorted. Numbers and e-mails are in the order of the rows.
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
  language: string | null
  fields: Record<string, string[]>
}

/**
 * Returns the form of a group's name that is compared and stored with a contact. Groups are compared without case and
 * without what cannot be seen: invisible characters, and spaces of another kind or number (design: Groups).
 */
export function groupKey(name: string): string {
  return visibleText(name).toLowerCase()
}

/** The attributes that a file provides. Those that are left out keep their stored values. */
export type ProvidedDetails = Omit<Partial<ContactDetails>, 'numbers'> & { numbers?: ProvidedNumber[] }

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
  language: null,
  fields: {},
}

/** Returns details in which every other attribute is empty. */
export function detailsWith(some: Partial<ContactDetails>): ContactDetails {
  return { ...NO_DETAILS, ...some }
}

/**
 * Returns the contact after an import: the attributes that the file provides replace the stored ones. Attributes that
 * it does not provide stay (design: blank and absent differ). The same holds for each custom field; a field without
 * values is removed.
 */
export function merge(stored: ContactDetails | null, provided: ProvidedDetails): ContactDetails {
  const base = stored ?? NO_DETAILS
  const merged: ContactDetails = {
    name: provided.name ?? base.name,
    firstName: provided.firstName === undefined ? base.firstName : provided.firstName,
    lastName: provided.lastName === undefined ? base.lastName : provided.lastName,
    organization: provided.organization === undefined ? base.organization : provided.organization,
    title: provided.title === undefined ? base.title : provided.title,
    numbers: provided.numbers === undefined ? base.numbers : withTypes(provided.numbers, base.numbers),
    emails: provided.emails ?? base.emails,
    priority: provided.priority ?? base.priority,
    groups: provided.groups ?? base.groups,
    assignedUser: provided.assignedUser === undefined ? base.assignedUser : provided.assignedUser,
    language: provided.language === undefined ? base.language : provided.language,
    fields: base.fields,
  }
  if (provided.fields !== undefined) {
    const fields = Object.entries({ ...base.fields, ...provided.fields }).filter(([, values]) => values.length > 0)
    merged.fields = Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)))
  }
  return merged
}

/** Returns the numbers with a type each. One whose type was not understood never becomes mobile by itself. */
function withTypes(numbers: ProvidedNumber[], stored: readonly ContactNumber[]): ContactNumber[] {
  if (numbers.every(hasType)) return numbers
  return numbers.map(({ number, type, description, extension }) => {
    const same = stored.find((one) => one.number === number && one.extension === extension)
    return { number, type: type ?? same?.type ?? 'landline', description, extension }
  })
}

function hasType(number: ProvidedNumber): number is ContactNumber {
  return number.type !== null
}

type PackedNumber = [number: string, type: NumberType, description?: string | null, extension?: string | null]

/**
 * Details as a list: each attribute in its slot (`attributes.ts`), with null for an empty one. In a stored entry, nulls
 * at the end are left out.
 */
type Packed = [
  name: string,
  numbers: PackedNumber[] | null,
  groups: string[] | null,
  emails: string[] | null,
  organization: string | null,
  title: string | null,
  priority: Priority | null,
  assignedUser: string | null,
  firstName: string | null,
  lastName: string | null,
  fields: Record<string, string[]> | null,
  language: string | null,
]

/** The slots of the list: 0, 1, … up to the last. */
export type PackedSlot = Exclude<Partial<Packed>['length'], Packed['length']>

/** The JSON paths of the E.164 number, of the type and of the extension in the text of a number. */
export const NUMBER_PATH = '$[0]'
export const NUMBER_TYPE_PATH = '$[1]'
export const NUMBER_EXTENSION_PATH = '$[3]'

/**
 * Returns details as they are stored and planned: JSON without names, with null for an empty attribute and without
 * nulls at the end. The form is short because each byte is written and read several times between a file and the
 * directory.
 */
export function writeDetails(details: ContactDetails): string {
  const { numbers, groups, emails, priority, fields } = details
  const packed: Packed = [
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
    details.language,
  ]
  return JSON.stringify(withoutEnd(packed))
}

/** Reads the details that `writeDetails` wrote. */
export function readDetails(text: string): ContactDetails {
  const packed: Partial<Packed> = JSON.parse(text)
  const [
    name,
    numbers,
    groups,
    emails,
    organization,
    title,
    priority,
    assignedUser,
    firstName,
    lastName,
    fields,
    language,
  ] = packed
  return {
    name: name ?? '',
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    organization: organization ?? null,
    title: title ?? null,
    numbers: numbers?.map(unpackNumber) ?? [],
    emails: emails ?? [],
    priority: priority ?? 'normal',
    groups: groups ?? [],
    assignedUser: assignedUser ?? null,
    language: language ?? null,
    fields: fields ?? {},
  }
}

/** Reads a number that is stored as text by itself. */
export function readContactNumber(text: string): ContactNumber {
  return unpackNumber(JSON.parse(text))
}

function packNumber({ number, type, description, extension }: ContactNumber): PackedNumber {
  return withoutEnd([number, type, description, extension])
}

function unpackNumber([number, type, description, extension]: PackedNumber): ContactNumber {
  return { number, type, description: description ?? null, extension: extension ?? null }
}

/** Removes the nulls from the end of the list, and returns the list. */
function withoutEnd<T extends unknown[]>(list: T): T {
  while (list[list.length - 1] === null) list.pop()
  return list
}
