import type { TestView } from '../../../worker/src/api/views/source.ts'
import type { Kind } from '../../../worker/src/connections/kind.ts'
import { mappingRefusal } from '../../../worker/src/connections/mapping.ts'
import { ATTRIBUTE_KEYS, ATTRIBUTES, columnOf } from '../../../worker/src/core/attributes.ts'
import { findColumns } from '../../../worker/src/core/columns.ts'
import { Failure } from '../../../worker/src/core/failure.ts'
import type { FromColumn, MappingColumn } from '../../../worker/src/core/mapping.ts'
import { sourceSettingsSchema } from '../../../worker/src/core/source.ts'
import { headerKey } from '../../../worker/src/core/template.ts'
import type { SourceDraft } from './draft.ts'

type Mapping = readonly MappingColumn[]
type FileColumn = TestView['columns'][number]

/** One line of the list of columns: a column of the file and what it is mapped to, if it is. */
export interface ColumnLine {
  name: string
  samples: string[]
  suggestion: FileColumn['suggestion']
  entry: FromColumn | null
  /** `absent`: mapped, and not in the file; `repeated`: the file has the header twice; `nameless`: it has none. */
  trouble: 'absent' | 'repeated' | 'nameless' | null
}

/**
 * Returns the columns in the order of the file, then the mapped columns that the file lacks. `file` is null before a
 * test.
 */
export function columnLines(mapping: Mapping, file: readonly FileColumn[] | null): ColumnLine[] {
  const columns = file ?? []
  const mapped = mapping.filter(isFromColumn)
  const keys = columns.map(({ name }) => headerKey(name))
  const lines = columns.flatMap((column, i): ColumnLine[] => {
    const key = keys[i] ?? ''
    const trouble = key === '' ? 'nameless' : keys.indexOf(key) !== keys.lastIndexOf(key) ? 'repeated' : null
    const entries = keys.indexOf(key) === i ? mapped.filter((entry) => headerKey(entry.column) === key) : []
    return entries.length === 0
      ? [{ ...column, entry: null, trouble }]
      : entries.map((entry) => ({ ...column, entry, trouble }))
  })
  const others = mapped.filter((entry) => !keys.includes(headerKey(entry.column)))
  const trouble = file === null ? null : 'absent'
  const unseen = others.map(
    (entry): ColumnLine => ({ name: entry.column, samples: [], suggestion: null, entry, trouble }),
  )
  return [...lines, ...unseen]
}

/** Returns whether an entry of a mapping has a column of its own. */
export function isFromColumn(entry: MappingColumn): entry is FromColumn {
  return entry.column !== undefined
}

/** Returns the mapping that accepts every suggestion. */
export function suggestedMapping(file: readonly FileColumn[]): FromColumn[] {
  return file.flatMap(({ name, suggestion }) => {
    if (suggestion === null) return []
    const { confidence: _, smsStatus: __, ...target } = suggestion
    return [{ column: name, ...target }]
  })
}

/**
 * Returns the changed draft, with the SMS values that the file suggests if another column than before is mapped to the SMS
 * status: under “SMS Opt Out” a yes is an opt-out.
 */
export function withSuggestedSms(before: SourceDraft, after: SourceDraft, file: readonly FileColumn[]): SourceDraft {
  const column = smsColumn(after.mapping)
  if (column === null || column === smsColumn(before.mapping)) return after
  const values = file.find(({ name }) => headerKey(name) === column)?.suggestion?.smsStatus
  return values === undefined ? after : { ...after, smsStatus: { ...after.smsStatus, ...values } }
}

function smsColumn(mapping: Mapping | null): string | null {
  const column = mapping?.find(({ to }) => to === 'smsStatus')?.column
  return column === undefined ? null : headerKey(column)
}

/** Returns the mapping with the line’s column mapped to `to`; an empty `to` unmaps it. */
export function mapped(mapping: Mapping, { entry, name }: ColumnLine, to: string): MappingColumn[] {
  if (to === '') return mapping.filter((one) => one !== entry)
  const next: FromColumn = { ...kept(entry, to), column: name, to }
  return entry === null ? [...mapping, next] : mapping.map((one) => (one === entry ? next : one))
}

/** A type is a number’s, and a list a field’s: neither outlives a target of another kind. */
function kept(entry: FromColumn | null, to: string): Partial<FromColumn> {
  return entry !== null && kindOf(entry.to) === kindOf(to) ? entry : {}
}

/** Returns a target without its number or key: `number` for `number2`, `field` for `field:major`. */
export function kindOf(target: string): string {
  return target.replace(/(?:\d+|:.*)$/, '')
}

/**
 * Returns the targets to choose from: as many numbers and e-mail addresses as are mapped, and one more of each; then the
 * custom fields, by their keys.
 */
export function targetsFor(mapping: Mapping, fields: Iterable<string>): string[] {
  const places = mapping.flatMap(({ to }) => columnOf(to) ?? [])
  const lastOf = (name: string) =>
    Math.max(0, ...places.filter(({ column }) => column.to === name).map(({ place }) => place))
  const attributes = ATTRIBUTE_KEYS.flatMap((key) => {
    const names = ATTRIBUTES[key].columns.map(({ to }) => to)
    const [first] = names
    if (first === undefined || columnOf(first)?.column.numbered !== true) return names
    const count = Math.min(lastOf(first) + 1, 99)
    return Array.from({ length: count }, (_, i) => names.map((name) => (i === 0 ? name : `${name}${i + 1}`))).flat()
  })
  const usual = ['id', ...attributes, 'smsStatus', ...Array.from(fields, (key) => `field:${key}`)]
  return [...usual, ...new Set(mapping.map(({ to }) => to).filter((to) => !usual.includes(to)))]
}

/** Returns why the API would refuse the mapping; null if it would accept it. */
export function mappingProblem(mapping: Mapping | null, connection: { kind: Kind }): string | null {
  const { error } = sourceSettingsSchema.shape.mapping.safeParse(mapping)
  if (error !== undefined) return error.issues[0]?.message ?? 'The mapping is not complete'
  return mapping === null ? null : mappingRefusal(connection, mapping)
}

/** Returns whether the API would accept the mapping. */
export function isComplete(mapping: Mapping | null, connection: { kind: Kind }): boolean {
  return mappingProblem(mapping, connection) === null
}

/**
 * The target of each column of the file under the mapping, null where it is not imported; empty where it cannot hold.
 */
export function targetsOf(names: readonly string[], mapping: Mapping | null): (string | null)[] {
  try {
    const { used, targets } = findColumns([{ number: 1, cells: names }], mapping)
    return names.map((_, index) => targets[used.indexOf(index)] ?? null)
  } catch (error) {
    if (error instanceof Failure) return []
    throw error
  }
}
