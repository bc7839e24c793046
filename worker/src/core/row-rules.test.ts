import { describe, expect, it } from 'vitest'
import { type Plan, PlannedDirectory, type PlanOptions, type Sheet } from '../testing/planned-directory.ts'
import { checkFile } from './checking.ts'
import { judge, limitsSchema } from './limits.ts'
import type { MappingColumn, RowRule } from './mapping.ts'

const MAPPING: MappingColumn[] = [
  { column: 'ID', to: 'id' },
  { column: 'Name', to: 'name' },
  { column: 'Phone', to: 'number', type: 'mobile' },
]
const HEADER = ['ID', 'Name', 'Phone', 'Status']
const WITH_SMS: MappingColumn[] = [...MAPPING, { column: 'Text', to: 'smsStatus' }]
const SMS_HEADER = [...HEADER, 'Text']

const DELETED: RowRule[] = [{ column: 'Status', leaveOut: ['deleted'] }]
const numberOf = (n: number) => `604555${String(1000 + n)}`
const person = (n: number, status: string, ...more: string[]) => [`p${n}`, `Person ${n}`, numberOf(n), status, ...more]
const idsOf = (directory: PlannedDirectory) =>
  [...directory.contacts.values()]
    .filter(({ removed }) => !removed)
    .map(({ id }) => id)
    .sort()

/** Imports rows of which each has another status, and returns the statuses that come in. */
async function kept(statuses: readonly string[], rows: RowRule[]): Promise<string[]> {
  const directory = new PlannedDirectory()
  await directory.import([HEADER, ...statuses.map((status, n) => person(n, status))], { mapping: MAPPING, rows })
  return idsOf(directory).map((id) => statuses[Number(id.slice(1))] ?? '')
}

describe('a rule that leaves rows out by the values of a column', () => {
  const STATUSES = [
    'deleted',
    ' DELETED',
    'Deleted\u00A0',
    'de\u00ADleted',
    '"deleted"',
    'active',
    '',
    '\u200B',
    'deleted?',
  ]

  it('“leaveOut” compares without case, outer spaces and what cannot be seen', async () => {
    expect(await kept(STATUSES, DELETED)).toEqual(['"deleted"', 'active', '', '\u200B', 'deleted?'])
    expect(await kept(STATUSES, [{ column: 'status*', leaveOut: [' Deleted '] }])).toHaveLength(5)
  })

  it('“keep” leaves out every other value, blank ones included', async () => {
    expect(await kept(STATUSES, [{ column: 'Status', keep: ['Active'] }])).toEqual(['active'])
  })

  it('an empty value means a blank cell', async () => {
    expect(await kept(STATUSES, [{ column: 'Status', keep: [''] }])).toEqual(['', '\u200B'])
    expect(await kept(['', ' ', 'x'], [{ column: 'Status', leaveOut: [' '] }])).toEqual(['x'])
  })

  it('numbers are compared as the text that they are', async () => {
    expect(await kept(['1', '1.0', '01', ' 1'], [{ column: 'Status', leaveOut: ['1'] }])).toEqual(['1.0', '01'])
  })

  it('a cell with several values is one value', async () => {
    expect(await kept(['deleted, active', 'deleted'], DELETED)).toEqual(['deleted, active'])
  })

  it('all rules must hold, also two about one column', async () => {
    const rows: RowRule[] = [
      { column: 'Status', keep: ['a', 'b', 'c'] },
      { column: 'Status', leaveOut: ['b'] },
      { column: 'ID', leaveOut: ['P2'] },
    ]
    expect(await kept(['a', 'b', 'c', 'd'], rows)).toEqual(['a'])
  })

  it.each<[string, string[], string[], RowRule[]]>([
    ['OneRoster: status', ['active', 'tobedeleted'], ['active'], [{ column: 'Status', leaveOut: ['tobedeleted'] }]],
    [
      'Canvas: status',
      ['active', 'suspended', 'deleted'],
      ['active'],
      [{ column: 'Status', leaveOut: ['deleted', 'suspended'] }],
    ],
    ['Entra ID: accountEnabled', ['True', 'False'], ['True'], [{ column: 'Status', leaveOut: ['false'] }]],
    ['Workday: termination date', ['2026-03-31', ''], [''], [{ column: 'Status', keep: [''] }]],
    [
      'HubSpot: lifecycle',
      ['customer', 'Lead', 'Other'],
      ['customer', 'Lead'],
      [{ column: 'Status', keep: ['Customer', 'lead'] }],
    ],
    ['PowerSchool: Enroll_Status', ['0', '2', '-1', '3'], ['0'], [{ column: 'Status', keep: ['0'] }]],
    ['Google Workspace: Suspended', ['TRUE', 'FALSE'], ['FALSE'], [{ column: 'Status', leaveOut: ['true'] }]],
    ['Banner: deceased', ['Y', '', 'N'], ['', 'N'], [{ column: 'Status', leaveOut: ['Y'] }]],
    [
      'Personio: Status',
      ['Ausgeschieden', 'Aktiv', 'Elternzeit'],
      ['Aktiv', 'Elternzeit'],
      [{ column: 'Status', leaveOut: ['AUSGESCHIEDEN'] }],
    ],
  ])('%s', async (_, statuses, expected, rows) => {
    expect(await kept(statuses, rows)).toEqual(expected)
  })

  it('a column that the file does not have fails the import and is named, whatever is mapped', async () => {
    const rows: RowRule[] = [{ column: 'State', keep: ['x'] }]
    const plan = new PlannedDirectory().plan([HEADER, person(1, 'x')], { mapping: MAPPING, rows })
    await expect(plan).rejects.toMatchObject({
      code: 'header_missing',
      message: 'The file has no column “State”.',
      advice: expect.stringContaining('rule'),
    })
    const template = ['ID', 'Name', 'Number', 'Number Type', 'Groups']
    const other = new PlannedDirectory().plan([template, ['1', 'Ana', '6045550101', 'mobile', 'A']], { rows })
    await expect(other).rejects.toMatchObject({ code: 'header_missing', message: 'The file has no column “State”.' })
  })

  it('rows of a template file can be left out by a column of their own', async () => {
    const directory = new PlannedDirectory()
    const template = ['ID', 'Name', 'Number', 'Number Type', 'Groups', 'Status']
    const row = (id: string, status: string) => [id, 'Ana', '6045550101', 'mobile', 'A', status]
    await directory.import([template, row('1', 'on'), row('2', 'off')], { rows: [{ column: 'status', keep: ['ON'] }] })
    expect(idsOf(directory)).toEqual(['1'])
  })
})

