import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ContactDetails, detailsWith } from './contact.ts'
import { isSamePerson, nameKey, personValues } from './same-person.ts'

function person(name: string, number: string | null, email: string | null = null): ContactDetails {
  const numbers = number === null ? [] : [{ number, type: 'mobile' as const, description: null, extension: null }]
  return detailsWith({ name, numbers, emails: email === null ? [] : [email] })
}

describe('the form in which names are compared', () => {
  it.each([
    ['Ana O’Brien', "O'BRIEN, ana"],
    ['José Núñez', 'jose  nunez'],
    ['Smith-Jones, Bo', 'Bo Smith Jones'],
    ['Łukasz 李雷', '李雷 łukasz'],
  ])('%s and %s are the same name', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other))
  })

  it.each([
    ['Ana Brown', 'Anna Brown'],
    ['Bo Lee', 'Bo'],
    ['Bo Lee', 'Bo Lee 2'],
  ])('%s and %s are different names', (one, other) => {
    expect(nameKey(one)).not.toBe(nameKey(other))
  })

  it('a name of ASCII characters has the form that it has with an accent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (name) => {
        expect(nameKey(name)).toBe(nameKey(`${name}\u0301`))
      }),
    )
  })

  it('a name without a letter or a digit has an empty form', () => {
    expect(nameKey(' – ')).toBe('')
  })
})

describe('the same person', () => {
  const ana = person('Ana Lee', '+16045550101', 'ana@example.org')

  it('two contacts with the same name and a number in common are the same person', () => {
    expect(isSamePerson(ana, person('LEE, Ana', '+16045550101'))).toBe(true)
  })

  it('two contacts with the same name and an e-mail address in common, in whatever case, are the same person', () => {
    expect(isSamePerson(ana, person('Ana Lee', '+16045550199', 'ANA@example.org'))).toBe(true)
  })

  it('two contacts with the same name and nothing else in common are different people', () => {
    expect(isSamePerson(ana, person('Ana Lee', '+16045550199'))).toBe(false)
    expect(isSamePerson(person('Ana Lee', null), person('Ana Lee', null))).toBe(false)
  })

  it('two contacts with a number in common and different names are different people', () => {
    expect(isSamePerson(ana, person('Ben Lee', '+16045550101'))).toBe(false)
  })

  it('two contacts whose names have no letter and no digit are different people', () => {
    expect(isSamePerson(person('–', '+16045550101'), person('–', '+16045550101'))).toBe(false)
  })

  it('the values of a person are numbers in E.164 and e-mail addresses in lower case', () => {
    expect(personValues(person('Ana', '+16045550101', 'Ana@Example.org'))).toEqual(['+16045550101', 'ana@example.org'])
  })
})
