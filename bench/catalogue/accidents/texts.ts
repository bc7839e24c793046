import type { Column, ListFile } from '../file.ts'
import type { Harm } from '../floors.ts'
import { type Accident, changeSome, nameColumns, placesOf } from './accident.ts'
import { changed, groups } from './harm.ts'

const OTHER_THAN_ASCII = /[^\0-\x7f]/

function damaged(name: string, damage: (text: string) => string): Accident {
  return {
    name,
    happen(list, share, { random }) {
      const places = placesOf(list.rows.length, share, random)
      const after = list.withRows(list.rows.map((row, at) => (places.has(at) ? row.map(damage) : row)))
      const hit = list.rows.filter((row, at) => places.has(at) && row.some((cell) => OTHER_THAN_ASCII.test(cell)))
      return { nights: [after], harm: [{ limit: 'garbled', count: hit.length, of: list.rows.length }] }
    },
  }
}

function rewritten(
  name: string,
  kinds: Accident['kinds'],
  columnsOf: (list: ListFile) => readonly Column[],
  change: (cell: string) => string,
  more: (list: ListFile, after: ListFile) => Harm[] = () => [],
): Accident {
  return {
    name,
    ...(kinds === undefined ? {} : { kinds }),
    happen(list, share, { random }) {
      let after = list
      for (const column of columnsOf(list)) after = changeSome(after, column, share, random, change)
      return { nights: [after], harm: [changed(list, after), ...more(list, after)] }
    },
  }
}

/** Renames some groups in every row. If `change` returns null, the group is removed. */
function regrouped(name: string, change: (group: string) => string | null): Accident {
  return {
    name,
    kinds: ['college', 'rescue', 'families'],
    happen(list, share, { random }) {
      const all = [...new Set(list.cells('groups').flatMap((cell) => cell.split(', ')))]
      const chosen = new Set(random.some(all, Math.max(1, Math.round(all.length * share))))
      const after = list.change('groups', (cell) =>
        cell
          .split(', ')
          .map((group) => (chosen.has(group) ? change(group) : group))
          .filter((group) => group !== null)
          .join(', '),
      )
      return { nights: [after], harm: groups(list, after) }
    },
  }
}

/** Accidents that change the text of cells. */
export const TEXT_ACCIDENTS: readonly Accident[] = [
  damaged('UTF-8 is read as Windows-1252', (text) =>
    new TextDecoder('windows-1252').decode(new TextEncoder().encode(text)),
  ),
  damaged('Letters that are not ASCII become question marks', (text) => text.replace(/[^\0-\x7f]/g, '?')),
  damaged('Letters that are not ASCII are lost', (text) => text.replace(/[^\0-\x7f]/g, '\ufffd')),
  rewritten('Names are lower-cased', undefined, nameColumns, (cell) => cell.toLowerCase()),
  rewritten(
    'E-mail addresses get another domain',
    undefined,
    () => ['email'],
    (cell) => cell.replace(/@.*/, '@typo.example.org'),
  ),
  rewritten(
    'Another separator stands between groups',
    ['rescue'],
    () => ['groups'],
    (cell) => cell.replaceAll(', ', '/'),
    groups,
  ),
  regrouped('Groups are renamed', (group) => `${group} (2027)`),
  regrouped('Groups are taken out of the list', () => null),
  {
    name: 'A group loses most of its members',
    kinds: ['college', 'rescue', 'families'],
    happen(list, share, { random }) {
      const cells = list.cells('groups')
      const group = random.pick(cells).split(', ')[0] ?? ''
      const members = [...cells.keys()].filter((at) => cells[at]?.split(', ').includes(group))
      const leaving = new Set(random.some(members, Math.ceil(members.length * share)))
      const after = list.change('groups', (cell, at) =>
        leaving.has(at)
          ? cell
              .split(', ')
              .filter((one) => one !== group)
              .join(', ')
          : cell,
      )
      return { nights: [after], harm: groups(list, after) }
    },
  },
]
