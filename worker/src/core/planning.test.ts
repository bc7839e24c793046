import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Plan, PlannedDirectory, type Sheet } from '../testing/planned-directory.ts'
import { importSlowly, type Person, type PlainRow, shown } from '../testing/reference.ts'
import { cellsOf, HEADER, type Person as Row, shuffled } from '../testing/roster.ts'
import { cases } from '../testing/sample.ts'
import { detailsWith } from './contact.ts'
import type { FromColumn } from './mapping.ts'

const sheetOf = (rows: readonly Row[]): Sheet => [HEADER, ...rows.map(cellsOf)]
const live = (directory: PlannedDirectory) => [...directory.contacts.values()].filter(({ removed }) => !removed)

const plainRow = fc.record<PlainRow>({
  id: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('a1', 'a2', 'a3', 'B4', 'b4', 'x y') },
    { weight: 1, arbitrary: fc.constant('') },
  ),
  name: fc.oneof(
    { weight: 20, arbitrary: fc.constant('Ana') },
    { weight: 2, arbitrary: fc.constant('Bo') },
    { weight: 1, arbitrary: fc.constant('') },
  ),
  title: fc.constantFrom('', '', 'Lead'),
  number: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom('6045550101', '6045550102') },
    { weight: 1, arbitrary: fc.constantFrom('', '12') },
  ),
  type: fc.oneof(
    { weight: 20, arbitrary: fc.constant('mobile') },
    { weight: 2, arbitrary: fc.constantFrom('landline', '', 'fax') },
  ),
  number2: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom('', '', '6045550102', '6045550103') },
    { weight: 1, arbitrary: fc.constant('12') },
  ),
  type2: fc.oneof(
    { weight: 20, arbitrary: fc.constant('') },
    { weight: 6, arbitrary: fc.constant('mobile') },
    { weight: 1, arbitrary: fc.constantFrom('landline', 'fax') },
  ),
  groups: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom('Rope', 'rope', 'Search, Rope', 'ROPE') },
    { weight: 1, arbitrary: fc.constant('') },
  ),
  length: fc.oneof(
    { weight: 14, arbitrary: fc.constant('whole' as const) },
    { weight: 2, arbitrary: fc.constantFrom('long' as const, 'short' as const) },
  ),
})

/**
 * Whether the files have the columns of the template. Otherwise they are mapped, by other rules and in another order.
 */
const template = fc.boolean()
const MAPPING: FromColumn[] = [
  { column: 'Team', to: 'groups' },
  { column: 'Cell', to: 'number' },
  { column: 'Kind', to: 'numberType' },
  { column: 'Other Kind', to: 'numberType2' },
  { column: 'Other', to: 'number2' },
  { column: 'Full Name', to: 'name' },
  { column: 'Role', to: 'title' },
  { column: 'Key', to: 'id' },
]
/** The last row of each file. Its length would also say whether the file was cut. */
const LAST: PlainRow = {
  id: 'z9',
  name: '',
  title: '',
  number: '6045550109',
  type: 'mobile',
  number2: '',
  type2: '',
  groups: 'Rope',
  length: 'whole',
}
const versions = fc.array(
  fc.record({
    rows: fc.array(plainRow, { maxLength: 12 }),
    nobody: fc.constantFrom(0, 0, 1, 3),
    last: fc.constantFrom('Zed', '').map((name) => ({ ...LAST, name })),
    removal: fc.constantFrom('remove' as const, 'remove' as const, 'keep' as const),
    covers: fc.constantFrom('own' as const, 'own' as const, 'directory' as const),
    batch: fc.integer({ min: 1, max: 14 }),
    seed: fc.nat(1000),
  }),
  { minLength: 1, maxLength: 5 },
)

function sheetOfPlain(rows: readonly PlainRow[], template = true, nobody = 0): Sheet {
  const header = template ? [...HEADER, 'Number 2', 'Number Type 2'] : MAPPING.map(({ column }) => column)
  const cells = rows.map(({ id, name, title, number, type, number2, type2, groups, length }) => {
    const row = template
      ? [
          ...cellsOf({ ID: id, Name: name, Title: title, Number: number, 'Number Type': type, Groups: groups }),
          number2,
          type2,
        ]
      : [groups, number, type, type2, number2, name, title, id]
    if (length === 'short' && template) return row.slice(0, -3)
    return length === 'long' ? [...row, 'too much'] : row
  })
  // Above other rows, since the last lines of a file also say whether it was cut.
  const others = [['Total', '2'], header, ['--', '-', '---']].slice(0, nobody)
  return [header, ...others, ...cells]
}