describe('a row that is left out', () => {
  const import_ = (directory: PlannedDirectory, rows: readonly string[][], options: PlanOptions = {}) =>
    directory.import([HEADER, ...rows], { mapping: MAPPING, rows: DELETED, ...options })

  it('is counted, has no problems, and its contact is removed as if the file did not have it', async () => {
    const directory = new PlannedDirectory()
    await import_(directory, [person(1, ''), person(2, ''), person(3, '')])
    const { planned, reports } = await import_(directory, [
      person(1, ''),
      person(2, 'Deleted'),
      ['p3', '', 'no number', 'deleted'],
      ['#N/A', 'Nobody', numberOf(3), 'deleted'],
    ])
    expect(planned.counts).toMatchObject({
      rows: 4,
      leftOut: 3,
      matched: 1,
      unchanged: 1,
      removed: 2,
      errors: 0,
      protected: 0,
    })
    expect(reports).toEqual([])
    expect(idsOf(directory)).toEqual(['p1'])
  })

  it('comes back when its status is another one', async () => {
    const directory = new PlannedDirectory()
    await import_(directory, [person(1, ''), person(2, '')])
    await import_(directory, [person(1, ''), person(2, 'deleted')])
    const { planned } = await import_(directory, [person(1, ''), person(2, 'x')])
    expect(planned.counts).toMatchObject({ added: 1, unchanged: 1 })
  })

  it('stays if contacts that are missing are kept', async () => {
    const directory = new PlannedDirectory()
    await import_(directory, [person(1, ''), person(2, '')])
    const { planned } = await import_(directory, [person(1, ''), person(2, 'deleted')], { removal: 'keep' })
    expect(planned.counts).toMatchObject({ leftOut: 1, removed: 0 })
  })

  it('does not make a number look shared', async () => {
    const directory = new PlannedDirectory()
    const { reports } = await import_(directory, [person(1, ''), ['p2', 'Bo', numberOf(1), 'deleted']])
    expect(reports).toEqual([])
  })

  it('does not keep a contact whose other rows are still there from having them alone', async () => {
    const directory = new PlannedDirectory()
    await import_(directory, [person(1, ''), ['p1', 'Person 1', numberOf(9), 'deleted'], person(2, '')])
    const [one] = directory.contacts.values()
    expect(one?.details.numbers.map(({ number }) => number)).toEqual([`+1${numberOf(1)}`])
  })

  it('is not left out if it is too long or too short to be read, so that its contact stays', async () => {
    const directory = new PlannedDirectory()
    const rows: RowRule[] = [{ column: 'Status', keep: ['on'] }]
    const others = [person(4, 'on'), person(5, 'on'), person(6, 'on')]
    await import_(directory, [person(1, 'on'), person(2, 'on'), ...others], { rows })
    const odd = [
      ['p1', 'Person, 1', 'x', numberOf(1), 'off'],
      ['p2', 'Person 2', numberOf(2)],
      ['p3', 'Person 3', numberOf(3)],
    ]
    const { planned, reports } = await import_(directory, [odd[0] ?? [], odd[1] ?? [], ...others], { rows })
    expect(planned.counts).toMatchObject({ removed: 0, leftOut: 0, errors: 1, warnings: 1 })
    expect(reports.flatMap(({ problems }) => problems.map(({ code }) => code))).toEqual([
      'row_too_long',
      'row_too_short',
    ])
    const fresh = await import_(directory, [person(1, 'on'), person(2, 'on'), odd[2] ?? [], ...others], { rows })
    expect(fresh.planned.counts).toMatchObject({ added: 0, leftOut: 0, errors: 1 })
  })

  it('is left out in an export that leaves out blank cells at the ends of rows', async () => {
    const directory = new PlannedDirectory()
    const trimmed = [1, 2, 3].map((n) => person(n, '').slice(0, 3))
    const { planned } = await import_(directory, [...trimmed, person(4, 'x'), person(5, 'x')], {
      rows: [{ column: 'Status', leaveOut: [''] }],
    })
    expect(planned.counts).toMatchObject({ leftOut: 3, added: 2, errors: 0 })
  })

  it('is an error if the cell of the rule is one of Excel’s error values, so that its contact stays', async () => {
    const directory = new PlannedDirectory()
    const keep: RowRule[] = [{ column: 'Status', keep: ['on'] }]
    await import_(directory, [person(1, 'on'), person(2, 'on')], { rows: keep })
    const broken = [person(1, 'on'), person(2, '#N/A'), person(3, '#REF!')]
    const { planned, reports } = await import_(directory, broken, { rows: keep })
    expect(planned.counts).toMatchObject({ removed: 0, added: 0, leftOut: 0, errors: 2, unchanged: 1 })
    expect(reports[0]?.problems).toMatchObject([{ id: 'p2', column: 'Status', code: 'excel_error', value: '#N/A' }])
    const named = await import_(directory, broken, { rows: [{ column: 'Status', leaveOut: ['#n/a', '#REF!'] }] })
    expect(named.planned.counts).toMatchObject({ removed: 1, leftOut: 2, errors: 0 })
  })

  it('is taken for what it may be if it is the last row of a file that may have been cut', async () => {
    const directory = new PlannedDirectory()
    const keep: RowRule[] = [{ column: 'Status', keep: ['active'] }]
    await import_(directory, [person(1, 'active'), person(2, 'active')], { rows: keep })
    const { planned } = await import_(directory, [person(1, 'active'), person(2, 'act')], {
      rows: keep,
      lineBreak: false,
    })
    expect(planned.counts).toMatchObject({ removed: 0, unchanged: 1, errors: 1 })
    expect(planned.doubts).not.toEqual([])
  })
})

