import { describe, expect, it } from 'vitest'
import { ATTRIBUTE_KEYS, pathOf } from './attributes.ts'
import { type ContactDetails, detailsWith, merge, readDetails, writeDetails } from './contact.ts'
import { type Change, readLine, unwritten, writeLine } from './plan.ts'

const FULL: ContactDetails = {
  name: 'Ana "Annie"\tO’Brien\n🧗',
  firstName: 'Ana',
  lastName: 'O’Brien',
  organization: 'North Shore Rescue',
  title: 'Lead',
  numbers: [
    { number: '+16045550101', type: 'mobile', description: null, extension: '7' },
    { number: '+442079460958', type: 'landline', description: 'work', extension: null },
    { number: '+16045550102', type: 'pager', description: null, extension: null },
  ],
  emails: ['ana@example.org', 'o’brien@example.org'],
  priority: 'high',
  groups: ['rope', 'search'],
  assignedUser: 'jdoe',
  language: 'fr-CA',
  fields: { major: ['Biology', 'Music'] },
}
const BARE = detailsWith({ name: 'Bo' })

describe('details as text', () => {
  it.each([['all'], ['nothing but a name'], ['only one attribute']])('details with %s read back unchanged', (what) => {
    const some = ATTRIBUTE_KEYS.map((attribute) => detailsWith({ [attribute]: FULL[attribute] }))
    const all = { all: [FULL], 'nothing but a name': [BARE], 'only one attribute': some }[what] ?? []
    for (const details of all) expect(readDetails(writeDetails(details))).toEqual(details)
  })

  it('details as text are short if attributes are empty', () => {
    expect(writeDetails(BARE)).toBe('["Bo"]')
  })

  it.each(ATTRIBUTE_KEYS)('details as text have %s at the path that the database reads', (attribute) => {
    const at = Number(pathOf(attribute).slice(2, -1))
    const empty: unknown[] = JSON.parse(writeDetails({ ...FULL, ...BARE, [attribute]: FULL[attribute] }))
    expect(empty.flatMap((value, place) => (value === null || place === 0 ? [] : [place]))).toEqual(
      at === 0 ? [] : [at],
    )
  })
})

it.each(ATTRIBUTE_KEYS)('an import sets %s, clears it, and keeps it if the file does not have it', (attribute) => {
  const [set, blank] = [{ [attribute]: FULL[attribute] }, { [attribute]: detailsWith({})[attribute] }]
  expect(merge(BARE, set)).toEqual({ ...BARE, ...set })
  if (attribute !== 'fields') expect(merge(FULL, blank)).toEqual({ ...FULL, ...blank })
  expect(merge(FULL, {})[attribute]).toEqual(FULL[attribute])
})

const OPTED_OUT = { value: 'N', means: 'opted_out', before: 'unknown', after: 'opted_out' } as const

describe('a line of a plan', () => {
  it.each<Change>([
    { op: 'add', key: -1, id: 'E\t1', before: null, after: FULL, rows: [2, 3] },
    { op: 'add', key: 7, id: '1', owner: 'hand', before: null, after: BARE, rows: [] },
    { op: 'update', key: 7, id: '1', before: FULL, after: BARE, changed: ['title', 'groups'], rows: [9] },
    { op: 'update', key: 7, id: '1', owner: 'source', before: BARE, after: BARE, changed: [], rows: [9] },
    { op: 'remove', key: 7, id: '1', before: FULL, after: null, rows: [] },
    { op: 'remove', key: 7, id: '1', owner: 'hand', before: FULL, after: null, rows: [] },
    { op: 'add', key: -1, id: '1', before: null, after: BARE, sms: OPTED_OUT, rows: [2] },
    { op: 'update', key: 7, id: '1', before: FULL, after: BARE, changed: ['title'], sms: OPTED_OUT, rows: [9] },
    { op: 'sms', key: 7, id: '1', before: FULL, after: FULL, sms: { ...OPTED_OUT, means: null }, rows: [9] },
  ])('a line of a plan reads back as its change: $op', (change) => {
    const line = writeLine(change)
    expect(line).not.toContain('\n')
    expect(unwritten(readLine(line))).toEqual(change)
  })
})
