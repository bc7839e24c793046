import { describe, expect, it } from 'vitest'
import type { MappingColumn } from '../../../worker/src/core/mapping.ts'
import { sourceSettingsSchema } from '../../../worker/src/core/source.ts'
import type { SourceDraft } from './draft.ts'
import {
  columnLines,
  isComplete,
  mapped,
  suggestedMapping,
  targetsFor,
  targetsOf,
  withSuggestedSms,
} from './mapping.ts'

const FILE = [
  { name: 'Employee no.', samples: ['007'], suggestion: { to: 'id', confidence: 0.9 } },
  { name: 'Nom', samples: ['Ana'], suggestion: { to: 'name', confidence: 0.7 } },
  { name: 'Mobile', samples: ['604'], suggestion: { to: 'number', type: 'mobile' as const, confidence: 0.9 } },
  { name: 'Shoe size', samples: ['38'], suggestion: null },
]
const SUGGESTED: MappingColumn[] = [
  { column: 'Employee no.', to: 'id' },
  { column: 'Nom', to: 'name' },
  { column: 'Mobile', to: 'number', type: 'mobile' },
]

describe('the columns of a file', () => {
  it('the columns of a file are mapped as suggested until the user changes them', () => {
    expect(suggestedMapping(FILE)).toEqual(SUGGESTED)
    expect(isComplete(SUGGESTED, { kind: 'https' })).toBe(true)
    expect(isComplete([], { kind: 'https' })).toBe(false)
  })

  it('the columns of a file are listed in its order, also if the mapping spells them with other case and spacing', () => {
    const lines = columnLines([{ column: ' MOBILE', to: 'number' }], FILE)
    expect(lines.map(({ name, entry }) => [name, entry?.to ?? null])).toEqual([
      ['Employee no.', null],
      ['Nom', null],
      ['Mobile', 'number'],
      ['Shoe size', null],
    ])
  })

  it('mapped columns that are not in the file come after its columns', () => {
    const mapping: MappingColumn[] = [{ column: 'Pager', to: 'number' }]
    expect(columnLines(mapping, FILE).at(-1)).toMatchObject({ name: 'Pager', trouble: 'absent' })
    expect(columnLines(mapping, null)).toEqual([expect.objectContaining({ name: 'Pager', trouble: null })])
  })

  it('a column that is mapped twice keeps both uses', () => {
    const mapping: MappingColumn[] = [
      { column: 'Mobile', to: 'id' },
      { column: 'Mobile', to: 'number' },
    ]
    expect(columnLines(mapping, FILE).flatMap(({ entry }) => entry ?? [])).toEqual(mapping)
  })

  it('what is joined or the same for everybody has no line, and keeps its place when a column is mapped', () => {
    const mapping: MappingColumn[] = [
      { columns: ['Nom', 'Shoe size'], to: 'title' },
      { column: 'Nom', to: 'name' },
      { constant: 'Staff', to: 'groups' },
    ]
    const lines = columnLines(mapping, FILE)
    expect(lines.flatMap(({ entry }) => entry ?? [])).toEqual([{ column: 'Nom', to: 'name' }])
    const [id] = lines
    if (id === undefined) throw new Error('The file has four columns')
    expect(mapped(mapping, id, 'id')).toEqual([...mapping, { column: 'Employee no.', to: 'id' }])
    expect(
      targetsOf(
        FILE.map(({ name }) => name),
        mapping,
      ),
    ).toEqual([null, 'name', null, 'title'])
  })

  it('a column with a repeated or an empty header cannot be mapped', () => {
    const twice = ['Phone', 'phone*', ''].map((name) => ({ name, samples: [], suggestion: null }))
    expect(columnLines([], twice).map(({ trouble }) => trouble)).toEqual(['repeated', 'repeated', 'nameless'])
  })
})

