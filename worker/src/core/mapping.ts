import * as z from 'zod'
import { columnOf } from './attributes.ts'
import { NUMBER_TYPES, type NumberType } from './contact.ts'
import { compared } from './values/compared.ts'
import { readCountry } from './values/country.ts'
import { readGroups } from './values/groups.ts'
import { readNumberType } from './values/number-type.ts'
import { readPriority } from './values/priority.ts'
import { quote } from './values/text.ts'
import type { Value } from './values/value.ts'

/** What an entry of a mapping says, whatever its value comes from. */
interface Mapped {
  /** A target: `name`, `number2`, `field:major`. */
  to: string
  /** The type of a number without a type column of its own. */
  type?: NumberType | undefined
  /** Whether the column may have several values. */
  list?: boolean | undefined
  /** Other values for some cells, by the cell. A cell is compared as `compared` does; `''` is a blank one. */
  values?: Record<string, string> | undefined
}

/** A target that gets the value of one column. */
export interface FromColumn extends Mapped {
  column: string
  columns?: undefined
  join?: undefined
  constant?: undefined
}

/** A target that gets the values of several columns, with `join` between those that are not blank. */
interface FromColumns extends Mapped {
  columns: string[]
  /** A space if it is left out. */
  join?: string | undefined
  column?: undefined
  constant?: undefined
}

/** A target that has the same value in each row. */
interface FromConstant extends Mapped {
  constant: string
  column?: undefined
  columns?: undefined
  join?: undefined
}

/** One entry of a mapping: a target and where its value comes from. */
export type MappingColumn = FromColumn | FromColumns | FromConstant

/** Returns the headers of the columns that an entry reads. */
export function headersOf({ column, columns = [] }: MappingColumn): readonly string[] {
  return column === undefined ? columns : [column]
}

const header = z.string().min(1).max(500)
const text = z.string().max(1000)
const IS_FIELD = /^field:[a-z][a-zA-Z0-9_]*$/
const MOST_VALUES = 500
const MOST_JOINED = 10

const entryShape = z.object({
  column: header.optional().describe('The header of a column. Exactly one of `column`, `columns` and `constant`'),
  columns: z.array(header).min(2).max(MOST_JOINED).optional().describe('The headers of columns that are joined'),
  join: z
    .string()
    .max(20)
    .optional()
    .describe('What comes between the values of `columns` that are not blank; a space unless it is given'),
  constant: text
    .regex(/\S/, 'A value that is not blank')
    .optional()
    .describe('A value that each row has, in place of a column'),
  to: z
    .string()
    .refine(
      (to) => columnOf(to) !== null || IS_FIELD.test(to),
      'Not a target; see the list of targets in the API description',
    ),
  type: z.enum(NUMBER_TYPES).optional(),
  list: z.boolean().optional(),
  values: z
    .record(text, text)
    .refine((values) => Object.keys(values).length <= MOST_VALUES, `At most ${MOST_VALUES} values`)
    .optional()
    .describe('Other values for some cells, by the cell, compared without case and outer spaces; "" is a blank cell'),
})
type Entry = z.output<typeof entryShape>

/** Why a part of an entry is refused; `part` is the path within the entry. */
interface Refusal {
  part: (keyof Entry)[]
  message: string
}

/** Returns what is wrong with an entry whose members are valid one by one. */
function refusals(entry: Entry): Refusal[] {
  const { column, columns, constant, join, values, to } = entry
  const target = columnOf(to)?.column
  const found: Refusal[] = []
  const refuse = (part: Refusal['part'], message: string) => void found.push({ part, message })
  if ([column, columns, constant].filter((one) => one !== undefined).length !== 1) {
    refuse([], 'Give exactly one of “column”, “columns” and “constant”')
  }
  if (target === undefined && !IS_FIELD.test(to)) return found
  if (columns !== undefined && !mayComeFrom(to, 'columns')) refuse(['columns'], `“${to}” cannot be joined from columns`)
  if (join !== undefined && columns === undefined) refuse(['join'], 'Only “columns” are joined')
  if (constant !== undefined) {
    if (!mayComeFrom(to, 'constant')) refuse(['constant'], `“${to}” needs a column: it cannot be the same in each row`)
    const finding = readable(target?.to, constant)
    if (finding !== null) refuse(['constant'], finding)
  }
  if (values === undefined) return found
  if (!mayBeTranslated(to)) refuse(['values'], `The values of “${to}” are taken as they are written`)
  if (constant !== undefined) refuse(['values'], 'A constant needs no other values')
  const [cell] = unclear(values)
  if (cell !== undefined)
    refuse(['values'], `More than one value for ${quote(cell)}: case and outer spaces do not count`)
  return found
}

