import type { ListFile } from '../file.ts'
import type { Harm } from '../floors.ts'
import { type Accident, changeSome } from './accident.ts'
import { blanked, changed, missing, unreachable } from './harm.ts'

const NOT_ROW_NUMBERS = ['college', 'rescue', 'staff', 'families'] as const

function rekeyed(name: string, kinds: Accident['kinds'], change: (id: string) => string): Accident {
  return {
    name,
    ...(kinds === undefined ? {} : { kinds }),
    happen(list, share, { random }) {
      const after = changeSome(list, 'id', share, random, change)
      return { nights: [after], harm: [missing(list, after, 'rekeyed'), missing(list, after)] }
    },
  }
}

/** Makes a share of the cells of a column unreadable, so that their rows are errors. */
function unreadable(name: string, column: 'id' | 'name' | 'mobile', kinds: Accident['kinds'], cell: string): Accident {
  return {
    name,
    ...(kinds === undefined ? {} : { kinds }),
    happen(list, share, { random }) {
      const after = changeSome(list, column, share, random, () => cell)
      const at = list.at(column)
      const hit = after.rows.filter((row) => row[at] === cell).length
      return { nights: [after], harm: [{ limit: 'errors', count: hit, of: list.rows.length }] }
    },
  }
}

/** Moves cells one column to the right, as after a comma without quotes. */
function shifted(list: ListFile, share: number, random: Parameters<typeof changeSome>[3]): ListFile {
  const marked = changeSome(list, 'title', share, random, () => '\0')
  const title = list.at('title')
  return list.withRows(
    list.rows.map((row, at) =>
      marked.rows[at]?.[title] === '\0' ? [...row.slice(0, title), 'Ltd.', ...row.slice(title)] : row,
    ),
  )
}

/** Accidents that damage IDs, or make rows unreadable. */
export const ID_ACCIDENTS: readonly Accident[] = [
  rekeyed('IDs get a prefix', NOT_ROW_NUMBERS, (id) => `ORG-${id}`),
  rekeyed('IDs are padded with zeros', ['club'], (id) => id.padStart(8, '0')),
  rekeyed(
    'IDs come from another system',
    undefined,
    (id) => `u${(Number.parseInt(id.replace(/\D/g, ''), 10) * 7919 + 13).toString(36)}`,
  ),
  rekeyed('IDs are lower-cased', ['rescue', 'staff', 'families'], (id) => id.toLowerCase()),
  unreadable('IDs are look-ups that found nothing', 'id', undefined, '#N/A'),
  unreadable('Names are look-ups that found nothing', 'name', ['staff', 'club'], '#N/A'),
  unreadable('Numbers are look-ups that found nothing', 'mobile', ['staff', 'club'], '#N/A'),
  unreadable('Numbers lost their last digits', 'mobile', ['staff', 'club'], '6.04555E+09'),
  unreadable('Numbers have no area code', 'mobile', ['staff', 'club'], '555-0199'),
  {
    name: 'Cells are shifted one column to the right',
    happen(list, share, { random }) {
      const after = shifted(list, share, random)
      // A value beyond the last column makes its row an error. Of the other rows, values are lost or land in other columns.
      const { length } = list.shape.columns
      const long = after.rows.filter((row) => (row[length] ?? '') !== '').length
      const others = after.withRows(after.rows.filter((row) => (row[length] ?? '') === ''))
      const harm: Harm[] = [
        { limit: 'errors', count: long, of: list.rows.length },
        changed(list, others),
        blanked(list, others, 'email'),
        unreachable(list, others, ['email']),
      ]
      return { nights: [after], harm }
    },
  },
]