describe('an opt-out in a row that is left out', () => {
  const plan = (directory: PlannedDirectory, rows: readonly string[][], options: PlanOptions = {}) =>
    directory.import([SMS_HEADER, ...rows], { mapping: WITH_SMS, rows: DELETED, ...options })
  const optOuts = ({ changes }: Plan) => changes.filter(({ op }) => op === 'sms')
  const first = [person(1, '', 'Y'), person(2, '', 'Y')]

  it('is the contact’s before the contact goes', async () => {
    const directory = new PlannedDirectory()
    await plan(directory, first)
    const made = await plan(directory, [person(1, '', 'Y'), person(2, 'deleted', 'N')])
    expect(made.changes).toMatchObject([
      { op: 'sms', id: 'p2', before: { name: 'Person 2' }, sms: { before: 'opted_in', after: 'opted_out' }, rows: [3] },
      { op: 'remove', id: 'p2' },
    ])
    expect(made.planned.counts).toMatchObject({ leftOut: 1, matched: 1, optOuts: 1, removed: 1 })
  })

  it('is made once if the contact stays, and an opt-in in such a row says nothing', async () => {
    const directory = new PlannedDirectory()
    await plan(directory, first)
    const out = [person(1, '', 'Y'), person(2, 'deleted', 'N')]
    expect(optOuts(await plan(directory, out, { removal: 'keep' }))).toHaveLength(1)
    expect(optOuts(await plan(directory, out, { removal: 'keep' }))).toEqual([])
    const back = [person(1, '', 'Y'), person(2, 'deleted', 'Y')]
    expect(optOuts(await plan(directory, back, { removal: 'keep' }))).toEqual([])
    const present = await plan(directory, first)
    expect(present.changes).toMatchObject([{ op: 'sms', id: 'p2', sms: { after: 'opted_in' } }])
  })

  it('of a person who is not known says nothing', async () => {
    const directory = new PlannedDirectory()
    expect((await plan(directory, [person(1, '', 'Y'), person(2, 'deleted', 'N')])).changes).toHaveLength(1)
  })

  it('under the ID of somebody else is for the numbers of the row', async () => {
    const directory = new PlannedDirectory()
    await plan(directory, first)
    const made = await plan(directory, [person(1, '', 'Y'), ['p2', 'Zoe', numberOf(8), 'deleted', 'N']])
    expect(optOuts(made)).toMatchObject([
      { id: 'p2', before: null, after: { numbers: [{ number: `+1${numberOf(8)}` }] } },
    ])
  })

  it.each([
    ['beside it', [person(2, 'deleted', 'N'), person(2, '', 'Y'), person(1, '', 'Y')]],
    ['after it', [person(2, '', 'Y'), person(2, 'deleted', 'N'), person(1, '', 'Y')]],
    ['far before it', [person(2, 'deleted', 'N'), person(1, '', 'Y'), person(2, '', 'Y')]],
    ['far after it', [person(2, '', 'Y'), person(1, '', 'Y'), person(2, 'deleted', 'N')]],
  ])('opts out a contact that has another row %s, night after night', async (_, rows) => {
    for (const known of [false, true]) {
      const directory = new PlannedDirectory()
      if (known) await plan(directory, first)
      await plan(directory, rows)
      for (let night = 0; night < 2; night++) {
        const again = await plan(directory, rows)
        expect(again.changes).toEqual([])
        expect(again.planned.counts).toMatchObject({ leftOut: 1, unchanged: 2, errors: 0 })
      }
      const two = [...directory.contacts.values()].find(({ id }) => id === 'p2')
      expect(two).toMatchObject({ removed: false, sms: { own: 'opted_out' } })
    }
  })
})