/** Returns the directory in the form of the reference. `sorted`: the order of numbers does not count. */
function people(directory: PlannedDirectory, sorted = false): Map<string, string> {
  const persons = live(directory).map(({ id, manual, details }): [string, string] => {
    const numbers = details.numbers.map(({ number, type }) => `${number.slice(2)} ${type}`)
    const person: Person = {
      name: details.name,
      title: details.title ?? '',
      numbers: new Set(sorted ? numbers.sort() : numbers),
      groups: new Set(details.groups),
      manual,
    }
    return [id, shown(person)]
  })
  return new Map(persons.sort(([a], [b]) => (a < b ? -1 : 1)))
}

describe('a shared mobile number', () => {
  const shared = ({ reports }: Plan) =>
    reports.flatMap(({ problems }) =>
      problems.filter(({ code }) => code === 'number_shared').map(({ row, id, message }) => ({ row, id, message })),
    )

  it('a mobile number that two IDs have is a warning in the rows of both that names both, in any order', async () => {
    const rows = [
      { ID: 'a', Number: '(604) 555-0101' },
      { ID: 'b', Number: '6045550102' },
      { ID: 'c', Number: '6045550101' },
    ]
    const plan = await new PlannedDirectory().import(sheetOf(rows))
    expect(shared(plan)).toEqual([
      { row: 2, id: 'a', message: expect.stringMatching(/\+16045550101.*“a”.*“c”/) },
      { row: 4, id: 'c', message: expect.stringMatching(/\+16045550101.*“c”.*“a”/) },
    ])
    expect(plan.planned.counts).toMatchObject({ added: 3, errors: 0, warnings: 2 })
  })

  it('a shared number is reported only for contacts that are added or changed, and costs nothing without them', async () => {
    const directory = new PlannedDirectory()
    const both = [
      { ID: 'a', Number: '6045550101' },
      { ID: 'b', Number: '6045550101' },
    ]
    await directory.import(sheetOf(both))
    const again = await directory.import(sheetOf(both))
    expect([shared(again), again.asked]).toEqual([[], 0])
    const later = await directory.import(sheetOf([...both, { ID: 'c', Number: '6045550101' }]))
    expect(shared(later)).toEqual([{ row: 4, id: 'c', message: expect.stringMatching(/“c”.*“a”/) }])
  })

  it('a mobile number is not shared if the other contact leaves, changes its number, or has it as a landline', async () => {
    const directory = new PlannedDirectory()
    await directory.import(
      sheetOf([
        { ID: 'a', Number: '6045550101' },
        { ID: 'b', Number: '6045550102' },
      ]),
    )
    const rows = [
      { ID: 'b', Number: '6045550103' },
      { ID: 'c', Number: '6045550101' },
      { ID: 'd', Number: '6045550102' },
    ]
    const landline = { ID: 'e', Number: '6045550101', 'Number Type': 'landline' }
    expect(shared(await directory.import(sheetOf([...rows, landline])))).toEqual([])
  })
})

