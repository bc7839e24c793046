import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PlannedDirectory, type PlanOptions } from '../testing/planned-directory.ts'
import { cellsOf, HEADER, type Person, shuffled } from '../testing/roster.ts'
import { type ContactDetails, detailsWith } from './contact.ts'
import { invert } from './inverting.ts'
import type { Change } from './plan.ts'
import { isSomebodyElse, personChange, valuesOf } from './same-person.ts'
import { NO_SMS } from './sms.ts'
import { isSomebodyElseAgain, SomebodyElse } from './somebody-else.ts'

/** Returns a contact with a name, and with numbers and e-mail addresses as they are written. */
function person(name: string, ...values: string[]): ContactDetails {
  const numbers = values.filter((value) => value.startsWith('+'))
  return detailsWith({
    name,
    numbers: numbers.map((number) => ({ number, type: 'mobile', description: null, extension: null })),
    emails: values.filter((value) => value.includes('@')),
  })
}

/** A change of the contact with a key. `after` is null for a removal. */
interface Planned {
  key: number
  before: ContactDetails
  after: ContactDetails | null
  rekeys?: boolean
}

function found(changes: readonly Planned[], seed = 7): number[] {
  const finder = new SomebodyElse(seed)
  for (const { key, before, after, rekeys } of changes) {
    if (after === null) finder.removed(valuesOf(before))
    else if (rekeys === true) finder.rekeyed(personChange(before, after))
    else finder.updated(key, personChange(before, after))
  }
  return [...finder.finish()]
}

/** Returns the changes that turn each list of people into the next: the n-th of one becomes the n-th of the other. */
function becoming(before: readonly ContactDetails[], after: readonly (ContactDetails | null)[]): Planned[] {
  return before.map((one, i) => ({ key: i + 1, before: one, after: after[i] ?? null }))
}

const ANA = person('Ana Lee', '+1', 'ana@example.org')
const BEN = person('Ben Roy', '+2')
const ZOE = person('Zoe Fox', '+3', 'zoe@example.org')

describe('one change that makes a contact somebody else', () => {
  it('a contact that keeps no name, number and e-mail address is somebody else', () => {
    expect(isSomebodyElse(ANA, ZOE)).toBe(true)
    expect(isSomebodyElse(ANA, person('Zoe Fox'))).toBe(true)
  })

  it.each([
    ['name, in another order and without accents', person('LÉE, Ana', '+9')],
    ['number', person('Ana Roy', '+1', 'new@example.org')],
    ['e-mail address, in other letters', person('Ana Roy', '+9', 'ANA@example.org')],
  ])('a contact that keeps its %s stays the same person', (_, after) => {
    expect(isSomebodyElse(ANA, after)).toBe(false)
  })

  it('a contact without a name, number and e-mail address was nobody, and does not become somebody else', () => {
    expect(isSomebodyElse(person(' – '), ANA)).toBe(false)
    expect(found([{ key: 1, before: person(''), after: ANA }])).toEqual([])
  })
})

