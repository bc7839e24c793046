import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ContactDetails, detailsWith } from './contact.ts'
import { undoUpdate } from './undoing.ts'

const number = (digits: string) => ({ number: digits, type: 'mobile' as const, description: null, extension: null })
const of = (packed: Parameters<typeof detailsWith>[0]) => detailsWith({ name: 'Ana', ...packed })

describe('undoing an update', () => {
  test('an undo restores the earlier values if nothing has changed since', () => {
    const before = of({ title: 'Medic', groups: ['rope'], numbers: [number('+16045550100')] })
    const after = of({ title: 'Lead', groups: ['search'], numbers: [number('+16045550101')] })
    expect(undoUpdate(before, after, after)).toEqual({ details: before, left: [] })
  })

  test('an undo keeps and names a value that has changed since', () => {
    const current = of({ title: 'Chief', organization: 'New' })
    const undone = undoUpdate(
      of({ title: 'Medic', organization: 'Old' }),
      of({ title: 'Lead', organization: 'New' }),
      current,
    )
    expect(undone).toEqual({ details: of({ title: 'Chief', organization: 'Old' }), left: ['title'] })
  })

  test('an undo takes groups back one by one', () => {
    const undone = undoUpdate(of({ groups: ['rope'] }), of({ groups: ['search'] }), of({ groups: ['k9', 'search'] }))
    expect(undone).toEqual({ details: of({ groups: ['k9', 'rope'] }), left: [] })
  })

  test('an undo puts an e-mail address back after those that have been added since', () => {
    const undone = undoUpdate(of({ emails: ['a@x.org'] }), of({ emails: [] }), of({ emails: ['b@x.org'] }))
    expect(undone).toEqual({ details: of({ emails: ['b@x.org', 'a@x.org'] }), left: [] })
  })

  test('an undo takes custom fields back one by one', () => {
    const undone = undoUpdate(
      of({ fields: { major: ['Biology'], year: ['1'] } }),
      of({ fields: { major: ['Physics'], year: ['2'] } }),
      of({ fields: { major: ['Physics'], year: ['3'] } }),
    )
    expect(undone).toEqual({ details: of({ fields: { major: ['Biology'], year: ['3'] } }), left: ['fields'] })
  })

  test('an undo restores any earlier details if nothing has changed since', () => {
    const text = fc.constantFrom(null, 'a', 'b')
    const list = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'))
    const details: fc.Arbitrary<ContactDetails> = fc
      .record({ title: text, organization: text, groups: list, emails: list })
      .map((given) => ({ ...of({}), ...given, groups: given.groups.sort() }))
    fc.assert(
      fc.property(details, details, (before, after) => {
        expect(undoUpdate(before, after, after)).toEqual({ details: before, left: [] })
      }),
    )
  })
})
