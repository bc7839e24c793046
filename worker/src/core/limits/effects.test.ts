import { describe, expect, it } from 'vitest'
import { PlannedDirectory, type PlanOptions, type Sheet } from '../../testing/planned-directory.ts'
import { HEADER } from '../../testing/roster.ts'
import { detailsWith } from '../contact.ts'
import { personChange } from '../same-person.ts'
import { groupKeysIn, withGroupNames } from './examples.ts'
import { becameGarbled } from './garbled.ts'
import { GroupChanges } from './groups.ts'
import { IdentityChanges } from './identity.ts'
import { Kept } from './kept-values.ts'

interface Person {
  id: string
  name?: string
  number?: string
  type?: string
  email?: string
  groups?: string
  title?: string
  priority?: string
  description?: string
}

const numberOf = (n: number) => `604555${String(1000 + n)}`

/** Returns this many people, each with a name, a number and an e-mail of their own. */
function people(count: number): Required<Pick<Person, 'id' | 'name' | 'number' | 'email'>>[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `p${i}`,
    name: `Person ${i}`,
    number: numberOf(i),
    email: `p${i}@example.org`,
  }))
}

function sheetOf(rows: readonly Person[]): Sheet {
  return [
    HEADER,
    ...rows.map(({ id, name = 'Ana', number = '6045550100', type = 'mobile', email = '', groups = 'All', ...rest }) => {
      const cells: Record<string, string> = {
        ...{ ID: id, Name: name, Number: number, 'Number Type': type, 'Email Address': email, Groups: groups },
        ...{ Title: rest.title ?? '', 'Notification Priority': rest.priority ?? '' },
        'Number Description': rest.description ?? '',
      }
      return HEADER.map((header) => cells[header] ?? '')
    }),
  ]
}

/** Returns what the limits learn of a second file, after a first. */
async function effectsOf(first: readonly Person[], second: readonly Person[], options: PlanOptions = {}) {
  const directory = new PlannedDirectory()
  await directory.import(sheetOf(first))
  return (await directory.plan(sheetOf(second), options)).planned.effects
}

describe('what updates take away', () => {
  it('a value that is lost or exchanged is counted once for a contact, and a blank that is filled is not', async () => {
    const [ana = { id: '' }, ben = { id: '' }, cleo = { id: '' }] = people(3)
    const { changed } = await effectsOf(
      [{ ...ana, title: 'Lead', groups: 'A' }, { ...ben, groups: 'A, B' }, cleo],
      [
        { ...ana, title: 'Chief', groups: 'B' },
        { ...ben, groups: 'A, B, C', title: 'New' },
        { ...cleo, priority: 'High' },
      ],
    )
    expect(changed).toMatchObject({ count: 1, examples: [{ id: 'p0', name: 'Person 0' }] })
  })

  it('a description or an extension that a number gets is a blank that is filled, and another one is exchanged', async () => {
    const [ana = { id: '', number: '' }, ben = { id: '' }, cleo = { id: '' }] = people(3)
    const { changed } = await effectsOf(
      [ana, ben, { ...cleo, description: 'home' }],
      [
        { ...ana, number: `${ana.number} ext. 12` },
        { ...ben, description: 'work' },
        { ...cleo, description: 'work' },
      ],
    )
    const number = `+1${numberOf(2)}`
    expect(changed).toMatchObject({
      count: 1,
      examples: [{ id: 'p2', before: `${number} (mobile, home)`, after: `${number} (mobile, work)` }],
    })
  })

  it('an example of groups has their names in place of their keys', async () => {
    const [ana = { id: '' }] = people(1)
    const { changed } = await effectsOf([{ ...ana, groups: 'Rope, Air' }], [{ ...ana, groups: 'Dogs' }])
    expect(groupKeysIn([changed]).sort()).toEqual(['air', 'dogs', 'rope'])
    const names = new Map([
      ['air', 'Air'],
      ['rope', 'Rope'],
    ])
    const [example] = withGroupNames(changed, names).examples
    expect(example).toEqual({ id: 'p0', name: 'Person 0', before: 'Air, Rope', after: 'dogs' })
  })

  it('a priority that becomes normal is blanked, and the example says what it was', async () => {
    const [ana = { id: '' }] = people(1)
    const { blanked } = await effectsOf([{ ...ana, priority: 'High' }], [ana])
    expect(blanked.get('priority')).toMatchObject({
      count: 1,
      examples: [{ id: 'p0', before: 'high', after: 'normal' }],
    })
  })

  it('a mobile number that becomes a landline leaves a contact without a mobile number', async () => {
    const [ana = { id: '' }, ben = { id: '', email: '' }] = people(2)
    const { unreachable } = await effectsOf(
      [ana, ben],
      [
        { ...ana, type: 'landline' },
        { ...ben, email: '' },
      ],
    )
    expect(unreachable).toMatchObject({
      numbers: { count: 0 },
      mobiles: { count: 1, examples: [{ id: 'p0', before: '+16045551000', after: null }] },
      emails: { count: 1, examples: [{ id: 'p1', before: 'p1@example.org', after: null }] },
    })
  })

  it('the examples are the same in any order of the rows, and at most five', async () => {
    const all = people(60)
    const without = all.map((person) => ({ ...person, email: '' }))
    const one = await effectsOf(all, without)
    const other = await effectsOf(all, without.toReversed())
    expect(one.unreachable.emails.examples).toHaveLength(5)
    expect(other.unreachable.emails.examples).toEqual(one.unreachable.emails.examples)
  })
})

