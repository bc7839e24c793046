import { TEMPLATE } from '../../worker/src/core/template.ts'
import { FICTIONAL_NUMBERS, fictionalNumber, makePeople, type Person } from './people.ts'

/** The headers of a demo file, which are the template's. */
export const HEADER = TEMPLATE.map((column) => column.header)

/**
 * The version of a demo file: 1 is the first import, 2 a usual week (people join, change and leave), and 3 an export
 * that lost many people, whose removals Muster must hold.
 */
export type Version = 1 | 2 | 3

/** Returns the version with this number, or the first version if there is none. */
export function toVersion(value: number): Version {
  return value === 2 || value === 3 ? value : 1
}

type Row = string[]
type Column = (typeof TEMPLATE)[number]['to']

const ROSTER = 2000
/** How many people join in the second and in the third week. */
const JOINING = [45, 12] as const
/** The places in the roster of the people whom the export of the third week has lost. */
const LOST = [600, 1300] as const

/**
 * Returns the team roster: about 2,000 people, and a dozen rows that somebody has to correct. In the third week people
 * have joined, and a third of the people are missing.
 */
export function roster(version: Version): Row[] {
  const [second, third] = JOINING
  const people = makePeople(ROSTER + second + third, { prefix: 'E000', seed: 2026, firstNumber: 0 })
  const joined = { 1: 0, 2: second, 3: second + third }[version]
  const known = people.slice(0, ROSTER + joined)
  const present = version === 1 ? known : known.flatMap((person, index) => secondWeek(person, index))
  const rows = present.flatMap(toRows)
  const spoilt = spoil(rows, version === 1 ? FIRST_WEEK_MISTAKES : SECOND_WEEK_MISTAKES)
  if (version < 3) return spoilt
  const lost = new Set(people.slice(...LOST).map(({ id }) => id))
  return spoilt.filter(([id = '']) => !lost.has(id))
}

/** Returns the volunteers: 150 other people. */
export function volunteers(version: Version): Row[] {
  const people = makePeople(150, { prefix: 'V', seed: 7, firstNumber: FICTIONAL_NUMBERS - 250 })
  return team(people, version, [{ at: 20, cells: { numberType: 'satellite' } }])
}

/** Returns the drivers: 125 other people. */
export function drivers(version: Version): Row[] {
  const people = makePeople(125, { prefix: 'D', seed: 12, firstNumber: FICTIONAL_NUMBERS - 700 })
  return team(people, version, [{ at: 40, cells: { number: '604-555-010' } }])
}

/** Returns the radio operators: 95 other people. */
export function operators(version: Version): Row[] {
  const people = makePeople(95, { prefix: 'R', seed: 31, firstNumber: FICTIONAL_NUMBERS - 500 })
  return team(people, version, [{ at: 60, cells: { name: '' } }])
}

/** Returns the rows of a small team. In the second week its last five people have joined, and one in fifty has left. */
function team(people: Person[], version: Version, mistakes: Mistake[]): Row[] {
  const present = version === 1 ? people.slice(0, -5) : people.filter((_, index) => index % 50 !== 3)
  const rows = spoil(present.flatMap(toRows), mistakes)
  return version === 3 ? lastHalfLost(rows) : rows
}

/**
 * Returns the person in the second week. One in forty leaves; of the others one in ten has a new title, number or
 * group.
 */
function secondWeek(person: Person, index: number): Person[] {
  if (index % 40 === 7) return []
  if (index % 30 === 4) return [{ ...person, title: 'Deputy Team Lead' }]
  if (index % 30 === 14) return [{ ...person, groups: [...new Set([...person.groups, 'Night Watch'])] }]
  if (index % 30 === 24) {
    const number = fictionalNumber(FICTIONAL_NUMBERS - 260 - Math.floor(index / 30))
    return [{ ...person, numbers: [{ number, type: 'Mobile', description: 'new' }] }]
  }
  return [person]
}

/** Returns a row for each number, as in the template: a row that repeats an ID adds a number. */
export function toRows(person: Person): Row[] {
  return person.numbers.map(({ number, type, description }) => [
    person.id,
    person.name,
    person.organization,
    person.title,
    number,
    type,
    description,
    person.email,
    person.priority,
    person.groups.join(', '),
  ])
}

interface Mistake {
  /** The row, counted from 0 without the header. */
  at: number
  cells: Partial<Record<Column, string>>
}

const FIRST_WEEK_MISTAKES: Mistake[] = [
  { at: 30, cells: { name: '' } },
  { at: 210, cells: { numberType: 'fax' } },
  { at: 390, cells: { number: '604555010' } },
  { at: 570, cells: { number: '6.04555E+09' } },
  { at: 750, cells: { id: '' } },
  { at: 930, cells: { groups: '' } },
  { at: 1110, cells: { number: 'ask at the desk' } },
  { at: 1290, cells: { number: '' } },
  { at: 1470, cells: { organization: 'n/a', title: 'null' } },
  { at: 1650, cells: { email: 'somebody(at)example.org' } },
  { at: 1830, cells: { priority: 'Urgent' } },
  { at: 2010, cells: { numberType: '' } },
  { at: 2190, cells: { number: '6045550199.0' } },
  { at: 2370, cells: { name: 'Same Person, Other Name', id: 'E0000042' } },
]

/** Some mistakes are corrected, some stay, and two are new: one of them in the row of a contact that already exists. */
const SECOND_WEEK_MISTAKES: Mistake[] = [
  ...FIRST_WEEK_MISTAKES.filter((mistake) => mistake.at > 900),
  { at: 100, cells: { number: '604-555-01' } },
  { at: 300, cells: { name: '' } },
]

function spoil(rows: Row[], mistakes: Mistake[]): Row[] {
  const byRow = new Map(mistakes.map((mistake) => [mistake.at, mistake.cells]))
  return rows.map((row, index) => {
    const cells = byRow.get(index)
    return cells === undefined ? row : row.map((cell, column) => cells[TEMPLATE[column]?.to ?? 'id'] ?? cell)
  })
}

function lastHalfLost(rows: Row[]): Row[] {
  return rows.slice(0, Math.ceil(rows.length / 2))
}
