import fc from 'fast-check'
import { expect, it } from 'vitest'
import { groupKey } from './contact.ts'
import { Spellings } from './spelling.ts'

function chosen(names: readonly string[], known: readonly string[] = []) {
  const spellings = new Spellings()
  for (const name of names) spellings.add(groupKey(name), name)
  return spellings.chosen((key) => known.includes(key))
}

it('a new group gets its commonest spelling, and the lowest of several that are equally common', () => {
  expect(chosen(['rope', 'Rope', 'ROPE', 'Rope'])).toEqual({ rope: 'Rope' })
  expect(chosen(['rope', 'Rope', 'ROPE'])).toEqual({ rope: 'ROPE' })
})

it('a known group keeps its stored spelling', () => {
  expect(chosen(['ROPE', 'air'], ['rope'])).toEqual({ air: 'air' })
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