describe('what the limits say of contacts that a rule removes', () => {
  const staff = (left: number, of: number) => Array.from({ length: of }, (_, n) => person(n, n < left ? 'deleted' : ''))
  async function messages(before: readonly string[][], after: readonly string[][], rows = DELETED) {
    const directory = new PlannedDirectory()
    await directory.import([HEADER, ...before], { mapping: MAPPING, rows: [] })
    const { planned } = await directory.plan([HEADER, ...after], { mapping: MAPPING, rows })
    const { losing: _, blanked: __, changed, ...effects } = planned.effects
    const tally = {
      ...effects,
      changed: { ...changed, most: null },
      ...{
        first: false,
        records: false,
        contacts: planned.contacts,
        changes: 0,
        rows: 100,
        rowsWithErrors: 0,
        firstCause: null,
      },
      ...{ afterUndo: false, doubts: [], lastRow: 101, groups: [], blanked: [], removedBefore: 0, optedOut: 0 },
    }
    return judge(tally, limitsSchema.parse({})).map(({ message }) => message)
  }

  it('the sentence names the rule if it removes all of them', async () => {
    expect(await messages(staff(0, 40), staff(12, 40))).toEqual([
      '12 of 40 contacts would be removed: they are still there, but left out by the rule to leave out those where “Status” is “deleted”. Is that right, and is the column filled in as before?',
    ])
  })

  it('the sentence says how many of them if others are missing', async () => {
    const [message] = await messages(staff(0, 40), staff(12, 40).slice(0, 30))
    expect(message).toContain('22 of 40 contacts are missing from the file')
    expect(message).toContain('12 of them are still there, but left out by the rule to leave out those where')
  })

  it('several rules are named with their numbers, the one that removes most first', async () => {
    const rows: RowRule[] = [...DELETED, { column: 'Phone', leaveOut: ['0'] }]
    const after = staff(5, 40).map((row, n) => (n >= 5 && n < 14 ? [row[0] ?? '', row[1] ?? '', '0', ''] : row))
    const [message] = await messages(staff(0, 40), after, rows)
    expect(message).toContain(
      'the rule to leave out those where “Phone” is “0” (9) and the rule to leave out those where “Status” is “deleted” (5)',
    )
  })

  it('the sentence about all contacts names the rule too', async () => {
    const [message] = await messages(staff(0, 3), [...staff(3, 3), person(9, '')])
    expect(message).toContain('All 3 contacts would be removed')
    expect(message).toContain('3 of them are still there, but left out by the rule')
  })
})