describe('contacts that a plan makes somebody else', () => {
  it('two people whose rows are exchanged become somebody else, both', () => {
    expect(found(becoming([ANA, BEN], [BEN, ANA]))).toEqual([1, 2])
  })

  it('a person who marries, and a person with a new number, stay the same person', () => {
    const after = [person('Ana Roy', '+1', 'ana@example.org'), person('Ben Roy', '+4')]
    expect(found(becoming([ANA, BEN], after))).toEqual([])
  })

  it('people whose numbers are sorted as one column keep their names and stay the same people', () => {
    const after = [person('Ana Lee', '+2'), person('Ben Roy', '+3'), person('Zoe Fox', '+1')]
    expect(found(becoming([ANA, BEN, ZOE], after))).toEqual([])
  })

  it('a person who gets the row of somebody of the same name, who gets another row, becomes somebody else', () => {
    const [one, other] = [person('John Smith', '+1'), person('John Smith', '+2')]
    expect(found(becoming([one, other, ZOE], [other, ZOE, null]))).toEqual([1, 2])
    expect(found(becoming([one, other], [other, null]))).toEqual([1])
  })

  it('a person with a new number stays the same person if somebody of the same name only changes too', () => {
    const before = [person('John Smith', '+1'), person('John Smith', '+2')]
    expect(found(becoming(before, [person('John Smith', '+4'), person('John Smith', '+2', 'j@example.org')]))).toEqual(
      [],
    )
  })

  it('a contact that stays when its duplicate is removed is the same person, also if it gains an e-mail address', () => {
    const john = person('John Smith', '+1')
    expect(found(becoming([john, john], [person('John Smith', '+1', 'john@example.org'), null]))).toEqual([])
  })

  it('a person with a new number stays the same person if another one of the same name leaves that night', () => {
    const before = [person('John Smith', '+1'), person('John Smith', '+2')]
    expect(found(becoming(before, [person('John Smith', '+4'), null]))).toEqual([])
    expect(found(becoming(before, [person('John Smith'), null]))).toEqual([])
  })

  it('twins who share a number at home keep it when their rows are exchanged, and lose it when others come between', () => {
    const [ann, bea] = [person('Ann Lee', '+1'), person('Bea Lee', '+1')]
    expect(found(becoming([ann, bea], [bea, ann]))).toEqual([])
    expect(found(becoming([ann, bea, ZOE], [bea, ZOE, ann]))).toEqual([1, 2, 3])
  })

  it('people over whose names the name of the first is filled down keep their numbers and stay the same people', () => {
    const after = [ANA, person('Ana Lee', '+2'), person('Ana Lee', '+3', 'zoe@example.org')]
    expect(found(becoming([ANA, BEN, ZOE], after))).toEqual([])
  })

  it('people whose rows move under a name that is filled down become somebody else where another contact loses it', () => {
    const all = (name: string) => ['+1', '+2', '+3'].map((number) => person(name, number))
    const moved = [person('Ana', '+2'), person('Ana', '+3'), person('Ben', '+1')]
    expect(found(becoming(all('Ana'), moved))).toEqual([1, 2, 3])
  })

  it('a contact that loses and gains no value stays the same person, whoever else loses its values', () => {
    const spelt = person('ANA LEE', '+1', 'Ana@example.org')
    expect(found(becoming([ANA, ANA], [spelt, null]))).toEqual([])
  })

  it('a contact that gets a new ID stays the same person, and the values that it loses count for others', () => {
    const rekeyed: Planned = { key: 1, before: person('Ana', '+1', '+2'), after: person('Ana', '+1'), rekeys: true }
    const twin = { key: 2, before: person('Bea', '+2'), after: person('Cleo', '+2') }
    expect(found([twin, rekeyed, { key: 3, before: person('Cleo', '+1'), after: null }])).toEqual([2])
  })
})

const NAMES = ['Ana', 'Ana', 'Ben', 'Zoe', '–']
const anybody = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.uniqueArray(fc.constantFrom('+1', '+2', '+3', '+4'), { maxLength: 2 }),
    fc.uniqueArray(fc.constantFrom('a@x', 'b@x', 'C@x', 'c@x'), { maxLength: 1 }),
  )
  .map(([name, numbers, emails]) => person(name, ...numbers, ...emails))
const plans = fc
  .array(
    fc.record({
      before: anybody,
      after: fc.option(anybody, { freq: 4 }),
      rekeys: fc.constantFrom(false, false, false, false, true),
    }),
    { maxLength: 7 },
  )
  .map((changes) => changes.map((change, i) => ({ ...change, key: i + 1 })))

/** The rule, written down as it is said: each value that a contact keeps or gains is looked for in every other contact. */
function foundSlowly(changes: readonly Planned[]): number[] {
  const all = (details: ContactDetails | null) => (details === null ? [] : Object.values(valuesOf(details)).flat())
  const loses = ({ before, after }: Planned, value: string) =>
    all(before).includes(value) && !all(after).includes(value)
  return changes
    .filter((one) => {
      const [was, becomes] = [all(one.before), all(one.after)]
      if (one.after === null || one.rekeys === true || was.length === 0) return false
      const kept = was.filter((value) => becomes.includes(value))
      const gained = becomes.filter((value) => !was.includes(value))
      const isLost = (value: string) => changes.some((other) => other !== one && loses(other, value))
      return kept.length === 0 || (gained.some(isLost) && kept.every(isLost))
    })
    .map(({ key }) => key)
}

