import { ATTRIBUTES, TEXT_KEYS, type TextKey } from './attributes.ts'
import type { NumberType } from './contact.ts'
import { cellOf, type DerivedCell, fieldTranslation } from './derived.ts'
import { Failure } from './failure.ts'
import { listOfNames } from './file-details.ts'
import { headersOf, type MappingColumn, type RowRule } from './mapping.ts'
import { cellsBehind } from './row.ts'
import { type RuledColumn, ruledColumn } from './row-rules.ts'
import { headerKey, TEMPLATE } from './template.ts'
import type { RequiredCode } from './values/required.ts'
import { cleanLine } from './values/text.ts'

/**
 * The places of a file's values: indices into a row's cells, -1 if the file has no such column. From the header's length
 * on, an index is one of `derived`; `cellAt` reads both.
 */
export interface Columns {
  /** The header row as the file spells it. */
  header: string[]
  /** The names of the columns; see `columnNames`. `labelAt` knows derived cells too. */
  labels: string[]
  /** The mapped columns whose header further columns have that are not mapped, with the names of these. */
  repeated: { column: string; further: string[] }[]
  /** The cells that no row has as they are: joined, constant, or turned into other values. */
  derived: readonly DerivedCell[]
  /** The columns by which rows are left out, in the order of the rules. */
  rows: RuledColumn[]
  /** The columns that are only read as a part of a joined cell. */
  joined: number[]
  /** The number of the header row. */
  headerRow: number
  /** Whether the template's rules apply: a blank number, type or group is an error. */
  template: boolean
  id: number
  name: number
  priority: number
  smsStatus: number
  /** The columns of attributes of the shape `text`, in the order of the attributes. */
  texts: TextColumn[]
  groups: number[]
  emails: number[]
  numbers: NumberColumns[]
  fields: FieldColumn[]
  /**
   * The indices of all cells that a row is read from, in an order that depends only on the targets, for the fingerprint.
   * The columns of `rows` come last.
   */
  used: number[]
  /** The target of each index in `used`, except for the columns of `rows`. */
  targets: string[]
}

interface TextColumn {
  key: TextKey
  index: number
  /** The code for a blank cell, if a blank cell is an error. */
  required: RequiredCode | null
}

export interface NumberColumns {
  number: number
  type: number
  /** The type that the mapping sets, if the number has no type column. */
  fixedType: NumberType | null
  description: number
  /** The column of the number's country, for numbers without a country code of their own. */
  country: number
  /**
   * Whether a blank cell is an error. The first number is required in a template row and in a Connect record; further
   * numbers may be blank.
   */
  required: boolean
}

export interface FieldColumn {
  key: string
  index: number
  list: boolean
  /** Turns a cell of the field into another value, whether the field has one value or a list; null if it stays. */
  translate: ((cell: string, list: boolean) => string) | null
}

interface Found {
  to: string
  index: number
  type: NumberType | null
  list: boolean
  translate: FieldColumn['translate']
}

/** A column that has its target by itself. */
const PLAIN = { type: null, list: false, translate: null }

const ROWS_SEARCHED = 30
const LONGEST_NAME = 200

/**
 * Returns the names by which the columns of a header are mapped, and which problems have: without invisible
 * characters, and of a bounded length. Of several columns with one header, further ones are called `Phone (2)`, in the
 * order of the file (api: mapping). Columns without a header have no name.
 */
export function columnNames(header: readonly string[]): string[] {
  const names = header.map((text) => cleanLine(text).slice(0, LONGEST_NAME))
  const keys = names.map(headerKey)
  const taken = new Set(keys)
  const places = new Map<string, number>()
  return names.map((name, index) => {
    const key = keys[index] ?? ''
    const place = places.get(key)
    places.set(key, place ?? 1)
    if (place === undefined || key === '') return name
    for (let next = place + 1; ; next++) {
      const further = `${name.replace(/[\s*]+$/u, '')} (${next})`
      if (taken.has(headerKey(further))) continue
      places.set(key, next)
      return further
    }
  })
}

/** How many rows `findColumns` needs. The header may follow a title or a note. */
export const HEADER_SEARCH = ROWS_SEARCHED

