import { ListFile } from '../file.ts'
import { Organization } from '../organization.ts'
import type { Random } from '../random.ts'
import { type Accident, blockOf, nameColumns, placesOf } from './accident.ts'
import { added, changed, groups, missing, passed } from './harm.ts'

/** Returns rows of people that the organization has never had, in the form of its own list. */
function strangers({ kind, shape }: Organization, count: number, random: Random): ListFile {
  return ListFile.of(shape, new Organization(kind, count, random, 1_000_000).people)
}

function without(list: ListFile, places: ReadonlySet<number>): ListFile {
  const left = list.rows.filter((_, at) => !places.has(at))
  return list.withRows(left.length === 0 ? list.rows.slice(0, 1) : left)
}

function lost(list: ListFile, after: ListFile) {
  return { nights: [after], harm: [missing(list, after), ...groups(list, after)] }
}

/** Accidents that lose, add or repeat whole rows. */
export const ROW_ACCIDENTS: readonly Accident[] = [
  {
    name: 'The end of the list is cut off between two rows',
    happen(list, share) {
      const from = Math.floor(list.rows.length * (1 - share))
      const after = without(list, new Set(list.rows.keys().filter((at) => at >= from)))
      return lost(list, after)
    },
  },
  {
    name: 'Rows are missing here and there',
    happen: (list, share, { random }) => lost(list, without(list, placesOf(list.rows.length, share, random))),
  },
  {
    name: 'A filter was left on when the list was saved',
    happen(list, share, { random }) {
      const cells = list.cells('groups')
      const hidden = new Set<number>()
      for (const group of random.shuffled([...new Set(cells)])) {
        if (hidden.size >= list.rows.length * share) break
        for (const [at, cell] of cells.entries()) if (cell === group) hidden.add(at)
      }
      return lost(list, without(list, hidden))
    },
  },
  {
    name: 'Another file: rows of other people in place of these',
    happen(list, share, { random, organization }) {
      const places = placesOf(list.rows.length, share, random)
      const others = strangers(organization, places.size, random).rows
      const left = list.rows.filter((_, at) => !places.has(at))
      const after = list.withRows([...left, ...others])
      return lost(list, after)
    },
  },
  {
    name: 'The list of another organization is appended',
    kinds: ['college', 'rescue', 'staff', 'families'],
    happen(list, share, { random, organization }) {
      const others = strangers(organization, Math.round(list.rows.length * share * 3), random)
      const after = list.withRows([...list.rows, ...others.rows])
      return { nights: [after], harm: [added(list, after)] }
    },
  },
  {
    name: 'The list is pasted under itself with other IDs',
    happen(list, share) {
      const id = list.at('id')
      const copies = [1, 2, 3].flatMap((nth) => list.rows.map((row) => row.with(id, `copy${nth}-${row[id] ?? ''}`)))
      const after = list.withRows([...list.rows, ...copies.slice(0, Math.round(copies.length * share))])
      return { nights: [after], harm: [added(list, after)] }
    },
  },
  {
    name: 'Every row is there twice, with another title',
    happen(list, share, { random }) {
      const places = placesOf(list.rows.length, share, random)
      const title = list.at('title')
      const twice = list.rows.map((row) => row.with(title, 'Somebody')).filter((_, at) => places.has(at))
      const hit = { limit: 'errors' as const, count: places.size * 2, of: list.rows.length + places.size }
      return { nights: [list.withRows([...list.rows, ...twice])], harm: [hit] }
    },
  },
  {
    name: 'A row is inserted, and IDs are row numbers',
    kinds: ['club'],
    happen(list, share, { random, organization }) {
      const at = Math.floor(list.rows.length * (1 - share))
      const [person = []] = strangers(organization, 1, random).rows
      const rows = [...list.rows.slice(0, at), person, ...list.rows.slice(at)]
      return renumbered(list, rows)
    },
  },
  {
    name: 'Rows are deleted, and IDs are row numbers',
    kinds: ['club'],
    happen(list, share) {
      const at = Math.floor(list.rows.length * (1 - share))
      return renumbered(
        list,
        list.rows.filter((_, i) => i < at || i > at + 1),
      )
    },
  },
  {
    name: 'The list is sorted by name, and IDs are row numbers',
    kinds: ['club'],
    happen(list, share, { random }) {
      const { from, to } = blockOf(list.rows.length, share, random)
      const name = list.at('name')
      const block = list.rows.slice(from, to).toSorted((a, b) => ((a[name] ?? '') < (b[name] ?? '') ? -1 : 1))
      return renumbered(list, [...list.rows.slice(0, from), ...block, ...list.rows.slice(to)])
    },
  },
  {
    name: 'A block of cells is pasted one row too low',
    happen(list, share, { random }) {
      const { from, to } = blockOf(list.rows.length, share, random)
      const columns = [...nameColumns(list), 'mobile', 'email'] as const
      const moved = new Set(columns.map((column) => list.at(column)))
      const above = (at: number) => (at > from && at < to ? list.rows[at - 1] : undefined)
      const rows = list.rows.map((row, at) => row.map((cell, i) => (moved.has(i) ? (above(at)?.[i] ?? cell) : cell)))
      const after = list.withRows(rows)
      return { nights: [after], harm: [passed(list, after, columns), changed(list, after)] }
    },
  },
  {
    name: 'A share of the people goes each night, for two weeks',
    happen(list, share, { random }) {
      const rate = 0.02 + 0.07 * share
      const nights: ListFile[] = []
      for (let left = list; nights.length < 14; ) {
        left = without(left, placesOf(left.rows.length, rate, random))
        nights.push(left)
      }
      const week = nights[6] ?? list
      return { nights, harm: [missing(list, week)] }
    },
  },
  {
    name: 'A first import adopts manual contacts that are other people',
    kinds: ['club', 'staff'],
    first: 'manual',
    happen(list, share, { random, organization }) {
      const places = placesOf(list.rows.length, share, random)
      const others = strangers(organization, list.rows.length, random)
      const id = list.at('id')
      const after = list.withRows(
        list.rows.map((row, at) => (places.has(at) ? (others.rows[at] ?? row).with(id, row[id] ?? '') : row)),
      )
      return { nights: [after], harm: [{ limit: 'identity', count: places.size, of: list.rows.length }] }
    },
  },
]

/** Returns the list with the row numbers from 1 in the ID column. */
function renumbered(list: ListFile, rows: ListFile['rows']) {
  const id = list.at('id')
  const after = list.withRows(rows.map((row, at) => row.with(id, String(at + 1))))
  return { nights: [after], harm: [passed(list, after, ['name', 'mobile']), changed(list, after)] }
}
