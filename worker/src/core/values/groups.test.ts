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
  test('groups in a cell are separated by commas and trimmed, and empty ones are dropped', () => {
    expect(spellings(' Search , Rope Team,, Swift\u00A0')).toEqual(['Search', 'Rope Team', 'Swift'])
  })

  test.each([
    'Search; Rope',
    'Search;Rope;',
    'Search | Rope',
    'Search, Rope',
    'Search ::: Rope',
    'Search\nRope',
    'Search,\nRope,',
    '["Search", "Rope"]',
    "['Search', 'Rope']",
    '{Search,Rope}',
    ';#Search;#Rope;#',
    '1;#Search;#2;#Rope',
    '1;#Search;2;#Rope',
  ])('the groups of %j are Search and Rope', (cell) => expect(spellings(cell)).toEqual(['Search', 'Rope']))

  test('a group name in a list with quotation marks may have a comma', () => {
    expect(spellings('["Search, North", "Rope"]')).toEqual(['Search, North', 'Rope'])
    expect(spellings('{Rope,"Search, North"}')).toEqual(['Rope', 'Search, North'])
    expect([spellings('[]'), spellings('{}')]).toEqual(['blank', 'blank'])
    expect(spellings('[Inactive]')).toEqual(['[Inactive]'])
  })

  test('each line of a cell with line breaks is a group, and a comma is part of its name', () => {
    expect(spellings('Search, North\r\nRope\n\n')).toEqual(['Search, North', 'Rope'])
  })

  test('groups are compared without case, and the first spelling in the cell is kept', () => {
    expect(readGroups('Équipe, ÉQUIPE, rope, Rope')).toMatchObject({
      value: [
        { key: 'équipe', spelling: 'Équipe' },
        { key: 'rope', spelling: 'rope' },
      ],
    })
  })

  test('a cell without a group name is blank', () => {
    for (const cell of ['', ' ', ',', ' , ,']) expect(readGroups(cell)).toEqual({ kind: 'blank', findings: [] })
    expect(readGroups('n/a, -')).toMatchObject({
      kind: 'blank',
      findings: [{ code: 'placeholder' }, { code: 'placeholder' }],
    })
  })

  test('a group name beside a placeholder is kept', () => {
    expect(readGroups('Search, none')).toMatchObject({
      value: [{ key: 'search', spelling: 'Search' }],
      findings: [{ code: 'placeholder' }],
    })
  })

  test('a group name has at most 200 characters', () => {
    expect(spellings('x'.repeat(200))).toHaveLength(1)
    const long = 'x'.repeat(201)
    expect(readGroups(long)).toMatchObject({ kind: 'unreadable', findings: [{ code: 'group_name_too_long' }] })
    expect(readGroups(`Search, ${long}`)).toMatchObject({
      kind: 'value',
      value: [{ key: 'search' }],
      findings: [{ code: 'group_name_too_long' }],
    })
  })

  test('groups that were read are read again unchanged, with the keys that are stored', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'aAéÉ,\n -') })),
        (cell) => {
          const groups = readGroups(cell)
          if (groups.kind !== 'value') return
          for (const { key, spelling } of groups.value) expect(key).toBe(groupKey(spelling))
          // Each name is on a line of its own, and a single name is there twice, so that a comma in a name does not split it.
          const lines = groups.value.map((group) => group.spelling)
          const again = readGroups((lines.length === 1 ? [...lines, ...lines] : lines).join('\n'))
          expect(again).toMatchObject({ kind: 'value', value: groups.value })
        },
      ),
      { numRuns: cases(1000) },
    )
  })
})