describe('planning', () => {
  it('a change has the number of every row of its contact', async () => {
    const rows = [{ ID: 'a', Number: '6045550101' }, { ID: 'b' }, { ID: 'a', Number: '6045550102' }]
    const { changes } = await new PlannedDirectory().import(sheetOf(rows))
    expect(Object.fromEntries(changes.map(({ id, rows }) => [id, rows]))).toEqual({ a: [2, 4], b: [3] })
  })

  it('a plan removes contacts after it adds and changes others, so that no person is missing in between', async () => {
    const directory = new PlannedDirectory()
    await directory.import(sheetOf([{ ID: 'leaves' }, { ID: 'stays' }]))
    const { changes } = await directory.import(sheetOf([{ ID: 'comes' }, { ID: 'stays', Title: 'Lead' }]))
    expect(changes.map(({ op }) => op)).toEqual(['add', 'update', 'remove'])
  })

  it('a fetch of changes removes none of the contacts that it does not name', async () => {
    const directory = new PlannedDirectory()
    await directory.import(sheetOf([{ ID: 'a' }, { ID: 'b' }]))
    const { changes } = await directory.import(sheetOf([{ ID: 'b', Title: 'Lead' }]), { complete: false })
    expect(changes.map(({ op, id }) => [op, id])).toEqual([['update', 'b']])
  })

  it('a source adopts the manual contact with the ID of a contact that it removed', async () => {
    const directory = new PlannedDirectory()
    await directory.import(sheetOf([{ ID: 'a' }, { ID: 'b' }]))
    await directory.import(sheetOf([{ ID: 'a' }]))
    const manual = directory.add('b', detailsWith({ name: 'By hand' }))
    const { changes } = await directory.import(sheetOf([{ ID: 'a' }, { ID: 'b' }]))
    expect(changes.map(({ op, key }) => [op, key])).toEqual([['update', manual]])
  })

  it('the next import reads the row of an ID again that became somebody else, and the one after does not', async () => {
    const directory = new PlannedDirectory()
    await directory.import(sheetOf([{ ID: 'a', Name: 'Ana Lee', Number: '6045550101' }, { ID: 'b' }]))
    const zoe = sheetOf([{ ID: 'a', Name: 'Zoe Fox', Number: '6045550102' }, { ID: 'b' }])
    expect((await directory.import(zoe)).planned.somebodyElse).toHaveLength(1)
    expect((await directory.import(zoe)).asked).toBe(1)
    expect((await directory.import(zoe)).asked).toBe(0)
  })

  it('an unchanged example row of the template is skipped, and blank rows are too', async () => {
    const example = [
      'E0000001',
      'Ana Example',
      'Example Organization',
      'Team Lead',
      '6045550100',
      'mobile',
      'work',
      'ana@example.org',
      'High',
      'Search, Rope',
    ]
    const blank = ['', ' ', '\u00A0']
    const { planned } = await new PlannedDirectory().import([HEADER, example, blank, cellsOf({ ID: 'a' }), [], blank])
    expect(planned.counts).toMatchObject({ rows: 1, added: 1, errors: 0 })
    const edited = example.with(1, 'Ana Nguyen')
    const touched = await new PlannedDirectory().import([HEADER, edited, cellsOf({ ID: 'a' })])
    expect(touched.planned.counts).toMatchObject({ rows: 2, added: 2 })
    const sorted = await new PlannedDirectory().import([HEADER, cellsOf({ ID: 'a' }), example])
    expect(sorted.planned.counts).toMatchObject({ rows: 1, added: 1 })
    const narrow = [HEADER, cellsOf({ ID: 'a' }), example].map((row) => row.toSpliced(2, 2))
    expect((await new PlannedDirectory().import(narrow)).planned.counts).toMatchObject({ rows: 1, added: 1 })
  })

  it.each(['together', 'apart'])(
    'a contact over 256 KB is an error, and the others are imported (rows %s)',
    async (place) => {
      const long = Array.from({ length: 60 }, (_, i) => ({
        ID: 'long',
        Number: `604555${1000 + i}`,
        Groups: `${'x'.repeat(5000)}`,
      }))
      const short = { ID: 'short' }
      const rows = place === 'together' ? [...long, short] : [...long.slice(0, 55), short, ...long.slice(55)]
      const { planned, changes, reports } = await new PlannedDirectory().import(sheetOf(rows))
      expect(changes.map(({ id }) => id)).toEqual(['short'])
      expect(planned.counts).toMatchObject({ rows: 61, added: 1 })
      expect(reports.flatMap(({ problems }) => problems.map(({ code }) => code))).toEqual(['contact_too_large'])
    },
  )

  it('a damaged ID is an error that names both, and the known contact stays', async () => {
    const directory = new PlannedDirectory()
    await directory.import(sheetOf([{ ID: '007' }, { ID: 'b' }]))
    const { planned, reports } = await directory.import(sheetOf([{ ID: '7' }, { ID: 'b', Title: 'Lead' }]))
    expect(planned.counts).toMatchObject({ added: 0, updated: 1, removed: 0, errors: 1 })
    expect(reports[0]?.problems[0]?.message).toMatch(/“7”.*“007”/)
    expect(
      live(directory)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['007', 'b'])
  })

  it('a plan counts lost last numbers, blanked values, and groups that lose contacts', async () => {
    const header = ['ID', 'Name', 'Number', 'Number Type', 'Groups', 'Title']
    const directory = new PlannedDirectory()
    const row = (id: string, groups: string, title: string) => [id, 'Ana', '6045550101', 'mobile', groups, title]
    await directory.import([header, row('a1', 'Rope, Air', 'Lead'), row('a2', 'Rope', 'Lead'), row('a3', 'Air', '')])
    const { planned } = await directory.import([
      header,
      row('a1', 'Air', ''),
      row('a2', 'Air', 'Lead'),
      row('a3', 'Air', ''),
    ])
    const { effects, contacts } = planned
    expect([...effects.blanked].map(([attribute, { count }]) => [attribute, count])).toEqual([['title', 1]])
    expect(effects.losing.map(({ key, lost, gained, adrift }) => [key, lost.count, gained, adrift])).toEqual([
      ['rope', 2, 0, 0],
    ])
    expect(effects).toMatchObject({ changed: { count: 2 }, unreachable: { numbers: { count: 0 } }, removedManual: 0 })
    expect(contacts).toBe(3)
  })
})

