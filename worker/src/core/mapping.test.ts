import { describe, expect, it } from 'vitest'
import { mappingSchema, rowRulesSchema } from './mapping.ts'
import { ruleText } from './rule-text.ts'

const NAME = { column: 'Name', to: 'name' }

/** Returns why an entry is refused: the path within the entry, and the message. */
function refusal(entry: object): [string, string][] {
  const issues = mappingSchema.safeParse([NAME, entry]).error?.issues ?? []
  return issues.map(({ path, message }) => [path.slice(1).join('.'), message])
}

describe('where a target gets its value from', () => {
  it.each([
    { column: 'Job', to: 'title' },
    { columns: ['Job', 'Rank'], to: 'title' },
    { columns: ['Job', 'Rank'], join: ', ', to: 'title' },
    { columns: ['Site', 'No'], join: '', to: 'id' },
    { columns: ['Given', 'Middle'], to: 'firstName' },
    { columns: ['Given', 'Middle'], to: 'lastName' },
    { columns: ['Team', 'Region'], join: ' / ', to: 'organization' },
    { columns: ['Where', 'When'], to: 'numberDescription2' },
    { columns: ['Major', 'Minor'], to: 'field:studies' },
    { constant: 'Volunteers', to: 'organization' },
    { constant: 'Member', to: 'title' },
    { constant: 'Everybody, Members', to: 'groups' },
    { constant: 'High', to: 'priority' },
    { constant: 'Cell phone', to: 'numberType' },
    { constant: 'pager', to: 'numberType3' },
    { constant: 'Germany', to: 'numberCountry2' },
    { constant: 'jdoe', to: 'assignedUser' },
    { constant: 'fr', to: 'language' },
    { constant: '2027', to: 'field:year' },
    { column: 'Kind', to: 'numberType', values: { C: 'mobile', '': 'landline' } },
    { columns: ['A', 'B'], to: 'title', values: { 'x y': 'z' } },
  ])('%j is accepted', (entry) => {
    expect(refusal(entry)).toEqual([])
  })

  const ONE = 'Give exactly one of “column”, “columns” and “constant”'
  it.each<[object, string, RegExp | string]>([
    [{ to: 'title' }, '', ONE],
    [{ to: 'title', column: 'Job', constant: 'x' }, '', ONE],
    [{ to: 'title', column: 'Job', columns: ['A', 'B'] }, '', ONE],
    [{ to: 'title', columns: ['A'] }, 'columns', />=2 items/],
    [{ to: 'title', columns: ['A', ''] }, 'columns.1', />=1 characters/],
    [{ to: 'title', column: 'Job', join: '-' }, 'join', 'Only “columns” are joined'],
    [{ to: 'number', columns: ['Area', 'No'] }, 'columns', '“number” cannot be joined from columns'],
    [{ to: 'email', columns: ['User', 'Host'], join: '@' }, 'columns', /cannot be joined/],
    [{ to: 'groups', columns: ['A', 'B'] }, 'columns', /cannot be joined/],
    [{ to: 'numberType2', columns: ['A', 'B'] }, 'columns', /cannot be joined/],
    [{ to: 'id', constant: '7' }, 'constant', '“id” needs a column: it cannot be the same in each row'],
    [{ to: 'firstName', constant: 'Ana' }, 'constant', /needs a column/],
    [{ to: 'number', constant: '6045550100' }, 'constant', /needs a column/],
    [{ to: 'numberDescription', constant: 'x' }, 'constant', /needs a column/],
    [{ to: 'smsStatus', constant: 'Y' }, 'constant', /needs a column/],
    [{ to: 'title', constant: ' ' }, 'constant', 'A value that is not blank'],
    [{ to: 'priority', constant: 'Urgent' }, 'constant', /“Urgent” is not a priority/],
    [{ to: 'numberType', constant: 'Home' }, 'constant', /“Home” describes the number/],
    [{ to: 'numberCountry', constant: 'Atlantis' }, 'constant', /“Atlantis”/],
    [{ to: 'groups', constant: 'n/a' }, 'constant', /read as a blank/],
    [{ to: 'groups', constant: ',' }, 'constant', /not blank/],
    [{ to: 'id', column: 'No', values: { a: 'b' } }, 'values', 'The values of “id” are taken as they are written'],
    [{ to: 'number2', column: 'No', values: { a: 'b' } }, 'values', /as they are written/],
    [{ to: 'email', column: 'Mail', values: { a: 'b' } }, 'values', /as they are written/],
    [{ to: 'smsStatus', column: 'Text', values: { a: 'b' } }, 'values', /as they are written/],
    [{ to: 'title', constant: 'x', values: { x: 'y' } }, 'values', /needs no other values/],
    [{ to: 'title', column: 'Job', values: { Lead: 'a', ' lead\u00A0': 'b' } }, 'values', /More than one value for/],
    [{ to: 'title', column: 'Job', values: { Lead: 7 } }, 'values.Lead', /string/],
    [{ to: 'nickname', constant: 'x' }, 'to', /Not a target/],
  ])('%j is refused at “%s”', (entry, path, message) => {
    const found = refusal(entry)
    expect(found.map(([at]) => at)).toEqual([path])
    expect(found[0]?.[1]).toEqual(expect.stringMatching(message))
  })
})

describe('the rules for rows', () => {
  const issues = (rule: object) =>
    (rowRulesSchema.safeParse([rule]).error?.issues ?? []).map(({ path, message }) => [path.join('.'), message])

  it('a rule leaves out or keeps, and names at least one value', () => {
    expect(issues({ column: 'status', leaveOut: ['deleted', ''] })).toEqual([])
    expect(issues({ column: 'status', keep: ['active'] })).toEqual([])
    const one = 'Give exactly one of “leaveOut” and “keep”'
    expect(issues({ column: 'status' })).toEqual([['0', one]])
    expect(issues({ column: 'status', keep: ['a'], leaveOut: ['b'] })).toEqual([['0', one]])
    expect(issues({ column: 'status', keep: [] })).toEqual([['0.keep', expect.any(String)]])
    expect(issues({ keep: ['a'] })).toEqual([['0.column', expect.any(String)]])
    expect(issues({ column: 'status', keep: [true] })).toEqual([['0.keep.0', expect.any(String)]])
  })

  it('a rule in words has its column and its first values', () => {
    expect(ruleText({ column: 'status', leaveOut: ['deleted', ''] })).toBe(
      'leave out those where “status” is “deleted” or blank',
    )
    expect(ruleText({ column: 'Active', keep: ['TRUE'] })).toBe('keep only those where “Active” is “TRUE”')
    const many = ruleText({ column: 'x', keep: ['1', '2', '3', '4', '5', '6'] })
    expect(many).toBe('keep only those where “x” is “1”, “2”, “3”, “4”, “5” or another value')
  })
})
