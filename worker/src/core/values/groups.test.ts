import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cases } from '../../testing/sample.ts'
import { groupKey } from '../contact.ts'
import { readGroups } from './groups.ts'

const spellings = (cell: string) => {
  const groups = readGroups(cell)
  return groups.kind === 'value' ? groups.value.map((group) => group.spelling) : groups.kind
}

describe('the groups of a cell', () => {
  test('are separated by commas, trimmed, and empty ones dropped', () => {
    expect(spellings(' Search , Rope Team,, Swift\u00A0')).toEqual(['Search', 'Rope Team', 'Swift'])
    expect(spellings('Rope; Swift')).toEqual(['Rope; Swift'])
  })

  test('stand on a line each in a cell with line breaks, where a comma is part of a name', () => {
    expect(spellings('Search, North\r\nRope\n\n')).toEqual(['Search, North', 'Rope'])
  })

  test('are compared without case, and the first spelling of the cell stands', () => {
    expect(readGroups('Équipe, ÉQUIPE, rope, Rope')).toMatchObject({
      value: [
        { key: 'équipe', spelling: 'Équipe' },
        { key: 'rope', spelling: 'rope' },
      ],
    })
  })

  test('without a name are blank', () => {
    for (const cell of ['', ' ', ',', ' , ,']) expect(readGroups(cell)).toEqual({ kind: 'blank', findings: [] })
    expect(readGroups('n/a, -')).toMatchObject({
      kind: 'blank',
      findings: [{ code: 'placeholder' }, { code: 'placeholder' }],
    })
  })

  test('keep what is a name beside a placeholder', () => {
    expect(readGroups('Search, none')).toMatchObject({
      value: [{ key: 'search', spelling: 'Search' }],
      findings: [{ code: 'placeholder' }],
    })
  })

  test('have names of at most 200 characters', () => {
    expect(spellings('x'.repeat(200))).toHaveLength(1)
    expect(readGroups(`Search, ${'x'.repeat(201)}`)).toMatchObject({
      kind: 'unreadable',
      findings: [{ code: 'group_name_too_long' }],
    })
  })

  test('that were read read as themselves, with the keys that are stored', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'aAéÉ,\n -') })),
        (cell) => {
          const groups = readGroups(cell)
          if (groups.kind !== 'value') return
          for (const { key, spelling } of groups.value) expect(key).toBe(groupKey(spelling))
          // On a line each, and a lone one twice, so that no comma in a name parts it.
          const lines = groups.value.map((group) => group.spelling)
          const again = readGroups((lines.length === 1 ? [...lines, ...lines] : lines).join('\n'))
          expect(again).toMatchObject({ kind: 'value', value: groups.value })
        },
      ),
      { numRuns: cases(1000) },
    )
  })
})
