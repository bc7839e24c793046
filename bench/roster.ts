import { emailName } from '../local/demo/people.ts'
import { HEADER } from '../local/demo/roster.ts'

const FIRST = 'Ana Zoë José Renée André Liam Olivia Noah Émile Chloé Björn Aoife Jürgen Priya Wei Fatima Grace'.split(
  ' ',
)
const LAST = "O'Brien Núñez Müller Côté McDonald Okafor García Wong Singh Tremblay Fraser Lévesque Kowalczyk".split(' ')
const ORGANIZATIONS = ['Northern Ridge Rescue', 'Coast Valley Search', "St. Brendan's College", 'École Beau-Rivage']
const TITLES = ['Team Lead', 'Field Member', 'Search Manager', 'Trainee', 'Base Coordinator', 'Member', '']
const DESCRIPTIONS = ['work', 'home', 'personal', '']
const AREA_CODES = '204 250 306 403 416 506 514 604 613 647 705 709 778 780 819 867 902 905'.split(' ')
const EXCHANGES = 800

/**
 * A state of the roster: the first one, the one some days later, and the one after an export that lost nearly a third.
 */
export type State = 'first' | 'changed' | 'thinned'

/** Which people a roster has. */
interface People {
  /** The number of the first person; people of other numbers have other IDs and telephone numbers. */
  from?: number
  /** What IDs begin with. The same people under another letter have the same telephone numbers. */
  letter?: string
}

/**
 * Yields the rows of a made-up roster in the template's shape, the header first, one contact a row, about 117 bytes
 * each; the same rows for the same seed. Of every thousand contacts, `changed` has eight with another title, one
 * removed and one added: 1 %. `thinned` is `changed` without three of every ten.
 */
export function* rosterRows(
  rows: number,
  seed: number,
  state: State,
  { from = 0, letter = 'E' }: People = {},
): Generator<string[]> {
  yield HEADER
  for (let index = from; index < from + rows; index++) {
    const place = state === 'first' ? -1 : index % 1000
    if (state === 'thinned' && place % 10 >= 7) continue
    const cells = rowOf(place === 950 ? rows + index : index, seed, letter)
    if (place >= 100 && place < 900 && place % 100 === 0) cells[3] = 'Deputy Coordinator'
    yield cells
  }
}

/**
 * Yields the rows of a membership export: `people` have `memberships` each, in other groups, and the rows are in the order
 * of the groups, so that no two rows of a person are next to each other.
 */
export function* membershipRows(people: number, memberships: number, seed: number): Generator<string[]> {
  yield HEADER
  for (let membership = 0; membership < memberships; membership++) {
    for (let index = 0; index < people; index++) {
      const cells = rowOf(index, seed, 'E')
      cells[cells.length - 1] = `Committee ${membership}`
      yield cells
    }
  }
}

function rowOf(index: number, seed: number, letter: string): string[] {
  const random = mixed(index, seed)
  const pick = (from: readonly string[], shift: number) => from[(random >>> shift) % from.length] ?? ''
  const first = pick(FIRST, 0)
  const last = pick(LAST, 4)
  const team = random % 3 === 0 ? `, Team ${(random >>> 9) % 300}` : ''
  return [
    `${letter}${String(index).padStart(7, '0')}`,
    `${first} ${last}`,
    pick(ORGANIZATIONS, 7),
    pick(TITLES, 11),
    written(index, random),
    index % 4 === 0 ? 'Landline' : 'Mobile',
    pick(DESCRIPTIONS, 15),
    `${emailName(first)}.${emailName(last)}${index}@example.org`,
    index % 10 === 0 ? 'High' : '',
    `Group ${(random >>> 3) % 200}${team}`,
  ]
}

/** Returns a number that no other contact has, in one of the ways people write numbers. */
function written(index: number, random: number): string {
  const area = AREA_CODES[index % AREA_CODES.length] ?? ''
  const rest = Math.floor(index / AREA_CODES.length)
  const exchange = String(200 + (rest % EXCHANGES))
  const line = String((Math.floor(rest / EXCHANGES) * 157 + rest) % 10_000).padStart(4, '0')
  const ways = [
    `${area}${exchange}${line}`,
    `${area}-${exchange}-${line}`,
    `(${area}) ${exchange}-${line}`,
    `+1 ${area} ${exchange} ${line}`,
  ]
  return ways[random % ways.length] ?? ''
}

/** Returns a 32-bit number that looks random and is the same for the same index and seed. */
function mixed(index: number, seed: number): number {
  let value = Math.imul(index ^ seed, 0x9e3779b1)
  value = Math.imul(value ^ (value >>> 15), 0x85ebca77)
  return (value ^ (value >>> 13)) >>> 0
}