describe('planning and the reference, which is slow and obvious', () => {
  it('any files in a row give the same directory and the same counts as the reference', async () => {
    await fc.assert(
      fc.asyncProperty(versions, fc.boolean(), template, async (files, manual, template) => {
        const directory = new PlannedDirectory()
        const reference = new Map<string, Person>()
        if (manual) {
          for (const id of ['a1', 'h1']) {
            const number = { number: '+16045550102', type: 'mobile' as const, description: null, extension: null }
            directory.add(id, detailsWith({ name: 'By hand', numbers: [number] }))
            const numbers = new Set(['6045550102 mobile'])
            reference.set(id, { name: 'By hand', title: '', numbers, groups: new Set(), manual: true })
          }
        }
        for (const { rows: others, last, nobody, batch, removal, covers } of files) {
          const rows = [...others, last]
          const mapping = template ? null : MAPPING
          const { planned } = await directory.import(sheetOfPlain(rows, template, nobody), {
            removal,
            covers,
            mapping,
            batch,
          })
          expect(planned.counts).toEqual(importSlowly(reference, rows, { removal, covers, template, nobody }))
          const ought = [...reference].map(([id, person]): [string, string] => [id, shown(person)])
          expect(people(directory)).toEqual(new Map(ought.sort(([a], [b]) => (a < b ? -1 : 1))))
        }
      }),
      { numRuns: cases(2500) },
    )
  })

  it('rows in any order and in batches of any size give the same plan, except for the order of numbers', async () => {
    await fc.assert(
      fc.asyncProperty(versions, template, async (files, template) => {
        const mapping = template ? null : MAPPING
        const one = new PlannedDirectory()
        const other = new PlannedDirectory()
        for (const [nth, { rows, last, nobody, batch, removal, seed }] of files.entries()) {
          const usual = await one.import(sheetOfPlain([...rows, last], template, nobody), {
            removal,
            mapping,
            batch: 1000,
          })
          const again = await other.import(sheetOfPlain([...shuffled(rows, seed), last], template, nobody), {
            removal,
            mapping,
            batch,
          })
          expect(again.planned.counts).toMatchObject({
            added: usual.planned.counts.added,
            removed: usual.planned.counts.removed,
            errors: usual.planned.counts.errors,
            // In later files, another order of a contact's numbers is a change, for which shared numbers are reported.
            ...(nth === 0 ? { warnings: usual.planned.counts.warnings } : {}),
            matched: usual.planned.counts.matched,
          })
          expect(again.planned.newGroups).toEqual(usual.planned.newGroups)
          expect(people(other, true)).toEqual(people(one, true))
        }
      }),
      { numRuns: cases(1200) },
    )
  })

  it('the plan and the report do not depend on how much fits in memory', async () => {
    await fc.assert(
      fc.asyncProperty(versions, template, async (files, template) => {
        const mapping = template ? null : MAPPING
        const one = new PlannedDirectory()
        const other = new PlannedDirectory()
        for (const { rows, last, nobody, removal } of files) {
          const sheet = sheetOfPlain([...rows, last], template, nobody)
          const usual = await one.import(sheet, { removal, mapping, spill: 1_000_000 })
          const spilled = await other.import(sheet, { removal, mapping, spill: 1 })
          expect(spilled).toEqual(usual)
        }
      }),
      { numRuns: cases(600) },
    )
  })

  it('a second import of the same file changes nothing and looks up no contact', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(plainRow, { maxLength: 20 }), async (any) => {
        // Rows that are not next to each other would be read twice, and looked up in the first pass.
        const rows = [...any.sort((a, b) => (a.id < b.id ? -1 : 1)), { ...LAST, name: 'Zed' }]
        const directory = new PlannedDirectory()
        const first = await directory.import(sheetOfPlain(rows))
        const again = await directory.import(sheetOfPlain(rows), { batch: 3 })
        expect(again.changes).toEqual([])
        // Shared numbers are looked up only for added and changed contacts.
        const lasting = (reports: typeof first.reports) =>
          reports.flatMap(({ problems }) => problems.filter(({ code }) => code !== 'number_shared'))
        expect(lasting(again.reports)).toEqual(lasting(first.reports))
        if (first.reports.length === 0) expect(again.asked).toBe(0)
      }),
      { numRuns: cases(600) },
    )
  })
})