describe('leaving rows out is the same as not having them in the file', () => {
  /** A generator of random integers, so that a failure can be repeated. */
  const random = (seed: number) => {
    let state = seed
    return (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return (state >>> 8) % below
    }
  }
  const VALUES = ['', ' ', 'on', 'ON ', 'off', 'deleted', 'Deleted', 'x\u200By', '#', '-', 'n/a']

  it.each(Array.from({ length: 60 }, (_, seed) => seed + 1))('history %i', async (seed) => {
    const next = random(seed)
    const pick = () => VALUES[next(VALUES.length)] ?? ''
    const some = () => Array.from({ length: 1 + next(3) }, pick)
    const rows: RowRule[] = Array.from({ length: 1 + next(2) }, (_, i) => {
      const column = i === 0 ? 'Status' : 'Kind'
      return next(2) === 0 ? { column, leaveOut: some() } : { column, keep: [...some(), 'on', ''] }
    })
    const fold = (text: string) => text.replace(/[\u200B\s]/g, '').toLowerCase()
    const stays = (row: readonly string[]) =>
      rows.every(({ column, leaveOut, keep }) => {
        const named = (leaveOut ?? keep).some((value) => fold(value) === fold(row[column === 'Status' ? 3 : 4] ?? ''))
        return leaveOut === undefined ? named : !named
      })
    const header = [...HEADER, 'Kind']
    const ruled = new PlannedDirectory()
    const filtered = new PlannedDirectory()
    for (let night = 0; night < 3; night++) {
      // One contact always stays, since a file without contacts removes nobody.
      const all = [
        ['p0', 'Always', numberOf(0), 'on', 'on'],
        ...Array.from({ length: 12 }, () => [...person(1 + next(9), pick()), pick()]),
      ]
      const sheet = all.filter((row, i) => i > 0 || stays(row))
      const [one, other] = [
        await ruled.import([header, ...sheet], { mapping: MAPPING, rows }),
        await filtered.import([header, ...sheet.filter(stays)], { mapping: MAPPING }),
      ]
      const what = ({ changes }: Plan) =>
        changes.map((change) => ({ ...change, rows: [] })).sort((a, b) => (a.id < b.id ? -1 : 1))
      expect(what(one)).toEqual(what(other))
      const { rows: _, leftOut: __, ...counts } = one.planned.counts
      expect(other.planned.counts).toMatchObject(counts)
      expect(one.planned.counts.leftOut).toBe(sheet.length - sheet.filter(stays).length)
    }
  })
})

it('a check of a file leaves the same rows out', async () => {
  const sheet: Sheet = [HEADER, person(1, ''), person(2, 'deleted')]
  const open = async () => ({
    type: 'csv' as const,
    details: {},
    batches: (async function* () {
      yield { numbers: sheet.map((_, i) => i + 1), cells: sheet.map((row) => [...row]) }
    })(),
  })
  const smsStatus = { optedIn: 'Y', optedOut: 'N', emptyMeansOptedIn: false }
  const rules = {
    mapping: MAPPING,
    rows: DELETED,
    defaultCountry: 'US',
    fields: new Map(),
    smsStatus,
    most: 9,
    seed: 0,
  }
  const { counts } = await checkFile(open, rules, () => undefined)
  expect(counts).toMatchObject({ rows: 2, leftOut: 1, added: 1 })
})
