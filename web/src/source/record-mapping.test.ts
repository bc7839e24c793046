import { describe, expect, it } from 'vitest'
import { FILE_COLUMNS } from '../../../worker/src/core/attributes.ts'
import { additionalFields, otherTargets, suggestedFields } from './record-mapping.ts'

const STANDARD = ['firstName', 'lastName', 'number', 'email'].map((to) => ({ to, label: to, required: false }))

it('the attributes of a service suggest its standard fields and the opt-out field, and nothing else', () => {
  const column = (name: string, to: string) => ({ name, samples: [], suggestion: { to, confidence: 1 } })
  const columns = [column('Given', 'firstName'), column('Texts', 'smsStatus'), column('Role', 'title')]
  expect(suggestedFields(STANDARD, columns)).toEqual([
    { column: 'Given', to: 'firstName' },
    { column: 'Texts', to: 'smsStatus' },
  ])
})

describe('the additional fields of a service', () => {
  it('are what has no place of its own in the form', () => {
    const mapping = ['number', 'title', 'smsStatus', 'field:major', 'groups'].map((to) => ({ column: to, to }))
    expect(additionalFields(mapping, STANDARD).map(({ entry, index }) => [entry.to, index])).toEqual([
      ['title', 1],
      ['field:major', 3],
      ['groups', 4],
    ])
  })

  it('can be each target that is left, once, the groups first', () => {
    const offered = otherTargets(STANDARD)
    expect(offered[0]).toBe('groups')
    const ofNumber = ['numberType', 'numberDescription', 'numberCountry']
    const placed = ['id', 'name', 'smsStatus', ...ofNumber, ...STANDARD.map(({ to }) => to)]
    expect([...offered, ...placed].sort()).toEqual(FILE_COLUMNS.map(({ to }) => to as string).sort())
  })
})
