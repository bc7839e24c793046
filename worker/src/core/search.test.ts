import { describe, expect, it } from 'vitest'
import { ATTRIBUTES, TEXT_KEYS } from './attributes.ts'
import { type ContactDetails, detailsWith } from './contact.ts'
import { emailWord, membersQuery, searchQuery, searchWords } from './search.ts'

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
    expect(words.match(/#\d+/g)).toEqual(['#7', '#31'])
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
      .filter((word) => word.startsWith('#'))

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

describe('the query for a search text', () => {
  it('a search matches the beginnings of words, and needs all of them', () => {
    expect(searchQuery('ana nor')).toBe('"ana"* AND "nor"*')
    expect(searchQuery('O’Brien')).toBe('"O"* AND "Brien"*')
  })

  it('a search accepts a number in any spelling', () => {
    expect(searchQuery('604 555-0101')).toBe('("604"* AND "555"* AND "0101"*) OR "6045550101"*')
    expect(searchQuery('6045550101')).toBe('"6045550101"*')
    expect(searchQuery('16045550101')).toBe('("16045550101"*) OR "6045550101"*')
    expect(searchQuery('+1 604 555')).toBe('("1"* AND "604"* AND "555"*) OR "1604555"* OR "604555"*')
    expect(searchQuery('1045')).toBe('"1045"*')
  })

  it('a search text is never query syntax: its punctuation has no meaning', () => {
    expect(searchQuery('"ana" OR *')).toBe('"ana"* AND "OR"*')
    expect(searchQuery('#7')).toBe('"7"*')
    expect(searchQuery(' ”*" ')).toBeNull()
  })
})
