import { describe, expect, it } from 'vitest'
import { type ContactDetails, detailsWith } from './contact.ts'
import { PeopleTogether } from './people-together.ts'
import type { Part } from './plan.ts'

function person(name: string, ...values: string[]): ContactDetails {
  const numbers = values.filter((value) => value.startsWith('+'))
  return detailsWith({
    name,
    numbers: numbers.map((number) => ({ number, type: 'mobile', description: null, extension: null })),
    emails: values.filter((value) => value.includes('@')),
  })
}

const ANA = person('Ana', '+1', 'ana@example.org')
const BEN = person('Ben', '+2')
const added = (after: ContactDetails) => ({ before: null, after })

/** Adds the changes, and returns what waits together with a removal. */
function together(waiting: Part[], removed: ContactDetails[], adds: ContactDetails[], most?: number) {
  const people = new PeopleTogether(waiting, 1, most)
  for (const one of removed) people.addRemoval(one)
  for (const one of adds) people.addChange('add', added(one))
  return {
    people,
    removals: removed.map((one) => people.isRemovalTogether(one)),
    adds: adds.map((one) => people.isChangeTogether(added(one))),
  }
}

describe('changes that wait together with removals', () => {
  it('an add waits with a removal if it may be the same person', () => {
    const { people, ...found } = together(['remove'], [ANA, BEN], [person('Ana', '+1'), person('Ana', '+2'), BEN])
    expect(found).toEqual({ removals: [true, true], adds: [true, false, true] })
    expect(people.any).toBe(true)
  })

  it('nothing waits together if neither the removals nor the adds wait', () => {
    const { people, ...found } = together(['update'], [ANA], [ANA])
    expect(found).toEqual({ removals: [false], adds: [false] })
    expect(people.any).toBe(false)
  })

  it('a removal waits with an add that waits, and other removals do not', () => {
    expect(together(['add'], [ANA, BEN], [ANA])).toMatchObject({ removals: [true, false], adds: [true] })
  })

  it('people who are linked by what they have in common wait together', () => {
    const linked = [person('Ana', '+1', '+3'), person('Ana', '+3', '+4')]
    const people = new PeopleTogether(['add'], 1)
    for (const one of linked) people.addRemoval(one)
    people.addChange('update', { before: person('Ana', '+9'), after: person('Ana', '+4') })
    people.addChange('add', added(person('Ana', '+1')))
    expect(linked.map((one) => people.isRemovalTogether(one))).toEqual([true, true])
    expect(people.isChangeTogether({ before: person('Ana', '+9'), after: person('Ana', '+4') })).toBe(true)
  })

  it('an update of a contact that was the same person before does not wait with the removal of its double', () => {
    const people = new PeopleTogether(['remove'], 1)
    people.addRemoval(ANA)
    const update = { before: ANA, after: { ...ANA, title: 'Lead' } }
    people.addChange('update', update)
    expect(people.isChangeTogether(update)).toBe(false)
  })

  it('all changes wait together if too many people are removed to compare them', () => {
    expect(together(['remove'], [ANA, BEN], [person('Cleo', '+7')], 2)).toMatchObject({
      removals: [true, true],
      adds: [true],
    })
  })
})