describe('any plan', () => {
  it('finds the contacts that a comparison of each with all others finds, whatever the order of the changes', () => {
    fc.assert(
      fc.property(plans, fc.integer(), (changes, seed) => {
        const expected = foundSlowly(changes)
        expect(found(changes, seed)).toEqual(expected)
        expect(found(shuffled(changes, seed), seed + 1)).toEqual(expected)
      }),
      { numRuns: 2000 },
    )
  })

  it('its undo makes the same contacts somebody else, and the undo of the undo as well', () => {
    fc.assert(
      fc.property(plans, (changes) => {
        const became = found(changes)
        for (const { key, before, after, rekeys } of changes) {
          // The undo of a change that made nobody somebody takes everything from the contact.
          if (after === null || rekeys === true || Object.values(valuesOf(before)).flat().length === 0) continue
          const [there, back] = [
            { before, after },
            { before: after, after: before },
          ]
          const undone = isSomebodyElseAgain(there, back, became.includes(key))
          expect(undone).toBe(became.includes(key))
          expect(isSomebodyElseAgain(back, there, undone)).toBe(undone)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('an undo of a change that made a contact somebody else', () => {
  const before = person('John Smith', '+1')
  const after = person('John Smith', '+2')

  function undoneAs(current: ContactDetails, became: boolean): boolean {
    const change: Extract<Change, { op: 'update' }> = {
      ...{ op: 'update', key: 1, id: 'a', before, after },
      ...{ changed: ['numbers'], rows: [] },
    }
    const stored = { key: 1, id: 'a', manual: false, removed: false, details: current, sms: NO_SMS }
    const { change: inverse } = invert(change, stored, [])
    if (inverse?.op !== 'update') throw new Error('The change can be undone')
    return isSomebodyElseAgain(change, inverse, became)
  }

  it('makes the contact the person again from whom the import took the ID', () => {
    expect(undoneAs(after, true)).toBe(true)
    expect(undoneAs(after, false)).toBe(false)
  })

  it('leaves the contact the same person if it has got a value since that it keeps', () => {
    expect(undoneAs(person('John Smith', '+2', 'john@example.org'), true)).toBe(false)
  })
})

describe('the plan of a file', () => {
  const people = (rows: readonly Person[], others: Person = { ID: '' }) => [
    HEADER,
    ...rows.map((row) => cellsOf({ ...others, ...row })),
  ]
  const everybody = Array.from({ length: 12 }, (_, i) => ({
    Name: `Person ${String.fromCharCode(65 + i)}`,
    Number: `604555${1100 + i}`,
    'Email Address': i % 2 === 0 ? `p${i}@example.org` : '',
  }))
  const numbered = (rows: readonly Omit<Person, 'ID'>[]) => rows.map((row, i) => ({ ...row, ID: String(i + 1) }))

  async function somebodyElse(first: readonly Person[], second: readonly Person[], options: PlanOptions = {}) {
    const directory = new PlannedDirectory()
    await directory.import(people(first))
    const { planned } = await directory.plan(people(second), options)
    return [...planned.somebodyElse].map((key) => directory.contacts.get(key)?.id)
  }

  it('makes everybody somebody else if the rows are sorted under IDs that are row numbers', async () => {
    const all = numbered(everybody)
    const sorted = numbered(everybody.toReversed())
    expect(await somebodyElse(all, sorted)).toEqual(all.map(({ ID }) => ID))
    expect(await somebodyElse(all, shuffled(sorted, 5))).toEqual(all.map(({ ID }) => ID))
  })

  it('makes everybody below a deleted row somebody else if the IDs are row numbers', async () => {
    const all = numbered(everybody)
    const shorter = numbered(everybody.filter((_, i) => i !== 3))
    expect(await somebodyElse(all, shorter)).toEqual(['4', '5', '6', '7', '8', '9', '10', '11'])
  })

  it('makes somebody else of an ID that gets the row of somebody of the same name whose own ID goes', async () => {
    const [ana, other] = numbered([
      { Name: 'Ana Lee', Number: '6045551100' },
      { Name: 'Ana Lee', Number: '6045551101' },
      { Name: 'Ben Roy', Number: '6045551102' },
    ])
    if (ana === undefined || other === undefined) throw new Error('There are three people')
    expect(await somebodyElse([ana, other, ...numbered(everybody).slice(2)], [{ ...other, ID: ana.ID }])).toEqual(['1'])
  })

  it('makes the next import read the rows of the new people again, and only theirs', async () => {
    const all = numbered(everybody)
    const directory = new PlannedDirectory()
    await directory.import(people(all))
    const [first, second, ...others] = everybody
    const swapped = people(numbered([second, first, ...others].filter((row) => row !== undefined)))
    expect((await directory.import(swapped)).asked).toBe(2)
    const again = await directory.import(swapped)
    expect(again).toMatchObject({ asked: 2, planned: { counts: { unchanged: 12, updated: 0 } } })
    expect(await directory.plan(swapped)).toMatchObject({ asked: 0 })
  })

  it('makes nobody somebody else if one column is sorted by itself', async () => {
    const all = numbered(everybody)
    const shifted = all.map((row, i) => ({ ...row, Number: everybody[(i + 1) % 12]?.Number ?? '' }))
    expect(await somebodyElse(all, shifted)).toEqual([])
  })

  it('makes nobody somebody else in a first import, or in one in which people come and go', async () => {
    const all = numbered(everybody)
    const directory = new PlannedDirectory()
    expect([...(await directory.plan(people(all))).planned.somebodyElse]).toEqual([])
    expect(await somebodyElse(all, [...all.slice(2), { ID: 'new', Name: 'Person A' }])).toEqual([])
  })

  it('makes a manual contact that it adopts somebody else if another person has its ID', async () => {
    const directory = new PlannedDirectory()
    const key = directory.add('1', person('Somebody', 's@example.org'))
    directory.add('2', person('person b', 'other@example.org'))
    const { planned } = await directory.plan(people(numbered(everybody)))
    expect([...planned.somebodyElse]).toEqual([key])
  })
})