/** The requirements that a kind of source has for its columns. */
interface ColumnRules {
  /** Whether a blank number is an error although the columns are mapped. */
  numberRequired?: boolean
  /** The rules that leave rows out. */
  rows?: readonly RowRule[]
  /** The sheets of the file, for the message if none of them has the columns. */
  sheets?: readonly string[]
}

/**
 * Finds the header among the first rows, and the target of each column. If `mapping` is null, the headers are the
 * template's. Throws `Failure`: `empty` if there is no row, `header_missing` naming the missing headers,
 * `header_duplicate`, `not_a_contact_file` if no header is known and the rows do not look like a table.
 */
export function findColumns(
  first: readonly { number: number; cells: readonly string[] }[],
  mapping: readonly MappingColumn[] | null,
  { numberRequired = false, rows: rowRules = [], sheets = [] }: ColumnRules = {},
): Columns {
  const rows = first.filter((row) => row.cells.some((cell) => cell.trim() !== ''))
  const top = rows[0]
  if (top === undefined) {
    throw new Failure('empty', 'The file is empty.', 'Check that the export has finished and that it wrote its rows.')
  }
  const ruled = rowRules.map(({ column }) => column)
  const required = [
    ...(mapping === null ? TEMPLATE.filter((c) => c.required).map((c) => c.header) : mapping.flatMap(headersOf)),
    ...ruled,
  ]
  const missing = (cells: readonly string[]) => {
    const keys = new Set(columnNames(cells).map(headerKey))
    return required.filter((name) => !keys.has(headerKey(name)))
  }
  const best = rows.reduce((a, b) => (missing(b.cells).length < missing(a.cells).length ? b : a), top)
  const lacking = missing(best.cells)
  const all = lacking.length === required.length
  if (lacking.length > 0) throw lackingHeaders([...new Set(lacking)], { all, ruled, sheets }, rows)
  const header = [...best.cells]
  const labels = columnNames(header)
  const keys = labels.map(headerKey)
  const place = (name: string) => keys.indexOf(headerKey(name))
  const derived: DerivedCell[] = []
  const found = mapping === null ? templateColumns(header) : mappedColumns(labels, place, mapping, derived)
  const ruledColumns = rowRules.map((rule) => ruledColumn(rule, place(rule.column)))
  const read = { header, labels, derived, rows: ruledColumns, headerRow: best.number, template: mapping === null }
  return arrange(found, read, numberRequired)
}

function lackingHeaders(
  lacking: string[],
  { all, ruled, sheets }: { all: boolean; ruled: readonly string[]; sheets: readonly string[] },
  rows: readonly { cells: readonly string[] }[],
): Failure {
  const none = sheets.length > 1 ? ` None of the sheets ${listOfNames(sheets)} has the columns.` : ''
  if (all && !isTable(rows)) {
    return new Failure(
      'not_a_contact_file',
      'The file has no columns that Muster knows.',
      `Check that the address leads to the spreadsheet itself, saved as .xlsx or .csv.${none}`,
    )
  }
  const names = lacking.map((name) => `“${name}”`).join(', ')
  return new Failure(
    'header_missing',
    `The file has no column ${names}.`,
    lacking.every((name) => ruled.includes(name))
      ? `A rule of the source leaves rows out by this column. Let the export write it, or change the rule in the source’s settings.${none}`
      : `Give the columns the headers of the import template, or map the file’s own columns in the source’s settings.${none}`,
  )
}

/** Returns whether the first row has columns, or is a title above rows that all have the same columns. */
function isTable(rows: readonly { cells: readonly string[] }[]): boolean {
  const widths = rows.map(({ cells }) => (cells.filter((cell) => cell.trim() !== '').length > 1 ? cells.length : 0))
  return widths.some((width, i) => width > 0 && (i === 0 || width === widths[i - 1]))
}

function templateColumns(header: readonly string[]): Found[] {
  const found: Found[] = []
  const numbered = new Map<string, string>(TEMPLATE.filter((c) => c.numbered).map((c) => [headerKey(c.header), c.to]))
  for (const [index, text] of header.entries()) {
    const key = headerKey(text)
    const column = TEMPLATE.find((known) => headerKey(known.header) === key)
    const [, stem, order] = /^(.*?)([2-9]|[1-9]\d)$/.exec(key) ?? []
    const to = column?.to ?? (stem !== undefined && numbered.has(stem) ? `${numbered.get(stem)}${order}` : undefined)
    if (to !== undefined) found.push({ ...PLAIN, to, index })
  }
  refuseTwice(found, header)
  return found
}

