import fc from 'fast-check'
import { expect, it } from 'vitest'
import { groupKey } from './contact.ts'
import { Spellings } from './spelling.ts'

function chosen(names: readonly string[]) {
  const spellings = new Spellings()
  for (const name of names) spellings.add(groupKey(name), name)
  return Object.fromEntries(spellings.chosen())
}

it('a new group gets its commonest spelling, and the lowest of several that are equally common', () => {
  expect(chosen(['rope', 'Rope', 'ROPE', 'Rope'])).toEqual({ rope: 'Rope' })
  expect(chosen(['rope', 'Rope', 'ROPE'])).toEqual({ rope: 'ROPE' })
})

it('a group may have a name that every object has', () => {
  const names = ['__proto__', 'constructor', 'toString']
  expect(Object.entries(chosen(names)).flat()).toEqual([
    '__proto__',
    '__proto__',
    'constructor',
    'constructor',
    'tostring',
    'toString',
  ])
})

it('a group with more than a hundred spellings gets the lowest, whatever comes first', () => {
  const names = Array.from({ length: 128 }, (_, i) =>
    [...'avalanche'].map((letter, at) => ((i >> at) & 1 ? letter.toUpperCase() : letter)).join(''),
  )
  expect(chosen(names)).toEqual(chosen([...names].reverse()))
  expect(chosen([...names, ...names.slice(5, 9)])).toEqual({ avalanche: 'AVALANChe' })
})

it('a file that names more than 50,000 groups is refused', () => {
  const names = Array.from({ length: 50_001 }, (_, i) => `Group ${i}`)
  expect(Object.keys(chosen(names.slice(1)))).toHaveLength(50_000)
  expect(() => chosen(names)).toThrow('more than 50,000 groups')
})

it('a group with an accent written in two ways is one group', () => {
  expect(groupKey('Équipe')).toBe(groupKey('E\u0301QUIPE'))
})

it('the order in which spellings come does not matter', () => {
  const names = fc.array(fc.constantFrom('rope', 'Rope', 'ROPE', 'air', 'Air'), { maxLength: 20 })
  fc.assert(
    fc.property(names, (list) => {
      expect(chosen([...list].reverse())).toEqual(chosen([...list].sort()))
    }),
  )
})