describe('what a plan does to groups', () => {
  it('a group counts apart the contacts that go to another group, to none, or are removed', async () => {
    const [ana = { id: '' }, ben = { id: '' }, cleo = { id: '' }] = people(3)
    const { losing } = await effectsOf(
      [ana, ben, cleo].map((person) => ({ ...person, groups: 'Rope' })),
      [
        { ...ana, groups: 'Air' },
        { ...ben, groups: 'Rope' },
        { id: 'new', groups: 'Rope' },
      ],
    )
    expect(losing.map(({ key, gained, lost, adrift, removed }) => [key, gained, lost.count, adrift, removed])).toEqual([
      ['rope', 1, 2, 1, 1],
    ])
  })
})

describe('who the contacts are', () => {
  it('one column that is sorted by itself gives contacts what belongs to others, with both values as an example', async () => {
    const all = people(10)
    const shifted = all.map((person, i) => ({ ...person, number: numberOf((i + 1) % 10) }))
    const { identity } = await effectsOf(all, shifted)
    expect(identity).toMatchObject({ found: { count: 10 }, others: 0, passed: { names: 0, numbers: 10, emails: 0 } })
    const [example] = identity.found.examples
    const at = Number(example?.id.slice(1))
    expect(example).toMatchObject({ before: `+1${numberOf(at)}`, after: `+1${numberOf((at + 1) % 10)}` })
  })

  it('a contact of which no name, number and e-mail stays is another person, and one with a new name is not', async () => {
    const [ana = { id: '' }, ben = { id: '' }] = people(2)
    const stranger = { name: 'Zoe', number: '6045559999', email: 'z@example.org' }
    const { identity } = await effectsOf(
      [ana, ben],
      [
        { ...ana, ...stranger },
        { ...ben, name: 'Ben Married' },
      ],
    )
    expect(identity).toMatchObject({ found: { count: 1, examples: [{ id: 'p0', name: 'Person 0' }] }, others: 1 })
  })

  it('the same name in another order or without accents is the same name', async () => {
    const person = { id: 'a', name: "O'Brien, Zoë", number: '6045550101' }
    const { identity } = await effectsOf([person], [{ id: 'a', name: 'Zoe OBrien', number: '6045550102' }])
    expect(identity.found.count).toBe(0)
  })

  it('a number that more than three contacts lose at once is shared, and does not belong to one of them', async () => {
    const all = people(8)
    const before = all.map((person, i) => ({ ...person, number: i < 4 ? '6045550100' : person.number }))
    const after = all.map((person, i) => ({ ...person, number: i === 7 ? '6045550100' : person.number }))
    expect((await effectsOf(before, after)).identity.found.count).toBe(0)
  })

  it('a number that a contact gets from one of many who are removed is counted, and names both', async () => {
    const all = people(8)
    const [heir = { id: '' }, stays = { id: '' }] = all
    const { identity } = await effectsOf(all, [{ ...heir, number: numberOf(5) }, stays])
    expect(identity).toMatchObject({ found: { count: 1 }, others: 0, passed: { names: 0, numbers: 1, emails: 0 } })
    expect(identity.found.examples).toMatchObject([{ id: 'p0', before: `+1${numberOf(0)}`, after: `+1${numberOf(5)}` }])
  })

  it('an adopted manual contact that is another person counts in a first import', async () => {
    const directory = new PlannedDirectory()
    directory.add('p0', detailsWith({ name: 'Somebody', emails: ['s@example.org'] }))
    directory.add('p1', detailsWith({ name: 'person 1', emails: ['other@example.org'] }))
    const { planned } = await directory.plan(sheetOf(people(2)))
    expect(planned.effects.identity.adopted).toMatchObject({ count: 2, others: { count: 1, examples: [{ id: 'p0' }] } })
  })
})

