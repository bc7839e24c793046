import type { MappingColumn } from './mapping.ts'
import { cellAt } from './row.ts'
import { compared } from './values/compared.ts'
import { excelError } from './values/excel-error.ts'
import { fieldValues } from './values/field.ts'
import { groupNames } from './values/groups.ts'
import { listText } from './values/list-text.ts'
import { memoized } from './values/memoized.ts'
import { cleanLine, cleanText, readBlank, trimInvisible } from './values/text.ts'

/** A cell that no row has as it is: joined from several cells, the same in each row, or turned into another value. */
export interface DerivedCell {
  /** The cells of the row that it is made from, as indices; none for a constant. */
  from: readonly number[]
  /** The headers as problems name them; null for a constant. */
  label: string | null
  of(cells: readonly string[]): string
}

/** Returns a cell that is the same in each row. */
function constantCell(value: string): DerivedCell {
  return { from: [], label: null, of: () => value }
}

/**
 * Returns a cell that joins others. Blank ones, and words that are written in place of a blank, leave no separator. One of
 * Excel’s error values makes the whole cell that error, so that it is reported as one.
 */
function joinedCell(from: readonly number[], join: string, label: string): DerivedCell {
  return {
    from,
    label,
    of(cells) {
      const parts: string[] = []
      for (const index of from) {
        const part = cleanLine(cellAt(cells, index))
        if (readBlank(part) !== null) continue
        if (excelError(part) !== null) return part
        parts.push(part)
      }
      return parts.join(join)
    },
  }
}

/** Turns cells into other values, once: a result is not looked up again. */
type Translation = (cell: string) => string

/** Returns the translation that a mapping gives, for a cell that has one value. Other cells stay as they are. */
function translationOf(values: Readonly<Record<string, string>>): Translation {
  const known = new Map(Object.entries(values).map(([cell, value]) => [compared(cell), value]))
  const translate = memoized((cell) => ({ value: known.get(compared(cell)) ?? cell }))
  return (cell) => translate(cell).value
}

/**
 * Returns the translation of a cell with several values. `split` is how the cell’s reader splits it. A cell of which
 * nothing is translated stays as it is.
 */
function listTranslationOf(
  values: Readonly<Record<string, string>>,
  split: (text: string) => readonly string[],
): Translation {
  const known = new Map(Object.entries(values).map(([cell, value]) => [compared(cell), value]))
  const translate = (cell: string): string => {
    const text = cleanText(cell)
    if (text === '') return known.get('') ?? cell
    const parts = split(text).filter((part) => trimInvisible(part) !== '')
    const results = parts.map((part) => known.get(compared(part)))
    if (results.every((result) => result === undefined)) return cell
    const all = results.flatMap((result, i) => (result === undefined ? [parts[i] ?? ''] : split(result)))
    return listText(all.map(cleanLine).filter((line) => line !== ''))
  }
  const once = memoized((cell) => ({ value: translate(cell) }))
  return (cell) => once(cell).value
}

/**
 * Returns the index of the column that an entry of a mapping names, or the cell that it makes. `from`: the indices of its
 * columns; `labels`: the names of all columns. The values of a field are turned into others when it is read, because only
 * then it is known whether it is a list.
 */
export function cellOf(entry: MappingColumn, from: readonly number[], labels: readonly string[]): number | DerivedCell {
  const { to, values } = entry
  const [only = -1] = from
  const label = from.map((index) => labels[index] ?? '').join(' + ')
  if (entry.constant !== undefined) return constantCell(entry.constant)
  const joined = entry.columns === undefined ? null : joinedCell(from, entry.join ?? ' ', label)
  if (values === undefined || isField(to)) return joined ?? only
  const translate = to === 'groups' ? listTranslationOf(values, groupNames) : translationOf(values)
  return { from, label, of: (cells) => translate(joined === null ? cellAt(cells, only) : joined.of(cells)) }
}

/** Returns what turns the cells of a field into other values; null if they stay, or if the entry is of no field. */
export function fieldTranslation({ to, values }: MappingColumn): ((cell: string, list: boolean) => string) | null {
  if (values === undefined || !isField(to)) return null
  const one = translationOf(values)
  const several = listTranslationOf(values, fieldValues)
  return (cell, list) => (list ? several(cell) : one(cell))
}

function isField(target: string): boolean {
  return target.startsWith('field:')
}
