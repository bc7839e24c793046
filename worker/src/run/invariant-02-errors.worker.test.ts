import { describe, expect, it } from 'vitest'
import type { ProblemView } from '../api/views/run.ts'
import { directory } from '../testing/current.ts'
import { crowd, csvOf, type Person } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const CREW = crowd(3)
const ANA: Person = { ID: 'ana', Name: 'Ana Li', Number: '6045550101', Title: 'Searcher', Groups: 'Rope' }

/** Imports Ana with these rows; returns the directory before and after, the run and its problems. */
async function importAna(rows: Person[], place: 'near' | 'far') {
  const world = await World.start()
  const source = await world.source({ limits: NO_LIMITS })
  await world.import(source, csvOf([...CREW, ANA]))
  const before = await directory()
  const [first, ...rest] = rows
  const file = place === 'near' ? [...rows, ...CREW] : [...(first ? [first] : []), ...CREW, ...rest]
  const run = await world.import(source, csvOf(file))
  const { items } = await world.api<{ items: ProblemView[] }>('GET', `/api/runs/${run.id}/problems`)
  return { before, run, after: await directory(), problems: items }
}

const ERRORS: [what: string, rows: Person[], code: string][] = [
  ['a blank name', [{ ...ANA, Name: '' }], 'name_blank'],
  ['a blank number', [{ ...ANA, Number: '' }], 'number_blank'],
  ['a number that lost its digits', [{ ...ANA, Number: '6.04555E+09' }], 'number_lost_digits'],
  ['a blank number type', [{ ...ANA, 'Number Type': '' }], 'number_type_blank'],
  ['an unknown number type', [{ ...ANA, 'Number Type': 'fax' }], 'number_type_unknown'],
  ['blank groups', [{ ...ANA, Groups: '' }], 'groups_blank'],
  ['another title in a second row', [ANA, { ...ANA, Title: 'Team Lead' }], 'rows_contradict'],
  [
    'one bad row of two',
    [
      { ...ANA, Title: 'Team Lead' },
      { ...ANA, Title: 'Team Lead', Number: '12' },
    ],
    '',
  ],
]

describe('invariant 2: a row with an error never removes or alters the contact it names', () => {
  it.each(ERRORS)('%s leaves the contact unchanged', async (_, rows, code) => {
    const near = await importAna(rows, 'near')
    expect(near.after).toEqual(near.before)
    expect(near.run).toMatchObject({
      status: 'succeeded',
      counts: { added: 0, updated: 0, removed: 0, unchanged: 3 },
    })
    expect(near.problems.every((problem) => problem.severity === 'error' && problem.id === 'ana')).toBe(true)
    if (code !== '') expect(near.problems.map((problem) => problem.code)).toContain(code)
  })

  it.each([false, true])(
    'an error in one row of an ID rejects all rows of the ID, even if they are far apart (reversed: %s)',
    async (reversed) => {
      const rows = [
        { ...ANA, Title: 'Team Lead' },
        { ...ANA, Title: 'Team Lead', Number: 'none' },
      ]
      const far = await importAna(reversed ? rows.reverse() : rows, 'far')
      expect(far.after).toEqual(far.before)
      expect(far.run.counts).toMatchObject({ updated: 0, removed: 0, errors: 1 })
    },
  )

  it('a problem is reported in every run while it lasts, and the contact is updated once it is fixed', async () => {
    const world = await World.start()
    const source = await world.source()
    await world.import(source, csvOf([...CREW, ANA]))
    const bad = { ...ANA, Title: 'Team Lead', Number: '' }
    expect((await world.import(source, csvOf([...CREW, bad]))).counts).toMatchObject({ errors: 1, unchanged: 3 })
    const more = crowd(4)
    expect((await world.import(source, csvOf([...more, bad]))).counts).toMatchObject({ errors: 1, added: 1 })
    expect((await world.import(source, csvOf([...more, { ...ANA, Title: 'Team Lead' }]))).counts).toMatchObject({
      updated: 1,
    })
    expect((await directory()).find(({ id }) => id === 'ana')?.details.title).toBe('Team Lead')
  })

  it('an unreadable value in an optional column is a warning, and the stored value stays', async () => {
    const world = await World.start()
    const source = await world.source()
    await world.import(source, csvOf([{ ...ANA, 'Email Address': 'ana@example.org', 'Notification Priority': 'High' }]))
    const run = await world.import(
      source,
      csvOf([{ ...ANA, Title: 'Team Lead', 'Email Address': 'ana(at)example', 'Notification Priority': 'urgent' }]),
    )
    expect(run.counts).toMatchObject({ updated: 1, errors: 0, warnings: 1 })
    const [ana] = await directory()
    expect(ana?.details).toMatchObject({ title: 'Team Lead', emails: ['ana@example.org'], priority: 'high' })
  })
})

describe('invariant 2: a row that names nobody removes nobody', () => {
  it.each(['', '#N/A', 'n/a'])(
    'contacts whose ID cell became “%s” stay, and the run names them in a warning',
    async (ID) => {
      const world = await World.start()
      const source = await world.source()
      const staff = crowd(60).map((person, i) => ({ ...person, Number: `604555${1000 + i}` }))
      await world.import(source, csvOf(staff))
      const before = await directory()
      const file = csvOf(
        staff.map((person, i) => (i % 12 === 5 ? { ...person, Name: `Person ${person.ID}`, ID } : person)),
      )
      const run = await world.import(source, file)
      expect(run).toMatchObject({
        status: 'succeeded',
        counts: { added: 0, updated: 0, removed: 0, unchanged: 55, errors: 5, warnings: 1 },
      })
      expect(await directory()).toEqual(before)
      const { items } = await world.api<{ items: ProblemView[] }>('GET', `/api/runs/${run.id}/problems`)
      expect(items).toContainEqual(
        expect.objectContaining({
          row: 1,
          severity: 'warning',
          code: 'contacts_kept',
          message: expect.stringContaining('not removed: 5 (“P006”, “P018”, “P030”, “P042”, “P054”)'),
        }),
      )
    },
  )

  it('a row with a total below the contacts does not keep a missing contact', async () => {
    const world = await World.start()
    const source = await world.source()
    await world.import(source, csvOf(crowd(3)))
    const run = await world.import(source, csvOf([...crowd(2), { ID: '', Name: 'Total', Number: '2' }]))
    expect(run).toMatchObject({ status: 'succeeded', counts: { removed: 1, errors: 1, warnings: 0 } })
  })
})