describe('one mobile number for many contacts', () => {
  it('a number of many counts the added and updated contacts that did not have it before', async () => {
    const all = people(4)
    const same = all.map((person) => ({ ...person, number: numberOf(0) }))
    const { sameNumber } = await effectsOf(all, [...same, { id: 'new', number: numberOf(0) }])
    expect(sameNumber.most).toMatchObject([{ number: '+16045551000', found: { count: 4 } }])
    expect(sameNumber.most[0]?.found.examples.map(({ id }) => id)).toEqual(['new', 'p1', 'p2', 'p3'])
  })

  it('a first import with a number of two people counts it without examples', async () => {
    const directory = new PlannedDirectory()
    const { planned } = await directory.plan(sheetOf([{ id: 'a' }, { id: 'b' }]))
    expect(planned.effects.sameNumber.most).toEqual([{ number: '+16045550100', found: { count: 2, examples: [] } }])
  })
})

describe('damaged text', () => {
  it.each([
    ['Zoë', 'ZoÃ«'],
    ['García', 'GarcÃa'],
    ['Nguyễn', 'Nguyá»…n'],
    ['Łukasz', '?ukasz'],
    ['Siân', 'Si?n'],
    ['José', 'Jos�'],
    ['Coordinator', '#N/A'],
    ['', '#REF!'],
    ['Иван', '????'],
    ['Núñez', 'N£¤ez'],
    ['Müller', 'MŸller'],
    ['José', 'JosŽ'],
    ['Núñez', 'Nez'],
    ['Müller', 'M&#252;ller'],
    ['Müller', 'M&uuml;ller'],
    ['O’Brien', 'O\\u2019Brien'],
    ["Ana O'Brien", 'Ana O&#39;Brien'],
    ['Search & Rescue', 'Search &amp; Rescue'],
  ])('%s becomes damaged as %s', (before, after) => {
    expect(becameGarbled(before, after)).toBe(true)
  })

  it.each([
    ['Zoe', 'Zoë'],
    ['Zoë', 'Zoe'],
    ['ZoÃ«', 'Zoë'],
    ['Ana', 'André’s friend'],
    ['Why', 'Why?'],
    ['José', 'Joseph'],
    ['#N/A', '#N/A!'],
    ['Côté', 'CÔTÉ'],
    ['Zoë', 'Zoé'],
    ['Éric', 'éric'],
    ['Café', 'Café™'],
    ['Café – Lead', 'Café Lead'],
    ['“Café”', '„Café“'],
    ['Иван', 'Пётр'],
    ['李娜', '王芳'],
    ['R&D; C:\\users', 'R&D; C:\\uploads; T&C'],
    ['M&#252;ller', 'Müller'],
    ['', 'R&amp;D'],
    ['<p>R&amp;D</p>', '<p>R&amp;D, Q&amp;A</p>'],
  ])('%s is not damaged as %s', (before, after) => {
    expect(becameGarbled(before, after)).toBe(false)
  })
})

describe('the memory of judging', () => {
  it('which values are kept does not depend on their order, and there are never more than the most', () => {
    const keptOf = (values: readonly number[]) => {
      const kept = new Kept(100)
      const map = new Map<number, true>()
      for (const value of values) {
        if (!kept.keeps(value)) continue
        map.set(value, true)
        kept.thin(map, (one) => one)
        expect(map.size).toBeLessThanOrEqual(100)
      }
      return [...map.keys()].sort((a, b) => a - b)
    }
    const values = Array.from({ length: 1000 }, (_, i) => i * 7)
    const one = keptOf(values)
    expect(one.length).toBeGreaterThan(50)
    expect(keptOf(values.toReversed())).toEqual(one)
  })

  it('beyond the most, groups and people are still counted for the values that are kept', async () => {
    const groups = new GroupChanges()
    const identity = new IdentityChanges()
    const count = 120_000
    const of = (n: number) => detailsWith({ name: 'Ana', emails: [`a${n}@example.org`], groups: [`g${n}`] })
    for (let i = 0; i < count; i++) {
      const [before, after] = [of(i), of((i + 1) % count)]
      const update = { key: i + 1, id: `p${i}`, rank: i, before, after, changed: ['emails', 'groups'] as const }
      groups.updated({ ...update, adopted: false })
      identity.updated({ ...update, adopted: false }, personChange(before, after))
    }
    expect(groups.losing.length).toBeGreaterThan(5_000)
    expect(groups.losing.length).toBeLessThan(20_000)
    expect(groups.losing.every(({ lost, gained }) => lost.count === 1 && gained === 1)).toBe(true)
    const found = await identity.finish({ byKeys: async () => [] })
    expect(found.found.count).toBeGreaterThan(count / 4)
    expect(found.found.count).toBeLessThan(count)
    expect(found.complete).toBe(false)
  })
})
