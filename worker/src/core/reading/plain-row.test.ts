import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { PlannedDirectory, type PlanOptions, type Sheet } from '../../testing/planned-directory.ts'
import { cases } from '../../testing/sample.ts'
import { FILE_COLUMNS } from '../attributes.ts'
import type { FieldDefinition } from '../field.ts'
import type { MappingColumn } from '../mapping.ts'
import { writeLine } from '../plan.ts'
import { TEMPLATE } from '../template.ts'
import { PlainRows } from './plain-row.ts'

/** Cells of each target: ordinary ones, and every kind of oddity that a reader of cells knows. */
const PLAIN: Record<string, string[]> = {
  id: ['a1', 'a2', 'a3', 'b4', 'b5', 'c6', 'c7', 'd8', 'd9', 'e10'],
  name: ['Ana Obrien', 'Zoë Müller', 'Ana', 'Bo "Bob" Li', 'José\\Núñez'],
  number: [
    '6045550101',
    '604-555-0102',
    '(604) 555-0103',
    '+1 604 555 0104',
    '+49 30 901820',
    '6045550105 ext. 7',
    '604-555-0106, 604-555-0107',
    '6045550108\n',
    '',
  ],
  numberType: ['mobile', 'Mobile', 'Landline', 'pager', 'cell', 'mobile\n', ''],
  numberCountry: ['CA', 'Germany', ''],
  email: ['ana@example.org', 'Ana.B@Example.org', 'zoe@example.org', ''],
  priority: ['', 'High', 'low', 'normal'],
  groups: ['Rope', 'rope', 'Search, Rope', 'Team 1, Team 2', 'Search'],
  smsStatus: ['Y', 'N', '', 'y'],
  language: ['en', 'fr', ''],
  assignedUser: ['u1', 'u2', ''],
}
const TEXTS = ['work\nhome', 'Lead', 'Team Lead', 'Northern Ridge Rescue', '', 'work']
const ODD = [
  ...[
    '',
    ' ',
    '\u200B',
    'n/a',
    'none',
    'null',
    '-',
    '—',
    '#N/A',
    '#REF!',
    '#######',
    '\uFFFD',
    'Jos\uFFFD',
    'JosÃ©',
    'ÃŸ',
  ],
  ...[
    '  Ana  Obrien ',
    'Ana\tObrien',
    'Ana\nObrien',
    'Ana\u00A0Obrien',
    'A\u0301na',
    '\uD800',
    'a\u0000b',
    '"quoted"',
    "O'Brien",
  ],
  ...[
    '604-555-0101/0102',
    '6045550101; 6045550102',
    '6045550101\n6045550102',
    '6.04555E+09',
    '12',
    '1999-12-31',
    '911',
  ],
  ...['+1 604 555 0101 x22', '604 555 0101 fax', 'call 604 555 0101', '16045550101', '0016045550101', '5555555555'],
  ...[
    'mobile\nlandline',
    'fax',
    'work',
    'work mobile',
    'm',
    'a@example.org, b@example.org',
    'ana(at)example',
    'ANA@EXAMPLE.ORG',
  ],
  ...[
    'Ana <ana@example.org>',
    'mailto:ana@example.org',
    '["Rope","Search"]',
    '{Rope,"Search, North"}',
    'Rope;Search',
    'Rope|Search',
  ],
  ...[
    'Rope,,Search',
    ',',
    'a;#Rope;#2;#Search',
    'Rope:::Search',
    'x'.repeat(201),
    'urgent',
    'medium',
    'STOP',
    'unsubscribed',
    'maybe',
  ],
  ...[
    'E0000001',
    '1.23457E+11',
    '3/4/2021',
    '1.234',
    '1,5',
    'yes',
    'no',
    'Lead,Chief\nLead,Chief',
    'Ana Example',
    'Total',
    '\u2029',
  ],
]

