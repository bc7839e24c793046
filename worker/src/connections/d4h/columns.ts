import { headerKey } from '../../core/template.ts'
import type { RecordCell } from '../records.ts'
import type { CustomField, Member } from './answers.ts'
import { D4H_COLUMNS } from './mapping.ts'
import type { D4hSettings } from './schema.ts'
import { STATUS_WORDS } from './statuses.ts'

/** The data from which a member's record is made. */
interface Person {
  member: Member
  /** The team's name. */
  team: string | null
  /** The titles of the member's groups. */
  groups: readonly string[]
  /** The member's numbers, each once. */
  phones: ReadonlyMap<Phone, string>
  /** The member's values of custom fields, by the field's ID. */
  fields: ReadonlyMap<number, unknown>
}

/** One column of the records. */
export interface MemberColumn {
  name: string
  cell: (person: Person) => RecordCell
  phone?: Phone
}

export type Phone = 'mobile' | 'home' | 'work' | 'pager'

/** The words for statuses. A status that D4H has and this list does not have is shown unchanged. */
const SHOWN: Readonly<Record<string, string>> = STATUS_WORDS

function phone(name: string, of: Phone): MemberColumn {
  return { name, phone: of, cell: ({ phones }) => phones.get(of) ?? null }
}

/** Returns the column that describes a number; its cell is empty if the member has no such number. */
function description(name: string, of: Phone): MemberColumn {
  return { name, cell: ({ phones }) => (phones.has(of) ? of : null) }
}

/** The columns that every team has. The ID comes first (records.ts). */
const BUILT_IN: readonly MemberColumn[] = [
  { name: D4H_COLUMNS.id, cell: ({ member }) => String(member.id) },
  { name: D4H_COLUMNS.name, cell: ({ member }) => member.name },
  { name: D4H_COLUMNS.team, cell: ({ team }) => team },
  { name: D4H_COLUMNS.position, cell: ({ member }) => member.position },
  phone(D4H_COLUMNS.mobile, 'mobile'),
  phone(D4H_COLUMNS.home, 'home'),
  description(D4H_COLUMNS.homeDescription, 'home'),
  phone(D4H_COLUMNS.work, 'work'),
  description(D4H_COLUMNS.workDescription, 'work'),
  phone(D4H_COLUMNS.pager, 'pager'),
  { name: D4H_COLUMNS.email, cell: ({ member }) => member.email },
  { name: D4H_COLUMNS.groups, cell: ({ groups }) => groups },
  { name: D4H_COLUMNS.reference, cell: ({ member }) => member.ref },
  { name: D4H_COLUMNS.status, cell: ({ member }) => SHOWN[member.status ?? ''] ?? member.status },
  { name: D4H_COLUMNS.pagerEmail, cell: ({ member }) => member.pager.email },
]

/** Returns whether a column is a custom field, which needs a request of its own. */
export function isCustom(name: string): boolean {
  return !BUILT_IN.some((column) => headerKey(column.name) === headerKey(name))
}

/** Returns whether a column holds the groups. */
export function isGroups(name: string): boolean {
  return headerKey(name) === headerKey(D4H_COLUMNS.groups)
}

/** Returns the wanted columns, or all if `wanted` is null. The ID is always the first of them. */
export function memberColumns(
  wanted: readonly string[] | null,
  { groups }: Pick<D4hSettings, 'groups'>,
  fields: readonly CustomField[],
): MemberColumn[] {
  const keys = wanted === null ? null : new Set(wanted.map(headerKey))
  return [...BUILT_IN.filter(({ name }) => groups || name !== D4H_COLUMNS.groups), ...customColumns(fields)].filter(
    ({ name }, index) => index === 0 || keys === null || keys.has(headerKey(name)),
  )
}

/**
 * Returns a column for each custom field, named by its title. If another column has the same title, the field's ID is
 * appended.
 */
function customColumns(fields: readonly CustomField[]): MemberColumn[] {
  const titled = fields
    .filter(({ archivedAt }) => archivedAt === null)
    .map((field) => ({ field, title: (field.title ?? '').replace(/\s+/g, ' ').trim() }))
  const alike = Map.groupBy(titled, ({ title }) => headerKey(title))
  return titled.map(({ field, title }) => {
    const alone = title !== '' && isCustom(title) && alike.get(headerKey(title))?.length === 1
    return { name: alone ? title : `${title || 'Field'} (${field.id})`, cell: customCell(field) }
  })
}

/**
 * Returns the function that gives a custom field's cell. A choice is shown by its label, since its value is only the
 * option's ID.
 */
function customCell(field: CustomField): MemberColumn['cell'] {
  const labels = new Map(field.options.map(({ id, label }) => [String(id), label]))
  // An option can be newer than the field definitions, which were read a moment ago.
  const shown = (value: unknown) => labels.get(String(value)) ?? String(value)
  return ({ fields }) => {
    const value = fields.get(field.id)
    if (value === undefined || value === null) return null
    return Array.isArray(value) ? value.map(shown) : shown(value)
  }
}

/**
 * Returns a member's numbers for the wanted columns, each once. One number under two types would contradict itself, and
 * people enter their mobile number as their home number.
 */
export function phonesOf(member: Member, columns: readonly MemberColumn[]): Map<Phone, string> {
  const stated: Record<Phone, string | null> = { ...member, pager: member.pager.phone }
  const phones = new Map<Phone, string>()
  for (const { phone: of } of columns) {
    const number = of === undefined ? null : stated[of]
    if (of === undefined || number === null || number.trim() === '') continue
    if (![...phones.values()].some((other) => isSameNumber(other, number))) phones.set(of, number)
  }
  return phones
}

/** Returns whether two numbers are the same, even if only one has a country code. Extensions count. */
function isSameNumber(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) =>
    text
      .toLowerCase()
      .replace(/[^\da-z]/g, '')
      .replace(/^0+/, ''),
  )
  if (a === undefined || b === undefined) return false
  return Math.min(a.length, b.length) >= LOCAL_LENGTH ? a.endsWith(b) || b.endsWith(a) : a === b
}

/**
 * The shortest number that is compared by its end, in digits. A shorter one could be the end of another number by
 * chance.
 */
const LOCAL_LENGTH = 8
