import { type D4hField, type D4hTeamData, d4hMember, d4hTeam } from './team.ts'

const LONG_AGO = '2026-01-05T08:00:00.000Z'

const FIELDS: D4hField[] = [
  {
    id: 31,
    title: 'Radio call sign',
    type: 'TEXT',
    options: [],
    archived: false,
    updatedAt: LONG_AGO,
  },
  {
    id: 32,
    title: 'Shirt size',
    type: 'SINGLE_CHOICE',
    options: [
      { id: 666, label: 'Small' },
      { id: 667, label: 'Large' },
    ],
    archived: false,
    updatedAt: LONG_AGO,
  },
  {
    id: 33,
    title: 'Languages',
    type: 'MULTIPLE_CHOICE',
    options: [
      { id: 888, label: 'English' },
      { id: 999, label: 'French, Canadian' },
    ],
    archived: false,
    updatedAt: LONG_AGO,
  },
  { id: 34, title: 'Name', type: 'TEXT', options: [], archived: false, updatedAt: LONG_AGO },
  { id: 35, title: 'Old locker', type: 'NUMBER', options: [], archived: true, updatedAt: LONG_AGO },
]

/** Returns a small team in which everything that Muster can read occurs once. */
export function sampleTeam(): D4hTeamData {
  return d4hTeam({
    id: 12,
    title: 'Northern Ridge Rescue',
    fields: structuredClone(FIELDS),
    members: [
      d4hMember({
        id: 101,
        name: 'Ana O’Brien',
        ref: 'NR-7',
        position: 'Team Lead',
        email: 'ana@example.org',
        mobile: '604-555-0100',
        home: '+1 604 555 0100',
        work: '604-555-0101',
        pager: '604-555-0102',
        fields: { 31: 'Ridge 7', 32: [667], 33: [999, 888], 34: 'Annie' },
      }),
      d4hMember({ id: 102, name: 'Björn Okafor', home: '604-555-0103', fields: { 32: [], 33: [999], 35: '17' } }),
      d4hMember({ id: 103, name: 'Priya Singh', mobile: '604-555-0104', label: 8 }),
      d4hMember({ id: 104, name: 'Liam Wong', mobile: '604-555-0105', status: 'NON_OPERATIONAL' }),
      d4hMember({ id: 105, name: 'Grace Fraser', mobile: '604-555-0106', status: 'RETIRED' }),
    ],
    groups: [
      { id: 1, title: 'Rope', updatedAt: LONG_AGO },
      { id: 2, title: 'Search, Ground', updatedAt: LONG_AGO },
      { id: 3, title: 'Nobody', updatedAt: LONG_AGO },
    ],
    memberships: [
      { id: 51, group: 2, member: 101, updatedAt: LONG_AGO },
      { id: 52, group: 1, member: 101, updatedAt: LONG_AGO },
      { id: 53, group: 2, member: 102, updatedAt: LONG_AGO },
      { id: 54, group: 1, member: 105, updatedAt: LONG_AGO },
    ],
  })
}

/** Returns a team with this many members, each with a mobile number and in one of ten groups. */
export function largeTeam(members: number): D4hTeamData {
  const numbers = Array.from({ length: members }, (_, index) => index + 1)
  return d4hTeam({
    id: 12,
    title: 'Large Team',
    members: numbers.map((id) =>
      d4hMember({ id, name: `Member ${id}`, mobile: `604555${String(id).padStart(4, '0')}` }),
    ),
    groups: numbers.slice(0, 10).map((id) => ({ id, title: `Group ${id}`, updatedAt: LONG_AGO })),
    memberships: numbers.map((id) => ({ id, group: (id % 10) + 1, member: id, updatedAt: LONG_AGO })),
  })
}