const texts = FILE_COLUMNS.map(({ to }) => to)
const cellOf = (to: string) => {
  const usual = PLAIN[to.replace(/\d+$/, '')] ?? TEXTS
  return fc.oneof(
    { weight: to === 'id' ? 60 : 30, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  )
}

const FIELDS: FieldDefinition[] = [
  { key: 'major', label: 'Major', type: 'text', list: false, required: false },
  { key: 'tags', label: 'Tags', type: 'text', list: true, required: false },
  { key: 'born', label: 'Born', type: 'date', list: false, required: false },
  { key: 'points', label: 'Points', type: 'number', list: false, required: true },
]
const MORE = [
  'number2',
  'numberType2',
  'numberDescription2',
  'email2',
  ...FIELDS.map(({ key }) => `field:${key}`),
  'field:gone',
]

/** The targets of a file, which always has an ID and a name or its parts. */
const targets = fc
  .record({
    name: fc.constantFrom(['name'], ['name'], ['firstName', 'lastName'], ['lastName']),
    rest: fc.subarray([...texts.filter((to) => to !== 'id' && !/name$/i.test(to)), ...MORE]),
  })
  .map(({ name, rest }) => ['id', ...name, ...rest])

/** What a mapping may say of one of its targets besides the column. */
const twist = fc.oneof(
  { weight: 12, arbitrary: fc.constant('none' as const) },
  { weight: 1, arbitrary: fc.constantFrom('constant' as const, 'joined' as const, 'values' as const, 'type' as const) },
)

function entryOf(to: string, how: 'none' | 'constant' | 'joined' | 'values' | 'type'): MappingColumn {
  const column = { column: to, to }
  if (how === 'constant' && to === 'groups') return { constant: 'Everybody', to }
  if (how === 'joined' && to === 'name') return { columns: [to, 'id'], to }
  if (how === 'values' && (to === 'title' || to === 'groups'))
    return { ...column, values: { Lead: 'Chief', Rope: 'Ropes' } }
  if (how === 'type' && /^number\d*$/.test(to)) return { ...column, type: 'landline' }
  return column
}

interface File {
  sheet: Sheet
  options: PlanOptions
}

/** Files of the template or of a mapping; some have rows of another length, rules for rows, or a doubtful end. */
const file: fc.Arbitrary<File> = targets.chain((to) =>
  fc
    .record({
      rows: fc.array(fc.tuple(...to.map(cellOf)), { minLength: 1, maxLength: 12 }),
      lengths: fc.array(
        fc.oneof({ weight: 15, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-2, -1, 1) }),
        {
          maxLength: 12,
        },
      ),
      twists: fc.array(twist, { minLength: to.length, maxLength: to.length }),
      ruled: fc.integer({ min: 0, max: 9 }),
      batch: fc.integer({ min: 1, max: 14 }),
      lineBreak: fc.integer({ min: 0, max: 9 }),
      userIds: fc.constantFrom(null, new Set(['u1'])),
      type: fc.constantFrom('csv' as const, 'xlsx' as const),
    })
    .map(({ rows, lengths, twists, ruled, lineBreak, ...options }) => {
      const cells = rows.map((row, i) => {
        const longer = lengths[i] ?? 0
        return longer < 0 ? row.slice(0, longer) : [...row, ...Array.from({ length: longer }, () => 'more')]
      })
      const mapping = to.map((target, i) => entryOf(target, twists[i] ?? 'none'))
      const rules = ruled === 0 && to.includes('groups') ? [{ column: 'groups', leaveOut: ['rope'] }] : []
      return {
        sheet: [to, ...cells],
        options: { ...options, mapping, rows: rules, fields: FIELDS, lineBreak: lineBreak > 0 },
      }
    }),
)

/** The columns of the template, with a second number, which may be blank. */
const COLUMNS = [
  ...TEMPLATE.map(({ to, header }) => ({ to: String(to), header: String(header) })),
  { to: 'number2', header: 'Number 2' },
  { to: 'numberType2', header: 'Number Type 2' },
]
const template = fc
  .array(fc.tuple(...COLUMNS.map(({ to }) => cellOf(to))), { minLength: 1, maxLength: 12 })
  .map((rows): File => ({ sheet: [COLUMNS.map(({ header }) => header), ...rows], options: {} }))

/** Imports files one after another, and returns everything that their plans say. */
async function plansOf(files: readonly File[]) {
  const directory = new PlannedDirectory()
  const plans = []
  for (const { sheet, options } of files) {
    const failure = (error: unknown) => ({ failed: String(error) })
    const plan = await directory.import(sheet, options).catch(failure)
    if ('failed' in plan) plans.push(plan)
    else {
      const { changes, reports, planned, fingerprints } = plan
      plans.push({ lines: changes.map(writeLine), reports, planned, fingerprints })
    }
  }
  return plans
}

describe('the short way to read a row', () => {
  it('gives the same plan, problems, counts, effects and fingerprints as the long way, and declines other rows', async () => {
    const short = { rows: 0, plain: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(template, file), { minLength: 1, maxLength: 3 }), async (files) => {
        const spy = vi.spyOn(PlainRows.prototype, 'read')
        const one = await plansOf(files)
        short.rows += spy.mock.results.length
        short.plain += spy.mock.results.filter(({ value }) => value !== null).length
        spy.mockReturnValue(null)
        const other = await plansOf(files)
        spy.mockRestore()
        expect(one).toEqual(other)
      }),
      { numRuns: cases(4000) },
    )
    // Both ways must have been taken often.
    expect(short.plain).toBeGreaterThan(short.rows / 5)
    expect(short.plain).toBeLessThan((short.rows * 4) / 5)
  })
})
