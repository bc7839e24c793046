import { headerKey } from '../../core/template.ts'
import type { RecordCell } from '../records.ts'
import type { CustomField, Member } from './answers.ts'
import { D4H_COLUMNS } from './mapping.ts'
import type { D4hSettings } from './schema.ts'
import { STATUS_WORDS } from './statuses.ts'

/** What a member's record is made from. */
interface Person {
  member: Member
  /** The team's name. */
  team: string | null
  /** The titles of the member's groups. */
  groups: readonly string[]
  /** The member's numbers, each once. */
  phones: ReadonlyMap<Phone, string>
}

/** One column of the records. */
export interface MemberColumn {
  name: string
  cell: (person: Person) => RecordCell
  phone?: Phone
}

export type Phone = 'mobile' | 'home' | 'work' | 'pager'

/** A status that D4H has and this list has not is shown as it is. */
const SHOWN: Readonly<Record<string, string>> = STATUS_WORDS

function phone(name: string, of: Phone): MemberColumn {
  return { name, phone: of, cell: ({ phones }) => phones.get(of) ?? null }
}

/** What the number is for, where the number is there. */
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

/** Whether a column is that of a custom field, for which D4H must be asked. */
export function isCustom(name: string): boolean {
  return !BUILT_IN.some((column) => headerKey(column.name) === headerKey(name))
}

/** Whether a column is that of the groups. */
export function isGroups(name: string): boolean {
  return headerKey(name) === headerKey(D4H_COLUMNS.groups)
}

/** The columns that are wanted, all where `wanted` is null; the ID is the first of them, wanted or not. */
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

/** Custom fields under their titles; one whose title is another column's too has its number behind it. */
function customColumns(fields: readonly CustomField[]): MemberColumn[] {
  const titled = fields
    .filter(({ archivedAt }) => archivedAt === null)
    .map((field) => ({ field, title: (field.title ?? '').replace(/\s+/g, ' ').trim() }))
  const count = (title: string) => titled.filter((other) => headerKey(other.title) === headerKey(title)).length
  return titled.map(({ field, title }) => {
    const alone = title !== '' && isCustom(title) && count(title) === 1
    return { name: alone ? title : `${title || 'Field'} (${field.id})`, cell: customCell(field) }
  })
}

/** A custom field's value: a choice by its label, since the value is only the option's ID. */
function customCell(field: CustomField): MemberColumn['cell'] {
  const labels = new Map(field.options.map(({ id, label }) => [String(id), label]))
  // An option can be newer than the definition that was read a moment ago.
  const shown = (value: unknown) => labels.get(String(value)) ?? String(value)
  return ({ member }) => {
    const value = member.customFieldValues.find(({ customField }) => customField.id === field.id)?.value
    if (value === undefined || value === null) return null
    return Array.isArray(value) ? value.map(shown) : shown(value)
  }
}

/**
 * The numbers of a member for the wanted columns, each once: one number under two names would contradict itself, and people
 * enter their mobile number as their home's.
 */
export function phonesOf(member: Member, columns: readonly MemberColumn[]): Map<Phone, string> {
  const said: Record<Phone, string | null> = { ...member, pager: member.pager.phone }
  const phones = new Map<Phone, string>()
  for (const { phone: of } of columns) {
    const number = of === undefined ? null : said[of]
    if (of === undefined || number === null || number.trim() === '') continue
    if (![...phones.values()].some((other) => isSameNumber(other, number))) phones.set(of, number)
  }
  return phones
}

/** Whether two numbers are one, be it that one is written with its country's code. Extensions make a difference. */
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

/** A shorter number could be the end of another by chance. */
const LOCAL_LENGTH = 8
