import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { growth } from '../../testing/growth.ts'
import { listNotation } from './list-notation.ts'

describe('a text that is a list by its notation', () => {
  test.each<[string, string[]]>([
    ['Search, North\nRope', ['Search, North', 'Rope']],
    ['Search,\nRope;\n', ['Search', 'Rope', '']],
    ['• Search\n• Rope', ['Search', 'Rope']],
    ['["Search","Rope"]', ['Search', 'Rope']],
    ['["Search, North", "Rope \\"A\\""]', ['Search, North', 'Rope "A"']],
    ['[\n  "Search",\n  "Rope"\n]', ['Search', 'Rope']],
    ['["Search", null, 7]', ['Search', '7']],
    ["['Search', 'Rope']", ['Search', 'Rope']],
    ["['Search, North', \"O'Brien\", None]", ['Search, North', "O'Brien"]],
    ['[Search, Rope]', ['Search', 'Rope']],
    ['{Search,Rope}', ['Search', 'Rope']],
    ['{Search}', ['Search']],
    ['{Search,"North, West",NULL,"a\\"b"}', ['Search', 'North, West', 'a"b']],
    ['[]', []],
    ['{}', []],
    ['Rope ::: * myContacts', ['Rope ', ' * myContacts']],
    ['1;#Search, North;#2;#Rope', ['Search, North', 'Rope']],
    ['1;#Search;2;#Rope', ['Search', 'Rope']],
    [';#Search;#Rope;#', ['', 'Search', 'Rope', '']],
  ])('%j is the list %j', (text, values) => expect(listNotation(text)).toEqual(values))

  test.each([
    'Search',
    'Search, Rope',
    'Search; Rope',
    '[Search]',
    '[Search] Rope',
    '{"a":1}',
    '[{"a":1}]',
    '["a" b]',
    '5" hose',
  ])('%j is not a list by its notation', (text) => expect(listNotation(text)).toBeNull())

  test('a JSON list of any texts is read as it is, and no text throws', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (texts) => {
        expect(listNotation(JSON.stringify(texts))).toEqual(texts)
      }),
    )
    const odd = fc.string({ unit: fc.constantFrom(...'[]{}"\',\\ \n;#:1a') })
    fc.assert(fc.property(odd, (text) => void listNotation(text)))
  })

  test.each(['"', '[', "['", '\\', ',', ' ', ';#', '1;#'])('a list full of %j is read in linear time', async (unit) => {
    const work = (size: number) => listNotation(`[${unit.repeat(size)}]`)
    expect(await growth(2000, work)).toBeLessThan(32)
  })
})
