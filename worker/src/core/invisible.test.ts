import { describe, expect, it } from 'vitest'
import { PlannedDirectory } from '../testing/planned-directory.ts'
import { cellsOf, HEADER, type Person } from '../testing/roster.ts'
import { groupKey } from './contact.ts'
import { headerKey } from './template.ts'

const sheetOf = (rows: readonly Person[]) => [HEADER, ...rows.map(cellsOf)]

/** Characters that show nothing, and spaces that look like an ordinary one. */
const HIDDEN = [
  '\u00AD',
  '\u034F',
  '\u200B',
  '\u200C',
  '\u200D',
  '\u200E',
  '\u200F',
  '\u202A',
  '\u2060',
  '\u2066',
  '\uFEFF',
  '\uFE0F',
]
const SPACES = ['\u00A0', '\u2007', '\u2009', '\u202F', '\u3000', '  ', ' \u00A0']

describe('a character that cannot be seen', () => {
  it.each(HIDDEN)('%j tells no headers and no groups apart', (hidden) => {
    expect(headerKey(`${hidden}Em${hidden}ail${hidden}`)).toBe('email')
    expect(groupKey(`Se${hidden}arch Team${hidden}`)).toBe('search team')
  })

  it.each(SPACES)('the space %j tells no headers and no groups apart', (space) => {
    expect(headerKey(`E-mail${space}address`)).toBe('e-mailaddress')
    expect(groupKey(`Search${space}Team`)).toBe('search team')
  })

  it.each([...HIDDEN, ...SPACES.map((space) => `${space} `)])(
    '%j makes no second group, and none with an odd name',
    async (odd) => {
      const directory = new PlannedDirectory()
      const { planned } = await directory.import(
        sheetOf([
          { ID: 'a', Groups: `Search ${odd}Team` },
          { ID: 'b', Groups: 'Search Team' },
        ]),
      )
      expect([...planned.newGroups]).toEqual([['search team', 'Search Team']])
    },
  )

  it.each([...HIDDEN, ...SPACES])(
    '%j in a name, a title or a description makes no conflict between rows of one ID',
    async (odd) => {
      const directory = new PlannedDirectory()
      const person = { ID: 'a', Title: 'Team Lead', 'Number Description': 'at work', Number: '6045550101' }
      const spaced = SPACES.includes(odd)
      const other = {
        ID: 'a',
        Name: spaced ? `Person${odd}a` : `Person ${odd}a`,
        Title: spaced ? `Team${odd}Lead` : `Te${odd}am Lead`,
        'Number Description': spaced ? `at${odd}work` : `at wo${odd}rk`,
        Number: '6045550101',
      }
      // U+FE0F shows nothing after a letter, but may change how the sign before it looks.
      if (odd === '\uFE0F') return
      const plan = await directory.import(sheetOf([other, person]))
      expect(plan.reports).toEqual([])
      const again = await directory.import(sheetOf([person, other]))
      expect(again.changes).toEqual([])
      expect([...directory.contacts.values()]).toMatchObject([{ details: { name: 'Person a', title: 'Team Lead' } }])
    },
  )

  it('an ID that differs by it from a known one is an error that shows it, and nobody is removed', async () => {
    const directory = new PlannedDirectory()
    const staff: Person[] = [{ ID: 'E01' }, { ID: 'ana@example.org' }, { ID: 'E03' }]
    await directory.import(sheetOf(staff))
    const plan = await directory.import(
      sheetOf([{ ID: 'E0\u200B1' }, { ID: 'Ana@Example.org' }, { ID: 'E03' }, { ID: 'E04' }]),
    )
    expect(plan.planned.counts).toMatchObject({ removed: 0, added: 1, errors: 2, protected: 2, contactsWithErrors: 2 })
    expect(plan.reports.map(({ problems }) => problems[0]?.message)).toMatchObject([
      expect.stringContaining('“E0[U+200B]1” differs from “E01”'),
      expect.stringContaining('“Ana@Example.org” differs from “ana@example.org”'),
    ])
  })

  it('an ID with it beside the same ID without it is an error, whichever comes first and also in a first import', async () => {
    for (const ids of [
      ['E0\u200B1', 'E01'],
      ['E01', 'E0\u200B1'],
      ['E01', 'E02', 'E0\u200B1', 'E01'],
    ]) {
      const plan = await new PlannedDirectory().import(
        sheetOf(ids.map((ID) => ({ ID, Name: 'Ana', Number: '6045550101' }))),
      )
      expect(plan.planned.counts).toMatchObject({ errors: 1, added: new Set(ids).size - 1, protected: 0 })
      const errors = plan.reports.flatMap(({ problems }) => problems.filter(({ severity }) => severity === 'error'))
      expect(errors).toMatchObject([{ id: 'E0\u200B1', code: 'id_looks_like' }])
    }
  })

  it('columns that share a header are named once in the report, on the header row', async () => {
    const mapping = [
      { column: 'ID', to: 'id' },
      { column: 'Name', to: 'name' },
      { column: 'Phone', to: 'number', type: 'mobile' as const },
    ]
    const sheet = [
      ['ID', 'Name', 'Phone', 'Phone'],
      ['a', 'Ana', '6045550101', '6045550102'],
    ]
    const { reports } = await new PlannedDirectory().import(sheet, { mapping })
    expect(reports).toMatchObject([{ row: 1, problems: [{ code: 'header_repeated', column: 'Phone' }] }])
    const both = [...mapping, { column: 'Phone (2)', to: 'number2', type: 'mobile' as const }]
    expect((await new PlannedDirectory().import(sheet, { mapping: both })).reports).toEqual([])
  })
})
