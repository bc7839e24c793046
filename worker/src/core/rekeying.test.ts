import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { growth } from '../testing/growth.ts'
import { migration } from '../testing/migrations.ts'
import { detailsWith } from './contact.ts'
import { type RekeyedPeople, Rekeying } from './rekeying.ts'
import { isSamePerson, nameKey, type PersonDetails, personValues } from './same-person.ts'
import { MemorySpill } from './sorted-records.ts'

interface Contact {
  id: string
  details: PersonDetails
}

/** Returns the people that come under new IDs; the key of a missing person is its place in the list, from 1. */
async function rekeyed(missing: readonly Contact[], added: readonly Contact[], seed = 1): Promise<RekeyedPeople> {
  const rekeying = new Rekeying(seed, new MemorySpill(1000))
  for (const { id, details } of added) {
    rekeying.add(id, details)
    await rekeying.flush()
  }
  async function* people() {
    for (const [i, { details }] of missing.entries()) yield { key: i + 1, details }
  }
  return rekeying.pairs(people())
}

/** Returns the pairs as `old > new`. */
async function pairs(missing: readonly Contact[], added: readonly Contact[]): Promise<string[]> {
  const found = await rekeyed(missing, added)
  return added.flatMap(({ id }) => {
    const key = found.keyOf(id)
    return key === null ? [] : [`${missing[key - 1]?.id} > ${id}`]
  })
}

/** Compares each missing person with each new contact. */
function pairSlowly(missing: readonly Contact[], added: readonly Contact[]): string[] {
  const named = (all: readonly Contact[]) => all.filter(({ details }) => nameKey(details.name) !== '')
  const holders = (all: readonly Contact[], value: string) =>
    named(all).filter(({ details }) => personValues(details).includes(value)).length
  const common = (one: Contact, other: Contact) =>
    nameKey(one.details.name) !== nameKey(other.details.name)
      ? 0
      : personValues(one.details).filter(
          (value) =>
            personValues(other.details).includes(value) && holders(missing, value) <= 5 && holders(added, value) <= 5,
        ).length
  const nearest = (one: Contact, all: readonly Contact[]) => {
    const counts = named(all).map((other) => common(one, other))
    const most = Math.max(0, ...counts)
    const [first, ...more] = named(all).filter((_, i) => most > 0 && counts[i] === most)
    return more.length > 0 ? undefined : first
  }
  return named(added).flatMap((one) => {
    const person = nearest(one, missing)
    return person !== undefined && nearest(person, added) === one ? [`${person.id} > ${one.id}`] : []
  })
}

function contact(id: string, name: string, numbers: string[], emails: string[] = []): Contact {
  const all = numbers.map((number) => ({ number, type: 'mobile' as const, description: null, extension: null }))
  return { id, details: detailsWith({ name, numbers: all, emails }) }
}

