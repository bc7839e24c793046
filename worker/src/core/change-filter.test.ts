import { describe, expect, it } from 'vitest'
import { ChangeFilter, isChangedAttribute } from './change-filter.ts'
import { detailsWith } from './contact.ts'
import { type Change, readLine, writeLine } from './plan.ts'

const ANA = detailsWith({
  name: 'Ana O’Brien-Côté',
  title: 'Member',
  emails: ['ana@example.org'],
  numbers: [{ number: '+16045550123', type: 'mobile', description: null, extension: null }],
  groups: ['medical', 'rope'],
  fields: { class: ['2027'] },
})
const UPDATE: Change = {
  op: 'update',
  key: 7,
  id: 'E0044',
  before: ANA,
  after: { ...ANA, title: 'Lead', groups: ['rope'], fields: { class: ['2027'], dorm: ['A'] } },
  changed: ['title', 'groups', 'fields'],
  rows: [2],
}
const ADD: Change = { op: 'add', key: -1, id: 'E0311', before: null, after: ANA, rows: [3] }
const REMOVE: Change = { op: 'remove', key: 8, id: 'E0031', before: ANA, after: null, rows: [] }
const REKEY: Change = { ...UPDATE, op: 'rekey', fromId: 'OLD9', otherwise: null }

function found(sought: ConstructorParameters<typeof ChangeFilter>[0]): string[] {
  const filter = new ChangeFilter(sought)
  return [ADD, UPDATE, REKEY, REMOVE]
    .map(writeLine)
    .filter((line) => filter.mayMatch(line) && filter.matches(readLine(line)))
    .map((line) => line.slice(0, line.indexOf('\t')))
}

const ALL = ['add', 'update', 'rekey', 'remove']

describe('the filter of changes', () => {
  it('changes are found by the attribute or the custom field that they change', () => {
    expect(found({ attribute: 'title' })).toEqual(['update', 'rekey'])
    expect(found({ attribute: 'name' })).toEqual([])
    expect(found({ attribute: 'field:dorm' })).toEqual(['update', 'rekey'])
    expect(found({ attribute: 'field:class' })).toEqual([])
  })

  it('changes are found by the group that a contact comes into or leaves', () => {
    expect(found({ group: 'medical' })).toEqual(ALL)
    expect(found({ group: 'rope' })).toEqual(['add', 'remove'])
    expect(found({ group: 'med' })).toEqual([])
  })

  it.each([
    ['ana', ALL],
    ['ANA cote', ALL],
    ['o’brien', ALL],
    ['rien', []],
    ['e0044', ['update', 'rekey']],
    ['old9', ['rekey']],
    ['604 555 0123', ALL],
    ['0123', ALL],
    ['example', ALL],
    ['ana lee', []],
    ['##', []],
  ])('a search for “%s” finds what the directory would find', (search, expected) => {
    expect(found({ search })).toEqual(expected)
  })

  it('several filters must all match, and no filter matches everything', () => {
    expect(found({ attribute: 'title', group: 'medical', search: 'old9' })).toEqual(['rekey'])
    expect(found({})).toEqual(ALL)
    expect(found({ search: ' ' })).toEqual(ALL)
  })

  it('an attribute that no change can name is recognised', () => {
    expect(['title', 'smsStatus', 'field:major'].every(isChangedAttribute)).toBe(true)
    expect(['fields', 'titel', 'smsstatus', ''].some(isChangedAttribute)).toBe(false)
  })
})
