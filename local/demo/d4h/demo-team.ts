import { makePeople, type Person } from '../people.ts'
import type { Version } from '../roster.ts'
import { type D4hField, type D4hMember, type D4hTeamData, d4hMember, d4hTeam } from './team.ts'

const MADE = '2026-09-01T08:00:00.000Z'
const CHANGED = '2026-11-16T18:30:00.000Z'

const CALL_SIGN = 41
const LANGUAGES = 42
const ENGLISH = 421
const FRENCH = 422

const FIELDS: D4hField[] = [
  { id: CALL_SIGN, title: 'Radio call sign', type: 'TEXT', options: [], archived: false, updatedAt: MADE },
  {
    id: LANGUAGES,
    title: 'Languages',
    type: 'MULTIPLE_CHOICE',
    options: [
      { id: ENGLISH, label: 'English' },
      { id: FRENCH, label: 'French' },
    ],
    archived: false,
    updatedAt: MADE,
  },
]

/** The team whose members the demo source imports, and the range of numbers that only its members have in the demo. */
export const D4H_TEAM = { id: 12, members: 80, firstNumber: 2900 }

/**
 * Returns the teams that the demo's token may read: one of 75 members, and a small one that a new user can choose
 * instead.
 */
export function demoTeams(version: Version): D4hTeamData[] {
  const ridge = makePeople(D4H_TEAM.members, { prefix: '', seed: 44, firstNumber: D4H_TEAM.firstNumber })
  const coast = makePeople(12, { prefix: '', seed: 45, firstNumber: D4H_TEAM.firstNumber + 150 })
  return [
    teamOf(D4H_TEAM.id, 'Northern Ridge Rescue', present(ridge, version)),
    teamOf(13, 'Coast Valley Search', coast),
  ]
}

/**
 * Returns the members of a version. In the second week five have joined and one in twenty-five has left; in the third
 * half of the list is missing.
 */
function present(people: Person[], version: Version): Person[] {
  const here = version === 1 ? people.slice(0, -5) : people.filter((_, index) => index % 25 !== 3)
  const stated =
    version === 1 ? here : here.map((person, i) => (i % 15 === 4 ? { ...person, title: 'Team Lead' } : person))
  return version === 3 ? stated.slice(0, Math.ceil(stated.length / 2)) : stated
}

function teamOf(id: number, title: string, people: Person[]): D4hTeamData {
  const titles = [...new Set(people.flatMap((person) => person.groups))].sort()
  const groups = titles.map((group, index) => ({ id: id * 100 + index, title: group, updatedAt: MADE }))
  return d4hTeam({
    id,
    title,
    fields: FIELDS,
    members: people.map((person) => memberOf(person, id)),
    groups,
    memberships: people.flatMap((person) =>
      groups
        .filter((group) => person.groups.includes(group.title))
        .map((group) => ({
          id: memberId(person, id) * 100 + (group.id % 100),
          group: group.id,
          member: memberId(person, id),
          updatedAt: MADE,
        })),
    ),
  })
}

function memberId({ id }: Person, team: number): number {
  return team * 10_000 + Number(id)
}

function memberOf(person: Person, team: number): D4hMember {
  const numbers = new Map(person.numbers.map(({ type, number }) => [type, number]))
  const place = Number(person.id)
  const id = memberId(person, team)
  return d4hMember({
    id,
    name: person.name,
    ref: `M-${id % 10_000}`,
    position: person.title === '' ? null : person.title,
    status: place % 12 === 7 ? 'NON_OPERATIONAL' : place % 20 === 11 ? 'RETIRED' : 'OPERATIONAL',
    email: person.email === '' ? null : person.email,
    mobile: place === 21 ? 'on request' : (numbers.get('Mobile') ?? null),
    work: numbers.get('Landline') ?? null,
    // Some people enter their mobile number as their home number too.
    home: place % 9 === 2 ? (numbers.get('Mobile') ?? null) : null,
    pager: numbers.get('Pager') ?? null,
    fields: { [CALL_SIGN]: `Ridge ${id % 100}`, [LANGUAGES]: place % 3 === 0 ? [ENGLISH, FRENCH] : [ENGLISH] },
    updatedAt: person.title === 'Team Lead' ? CHANGED : MADE,
  })
}