describe('the values of the SMS status', () => {
  const smsStatus = { optedIn: 'false', optedOut: 'true' }
  const file = [
    { name: 'Opted Out', samples: ['true'], suggestion: { to: 'smsStatus', smsStatus, confidence: 0.9 } },
    { name: 'Texts', samples: ['Y'], suggestion: null },
  ]
  const draft = (mapping: MappingColumn[] | null): SourceDraft => ({
    ...sourceSettingsSchema.parse({}),
    name: 'Staff',
    connection: { kind: 'https', url: '', username: null, password: null },
    mapping,
  })
  const changed = (before: MappingColumn[] | null, after: MappingColumn[] | null) =>
    withSuggestedSms(draft(before), draft(after), file).smsStatus

  it('the suggested values come with the column, so that a yes under “Opted Out” opts out', () => {
    const mapping = suggestedMapping(file)
    expect(mapping).toEqual([{ column: 'Opted Out', to: 'smsStatus' }])
    expect(changed(null, mapping)).toEqual({ ...smsStatus, emptyMeansOptedIn: false })
    expect(changed([{ column: 'Texts', to: 'smsStatus' }], mapping)).toMatchObject(smsStatus)
  })

  it('values that were set stay as long as the column stays, and where the file suggests none', () => {
    const mapping = suggestedMapping(file)
    expect(changed(mapping, [...mapping, { column: 'Texts', to: 'title' }])).toMatchObject({
      optedIn: 'Y',
      optedOut: 'N',
    })
    expect(changed(mapping, [{ column: 'Texts', to: 'smsStatus' }])).toMatchObject({ optedIn: 'Y', optedOut: 'N' })
    expect(changed(mapping, null)).toMatchObject({ optedIn: 'Y', optedOut: 'N' })
  })
})

describe('choosing a target', () => {
  const [id, , mobile, shoes] = columnLines(SUGGESTED, FILE)
  if (id === undefined || mobile === undefined || shoes === undefined) throw new Error('The file has four columns')

  it('a chosen target changes only its column, in its place', () => {
    expect(mapped(SUGGESTED, id, 'title')).toEqual([{ column: 'Employee no.', to: 'title' }, ...SUGGESTED.slice(1)])
    expect(mapped(SUGGESTED, shoes, 'title')).toEqual([...SUGGESTED, { column: 'Shoe size', to: 'title' }])
    expect(mapped(SUGGESTED, id, '')).toEqual(SUGGESTED.slice(1))
  })

  it('a column keeps the type of its number while it is mapped to a number', () => {
    expect(mapped(SUGGESTED, mobile, 'number2').at(-1)).toEqual({ column: 'Mobile', to: 'number2', type: 'mobile' })
    expect(mapped(SUGGESTED, mobile, 'email').at(-1)).toEqual({ column: 'Mobile', to: 'email' })
  })

  // Seed, Additional Fields: “The Mongoose Field drop-down list will populate with the fields you set up on the Fields
  // page.”
  it('the targets are one more number and e-mail address than are mapped, the fields, and every mapped target', () => {
    const mapping: MappingColumn[] = [...SUGGESTED, { column: 'Major', to: 'field:major', list: true }]
    const targets = targetsFor(mapping, ['year', 'major'])
    expect(targets).toEqual(expect.arrayContaining(['number2', 'numberType2', 'email', 'field:major', 'field:year']))
    expect(targets).not.toContain('number3')
    expect(targets).not.toContain('email2')
    expect(new Set(targets).size).toBe(targets.length)
  })
})

it('the targets of columns follow from the mapping, or from the template’s headers', () => {
  const names = FILE.map(({ name }) => name)
  expect(targetsOf(names, SUGGESTED)).toEqual(['id', 'name', 'number', null])
  expect(targetsOf(['Groups', 'x', 'Number Type', 'Number', 'Name', 'ID', 'Number 2'], null)).toEqual([
    'groups',
    null,
    'numberType',
    'number',
    'name',
    'id',
    'number2',
  ])
  expect(targetsOf(names, null)).toEqual([])
})
