import { describe, expect, it } from 'vitest'
import { ATTRIBUTES, TEXT_KEYS } from './attributes.ts'
import { type ContactDetails, detailsWith } from './contact.ts'
import { emailWord, membersQuery, nameWord, searchPrefixes, searchWords, wordsIn } from './search.ts'

const ANA = detailsWith({
  name: 'Ana O’Brien #7',
  organization: 'North Shore Rescue',
  title: 'Lead',
  emails: ['ana@example.org'],
  numbers: [
    { number: '+16045550101', type: 'mobile', description: null, extension: null },
    { number: '+442079460958', type: 'landline', description: null, extension: null },
  ],
})

describe('the search words of a contact', () => {
  const words = searchWords('E#12', ANA, [7, 31])

  it('a contact is found by name, ID, organization, e-mail and the digits of its numbers, with and without the calling code', () => {
    for (const word of ['Ana', 'E 12', 'North', 'ana@example.org', '6045550101', '5550101', '0101'])
      expect(words).toContain(word)
    for (const word of ['442079460958', '2079460958', '0958']) expect(words.split(' ')).toContain(word)
    expect(words).not.toContain('Lead')
  })

  it('a contact is found by its searched text attributes, and by no others', () => {
    for (const key of TEXT_KEYS) {
      const found = searchWords('1', detailsWith({ name: 'Bo', [key]: 'Whatever' }), [])
      expect([key, found.includes('Whatever')]).toEqual([key, ATTRIBUTES[key].searched])
    }
  })

  it('a contact is found by its groups, and none of its texts is taken for a group', () => {
    expect(words.match(/(?<= )#\d+/g)).toEqual(['#7', '#31'])
    expect(membersQuery(7)).toBe('"#7"')
  })

  it('a contact is found by its priority if it is not normal', () => {
    expect(words).not.toMatch(/#(normal|high|low)/)
    expect(searchWords('1', { ...ANA, priority: 'high' }, [7]).split(' ')).toContain('#high')
    expect(membersQuery(7, 'high')).toBe('"#7" AND "#high"')
    expect(membersQuery(7, 'normal')).toBe('"#7" NOT ("#high" OR "#low")')
  })
})

describe('the words of a contact that no search finds', () => {
  const special = (details: Partial<ContactDetails>) =>
    searchWords('1', detailsWith({ name: 'Bo', ...details }), [])
      .split(' ')
      .filter((word) => /^#[^#]/.test(word))

  it('say how the contact can be reached', () => {
    const { numbers } = ANA
    expect(special({})).toEqual(['#nobody'])
    expect(special({ numbers })).toEqual(['#mobile', '#landline'])
    expect(special({ emails: ['a@b.org'] })).toEqual(['#email6140622e6f7267', '#email'])
  })

  it('have each address, in which only the case of A-Z makes no difference', () => {
    expect(emailWord('ANA@b.org')).toBe(emailWord('ana@B.org'))
    expect(emailWord('É@b.org')).not.toBe(emailWord('é@b.org'))
    expect(emailWord('aé@B')).toBe('#email61c3a94062')
  })

  it('have the key and the beginning of each value of a field', () => {
    expect(special({ fields: { a: ['B', 'é'], c: ['x'.repeat(100)] } })).toEqual([
      '#nobody',
      '#field613d62',
      '#field613dc3a9',
      `#field633d${'78'.repeat(62)}`,
    ])
  })
})

describe('the words of a search text', () => {
  it('a search matches the beginnings of words, and needs all of them', () => {
    expect(searchPrefixes('ana nor')).toEqual([['ana', 'nor']])
    expect(searchPrefixes('O’Brien')).toEqual([['O', 'Brien']])
  })

  it('a search accepts a number in any spelling', () => {
    expect(searchPrefixes('604 555-0101')).toEqual([['604', '555', '0101'], ['6045550101']])
    expect(searchPrefixes('6045550101')).toEqual([['6045550101']])
    expect(searchPrefixes('16045550101')).toEqual([['16045550101'], ['6045550101']])
    expect(searchPrefixes('+1 604 555')).toEqual([['1', '604', '555'], ['1604555'], ['604555']])
    expect(searchPrefixes('1045')).toEqual([['1045']])
  })

  it('a search text is never query syntax: its punctuation has no meaning', () => {
    expect(searchPrefixes('"ana" OR *')).toEqual([['ana', 'OR']])
    expect(searchPrefixes('#7')).toEqual([['7']])
    expect(searchPrefixes(' ”*" ')).toBeNull()
  })
})

describe('the word of a name', () => {
  it('contacts are in the order of their names without case, accents and punctuation, spaces first', () => {
    const names = ['Zoë Lee', 'Ana Lee', 'ana-lee', 'Anabel', 'Émile Roy', 'Emily Roy', 'O’Brien', 'Obrien', '12 Crew']
    const order = names
      .map((name) => [wordsIn(nameWord(name))[0] ?? '', name] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    expect(order.map(([, name]) => name)).toEqual([
      '12 Crew',
      'Ana Lee',
      'ana-lee',
      'Anabel',
      'Émile Roy',
      'Emily Roy',
      'O’Brien',
      'Obrien',
      'Zoë Lee',
    ])
    expect(nameWord('')).toBe('##')
  })
})