/** Returns whether a target may be joined from columns, or be a constant. A custom field may be both. */
export function mayComeFrom(to: string, from: 'columns' | 'constant'): boolean {
  return IS_FIELD.test(to) || columnOf(to)?.column.from?.includes(from) === true
}

/** Returns whether the values of a target may be turned into others. */
export function mayBeTranslated(to: string): boolean {
  return columnOf(to)?.column.asWritten !== true
}

/** The readers of targets for which not each text is a value. */
const READERS: Readonly<Record<string, (cell: string) => Value<unknown>>> = {
  groups: readGroups,
  priority: readPriority,
  numberType: readNumberType,
  numberCountry: readCountry,
}

/** Returns why a constant is no value of its target, or null. */
function readable(target: string | undefined, constant: string): string | null {
  const read = target === undefined ? undefined : READERS[target]?.(constant)
  if (read === undefined || (read.kind === 'value' && read.findings.length === 0)) return null
  return read.findings[0]?.message ?? 'A value that is not blank'
}

/** Returns the cells that are the same as an earlier one, although another value is given for them. */
function unclear(values: Readonly<Record<string, string>>): string[] {
  const seen = new Map<string, string>()
  return Object.entries(values).flatMap(([cell, value]) => {
    const key = compared(cell)
    const before = seen.get(key)
    seen.set(key, value)
    return before === undefined || before === value ? [] : [cell]
  })
}

const entrySchema = entryShape.superRefine((entry, context) => {
  for (const { part, message } of refusals(entry)) context.addIssue({ code: 'custom', path: part, message })
}) as unknown as z.ZodType<MappingColumn, MappingColumn>

/**
 * A mapping of a source's own columns. It must map the contact's name. Whether it must map an ID depends on the kind of
 * source.
 */
export const mappingSchema = z
  .array(entrySchema)
  .max(500)
  .superRefine((columns, context) => {
    const count = (target: string) => columns.filter((column) => column.to === target).length
    const refuse = (message: string) => context.addIssue({ code: 'custom', message })
    if (count('name') === 0 && count('firstName') + count('lastName') === 0) {
      refuse('Map a column to the name, or to the first and the last name')
    }
    for (const to of new Set(columns.map((column) => column.to))) {
      if (columnOf(to)?.column.several !== true && count(to) > 1) refuse(`More than one column is mapped to “${to}”`)
    }
  })

/** Which rows of a file count, by the values of a column. All rules of a source must hold. */
export type RowRule = { column: string } & (
  | { leaveOut: string[]; keep?: undefined }
  | { keep: string[]; leaveOut?: undefined }
)

const cells = z.array(text).min(1).max(MOST_VALUES)

const ruleSchema = z
  .object({
    column: header.describe('The header of a column, or an attribute of a CRM'),
    leaveOut: cells.optional().describe('Rows with one of these values are left out; "" is a blank cell'),
    keep: cells.optional().describe('Rows with any other value are left out. Exactly one of `leaveOut` and `keep`'),
  })
  .superRefine(({ leaveOut, keep }, context) => {
    if ((leaveOut === undefined) !== (keep === undefined)) return
    context.addIssue({ code: 'custom', message: 'Give exactly one of “leaveOut” and “keep”' })
  }) as unknown as z.ZodType<RowRule, RowRule>

const MOST_RULES = 20

/** The rules for rows of a source (design: Leaving rows out). */
export const rowRulesSchema = z.array(ruleSchema).max(MOST_RULES)
