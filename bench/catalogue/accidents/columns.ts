import type { Column, ListFile } from '../file.ts'
import { type Accident, blockOf, changeSome, type Happened, nameColumns } from './accident.ts'
import { blanked, changed, groups, passed, sameNumber, unreachable } from './harm.ts'

/** Sorts some columns of a block of rows and leaves the other columns as they are. */
function sorted(list: ListFile, columns: readonly Column[], from: number, to: number): ListFile {
  const indexes = columns.map((column) => list.at(column))
  const parts = list.rows.slice(from, to).map((row) => indexes.map((at) => row[at] ?? ''))
  const ordered = parts.toSorted((a, b) => (a.join('\t') < b.join('\t') ? -1 : 1))
  return list.withRows(
    list.rows.map((row, at) => {
      const own = ordered[at - from]
      return own === undefined ? row : row.map((cell, i) => own[indexes.indexOf(i)] ?? cell)
    }),
  )
}

function sortedAlone(name: string, columnsOf: (list: ListFile) => readonly Column[]): Accident {
  return {
    name: `${name} sorted without the others`,
    happen(list, share, { random }) {
      const columns = columnsOf(list)
      const { from, to } = blockOf(list.rows.length, share, random)
      const after = sorted(list, columns, from, to)
      return { nights: [after], harm: [passed(list, after, columns), changed(list, after)] }
    },
  }
}

/** Copies the first cell of a block into all cells below it, in one column. */
function filledDown(name: string, column: Column): Accident {
  return {
    name,
    happen(list, share, { random }) {
      const { from, to } = blockOf(list.rows.length, share, random)
      const source =
        list
          .cells(column)
          .slice(from, to)
          .find((cell) => cell !== '') ?? ''
      const after = list.change(column, (cell, at) => (at >= from && at < to ? source : cell))
      const same = column === 'mobile' ? [sameNumber(list, after, source)] : []
      const ofGroups = column === 'groups' ? groups(list, after) : []
      return { nights: [after], harm: [...same, ...ofGroups, changed(list, after)] }
    },
  }
}

function blank(
  column: Column,
  kinds: Accident['kinds'],
  more: (list: ListFile, after: ListFile) => Happened['harm'],
): Accident {
  return {
    name: `The ${column} column is blank`,
    ...(kinds === undefined ? {} : { kinds }),
    happen(list, share, { random }) {
      const after = changeSome(list, column, share, random, () => '')
      return { nights: [after], harm: [blanked(list, after, column), changed(list, after), ...more(list, after)] }
    },
  }
}

/** Swaps two columns in a share of the rows. */
function exchanged(
  name: string,
  one: Column,
  other: Column,
  kinds: Accident['kinds'],
  more: (list: ListFile, after: ListFile) => Happened['harm'] = () => [],
): Accident {
  return {
    name,
    ...(kinds === undefined ? {} : { kinds }),
    happen(list, share, { random }) {
      const [a, b] = [list.at(one), list.at(other)]
      const { from, to } = blockOf(list.rows.length, share, random)
      const swap = (row: readonly string[]) => row.with(a, row[b] ?? '').with(b, row[a] ?? '')
      const after = list.withRows(list.rows.map((row, at) => (at >= from && at < to ? swap(row) : row)))
      return { nights: [after], harm: [changed(list, after), ...more(list, after)] }
    },
  }
}

/** The kinds whose lists have their own headers. A number may be blank in them. */
const OWN = ['college', 'rescue', 'families'] as const

/** Accidents with one or two columns. */
export const COLUMN_ACCIDENTS: readonly Accident[] = [
  sortedAlone('The names are', nameColumns),
  sortedAlone('The mobile numbers are', () => ['mobile']),
  sortedAlone('The e-mail addresses are', () => ['email']),
  {
    name: 'The IDs are sorted without the others',
    kinds: ['college', 'rescue', 'staff', 'families'],
    happen(list, share, { random }) {
      const { from, to } = blockOf(list.rows.length, share, random)
      // A list may be in the order of its IDs. It is shuffled first, so that sorting the IDs changes it.
      const shuffled = list.withRows([
        ...list.rows.slice(0, from),
        ...random.shuffled(list.rows.slice(from, to)),
        ...list.rows.slice(to),
      ])
      const after = sorted(shuffled, ['id'], from, to)
      return { nights: [after], harm: [passed(list, after, ['mobile', ...nameColumns(list)]), changed(list, after)] }
    },
  },
  filledDown('One mobile number is filled down', 'mobile'),
  filledDown('One e-mail address is filled down', 'email'),
  filledDown('The groups of one person are filled down', 'groups'),
  {
    name: 'Mobile numbers are filled down as a series',
    happen(list, share, { random }) {
      const { from, to } = blockOf(list.rows.length, share, random)
      const series = (at: number) => `(604) 241-${String((7000 + at - from) % 10_000).padStart(4, '0')}`
      const after = list.change('mobile', (cell, at) => (at >= from && at < to ? series(at) : cell))
      return { nights: [after], harm: [changed(list, after)] }
    },
  },
  blank('title', undefined, () => []),
  blank('organization', ['rescue', 'staff', 'club'], () => []),
  blank('email', undefined, (list, after) => [unreachable(list, after, ['email'])]),
  blank('mobile', OWN, (list, after) => [
    unreachable(list, after, ['mobile']),
    unreachable(list, after, ['mobile', 'home']),
  ]),
  blank('priority', undefined, () => []),
  blank('groups', OWN, groups),
  exchanged('Title and organization are exchanged', 'title', 'organization', ['rescue', 'staff', 'club']),
  exchanged('Mobile and home numbers are exchanged', 'mobile', 'home', OWN, (list, after) => [
    unreachable(list, after, ['mobile']),
  ]),
  exchanged('First and last names are exchanged', 'first', 'last', OWN),
  {
    name: 'All numbers are landlines',
    kinds: ['staff', 'club'],
    happen(list, share, { random }) {
      const after = changeSome(list, 'mobileType', share, random, (cell) => (cell === '' ? '' : 'Landline'))
      const hit = changed(list, after)
      return { nights: [after], harm: [hit, { ...hit, limit: 'unreachable' }] }
    },
  },
  {
    name: 'The opt-out column means the opposite',
    kinds: OWN,
    happen(list, share, { random }) {
      const flipped: Record<string, string> = { Y: 'N', N: 'Y' }
      const after = changeSome(list, 'texts', share, random, (cell) => flipped[cell] ?? cell)
      const out = list.cells('texts').filter((cell) => cell === 'N').length
      const texts = after.cells('texts')
      const back = list.cells('texts').filter((cell, at) => cell === 'N' && texts[at] === 'Y').length
      return { nights: [after], harm: [{ limit: 'resubscribed', count: back, of: out }] }
    },
  },
  {
    name: 'People who opted out here are opted in',
    kinds: OWN,
    happen(list, share, { random, optedOutHere }) {
      const chosen = new Set(random.some(optedOutHere, Math.max(1, Math.round(optedOutHere.length * share))))
      const ids = list.cells('id')
      const after = list.change('texts', (cell, at) => (chosen.has(ids[at] ?? '') ? 'Y' : cell))
      return {
        nights: [after],
        harm: [{ limit: 'resubscribed', count: chosen.size, of: optedOutHere.length, any: true }],
      }
    },
  },
]