/** Returns where each target is found. Adds the cells that no row has as they are to `derived`. */
function mappedColumns(
  labels: readonly string[],
  place: (name: string) => number,
  mapping: readonly MappingColumn[],
  derived: DerivedCell[],
): Found[] {
  return mapping.map((entry) => {
    const { to, type = null, list = false } = entry
    const cell = cellOf(entry, headersOf(entry).map(place), labels)
    const index = typeof cell === 'number' ? cell : labels.length + derived.push(cell) - 1
    return { to, index, type, list, translate: fieldTranslation(entry) }
  })
}

/** Returns the columns that are used although further columns have their header and are not used. */
function repeatedColumns(
  used: ReadonlySet<number>,
  header: readonly string[],
  names: readonly string[],
): Columns['repeated'] {
  const alike = Map.groupBy(header.keys(), (index) => headerKey(header[index] ?? ''))
  return [...alike.values()].flatMap((indices) => {
    const first = indices.find((index) => used.has(index))
    const further = indices.filter((index) => !used.has(index)).map((index) => names[index] ?? '')
    return first === undefined || further.length === 0 ? [] : [{ column: names[first] ?? '', further }]
  })
}

function refuseTwice(found: readonly Found[], header: readonly string[]): void {
  const seen = new Set<string>()
  for (const { to, index } of found) {
    if (seen.has(to)) throw twice(header[index] ?? to)
    seen.add(to)
  }
}

function twice(name: string): Failure {
  return new Failure(
    'header_duplicate',
    `The file has the column “${name.trim()}” more than once.`,
    'Remove or rename one of the two, so that it is clear which one counts.',
  )
}

/** A contact without a name of its own gets its name from these. */
const PARTS_OF_NAME: Partial<Record<TextKey, RequiredCode>> = {
  firstName: 'first_name_blank',
  lastName: 'last_name_blank',
}

function arrange(
  found: readonly Found[],
  read: Pick<Columns, 'header' | 'labels' | 'derived' | 'rows' | 'headerRow' | 'template'>,
  numberRequired: boolean,
): Columns {
  const at = (to: string) => found.find((column) => column.to === to)?.index ?? -1
  const every = (to: string) => found.filter((column) => column.to === to).map((column) => column.index)
  const orders = ['', ...Array.from({ length: 98 }, (_, i) => String(i + 2))]
  const numbers = orders.flatMap((order) =>
    found
      .filter((column) => column.to === `number${order}`)
      .map((column) => ({
        number: column.index,
        type: at(`numberType${order}`),
        fixedType: column.type,
        description: at(`numberDescription${order}`),
        country: at(`numberCountry${order}`),
        required: (read.template || numberRequired) && order === '',
      })),
  )
  const used = [...found]
    .sort((a, b) => (a.to < b.to ? -1 : a.to > b.to ? 1 : a.index - b.index))
    .flatMap(({ to, index }) => cellsBehind(index, read).map((cell) => ({ to, cell })))
  const all = [...used.map(({ cell }) => cell), ...read.rows.map(({ index }) => index)]
  const parts = new Set(read.derived.flatMap(({ from }) => (from.length > 1 ? from : [])))
  const name = at('name')
  const texts = TEXT_KEYS.map((key) => {
    const [{ to }] = ATTRIBUTES[key].columns
    return { key, index: at(to), required: name === -1 ? (PARTS_OF_NAME[key] ?? null) : null }
  })
  return {
    ...read,
    repeated: repeatedColumns(new Set(all), read.header, read.labels),
    joined: [...parts].filter((part) => !found.some(({ index }) => index === part)),
    id: at('id'),
    name,
    priority: at('priority'),
    smsStatus: at('smsStatus'),
    texts: texts.filter(({ index }) => index !== -1),
    groups: every('groups'),
    emails: orders.flatMap((order) => every(`email${order}`)),
    numbers,
    fields: found
      .filter((column) => column.to.startsWith('field:'))
      .map(({ to, index, list, translate }) => ({ key: to.slice('field:'.length), index, list, translate })),
    used: all,
    targets: used.map(({ to }) => to),
  }
}