describe('people that come under new IDs', () => {
  it('a person is recognised by the name and a number or an e-mail address, however they are written', async () => {
    const missing = [
      contact('1', 'Ana Lee', ['+1']),
      contact('2', 'Bo Roy', [], ['bo@x.org']),
      contact('3', 'Cy Kim', ['+3']),
    ]
    const added = [
      contact('b', 'ROY, Bo', ['+9'], ['BO@x.org']),
      contact('a', 'Aña Lee', ['+1']),
      contact('c', 'Cy Kim', ['+4']),
    ]
    expect(await pairs(missing, added)).toEqual(['2 > b', '1 > a'])
  })

  it('people who share a number are recognised by their names', async () => {
    const missing = [contact('1', 'Ana Lee', ['+1']), contact('2', 'Eva Lee', ['+1'])]
    expect(await pairs(missing, [contact('b', 'Eva Lee', ['+1']), contact('a', 'Ana Lee', ['+1'])])).toEqual([
      '2 > b',
      '1 > a',
    ])
  })

  it('of people with one name and one number, those with more in common belong together', async () => {
    const missing = [contact('father', 'Al Roy', ['+1', '+2']), contact('son', 'Al Roy', ['+1', '+3'])]
    const added = [contact('s', 'Al Roy', ['+1', '+3']), contact('f', 'Al Roy', ['+1', '+2'])]
    expect(await pairs(missing, added)).toEqual(['son > s', 'father > f'])
  })

  it.each<[what: string, missing: Contact[], added: Contact[]]>([
    [
      'two missing people may be',
      [contact('1', 'Al Roy', ['+1']), contact('2', 'Al Roy', ['+1'])],
      [contact('a', 'Al Roy', ['+1'])],
    ],
    [
      'may be two new contacts',
      [contact('1', 'Al Roy', ['+1'])],
      [contact('a', 'Al Roy', ['+1']), contact('b', 'Al Roy', ['+1'])],
    ],
    [
      'has only a number in common that many people have',
      Array.from({ length: 6 }, (_, i) => contact(String(i), `Al ${i}`, ['+1'])),
      Array.from({ length: 6 }, (_, i) => contact(`n${i}`, `Al ${i}`, ['+1'])),
    ],
    ['has no name', [contact('1', ' – ', ['+1'])], [contact('a', ' – ', ['+1'])]],
    [
      'has nothing but the name in common',
      [contact('1', 'Al Roy', ['+1'], ['a@x.org'])],
      [contact('a', 'Al Roy', ['+2'])],
    ],
  ])('a person who %s is not recognised', async (_, missing, added) => {
    expect(await pairs(missing, added)).toEqual([])
  })

  it('who is recognised depends on neither the order of the contacts nor the seed', async () => {
    for (let seed = 0; seed < 40; seed++) {
      const { before, after } = migration(seed)
      const usual = (await pairs(before, after)).sort()
      expect((await pairs([...before].reverse(), [...after].reverse())).sort()).toEqual(usual)
      expect((await rekeyed(before, after, 77)).size).toBe(usual.length)
    }
  })

  it('in 1,000 migrations at least 95 % of the people are recognised, and nobody is taken for somebody else', async () => {
    let people = 0
    let right = 0
    for (let seed = 0; seed < 1000; seed++) {
      const { before, after } = migration(seed)
      const [were, are] = [new Map(before.map((one) => [one.id, one])), new Map(after.map((one) => [one.id, one]))]
      const missing = before.filter(({ id }) => !are.has(id))
      const added = after.filter(({ id }) => !were.has(id))
      const left = new Set(missing.map(({ person }) => person))
      people += added.filter(({ person }) => left.has(person)).length
      const found = await rekeyed(missing, added)
      for (const one of added) {
        const key = found.keyOf(one.id)
        const other = key === null ? undefined : missing[key - 1]
        if (other === undefined) continue
        expect({ seed, ...one, person: other.person }).toEqual({ seed, ...one })
        expect(isSamePerson(one.details, other.details)).toBe(true)
        right++
      }
    }
    expect(people).toBeGreaterThan(50_000)
    expect(right / people).toBeGreaterThan(0.95)
  })

  it('the same people are recognised as by comparing each with each', async () => {
    const number = fc.constantFrom('+1', '+2', '+3', '+4', '+5')
    const people = fc.array(
      fc.record({
        name: fc.constantFrom('Ana Lee', 'LEE, Ana', 'Bo Roy', ''),
        numbers: fc.uniqueArray(number, { maxLength: 3 }),
      }),
      { maxLength: 14 },
    )
    await fc.assert(
      fc.asyncProperty(people, people, async (one, other) => {
        const missing = one.map(({ name, numbers }, i) => contact(`m${i}`, name, numbers))
        const added = other.map(({ name, numbers }, i) => contact(`a${i}`, name, numbers))
        expect(await pairs(missing, added)).toEqual(pairSlowly(missing, added))
      }),
    )
  })

  it('the work follows the number of people, also if all have one name and one number', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => contact(String(i), 'Al Roy', ['+1']))
    expect(await growth(2000, (count) => rekeyed(many(count), many(count)))).toBeLessThan(32)
  })
})
