import { describe, expect, it } from 'vitest'
import { changedAttributes, isEmpty } from './comparing.ts'
import { type ContactDetails, detailsWith, merge, readDetails, writeDetails } from './contact.ts'

const ANA: ContactDetails = {
  name: 'Ana Li',
  firstName: 'Ana',
  lastName: 'Li',
  organization: 'North Shore Rescue',
  title: 'Team Lead',
  numbers: [{ number: '+16045550101', type: 'mobile', description: null, extension: '7' }],
  emails: ['ana@example.org'],
  priority: 'high',
  groups: ['rope'],
  assignedUser: 'jdoe',
  language: 'French',
  fields: { badge: ['7'], major: ['Biology'] },
}

describe('merging a file into a contact', () => {
  it('an import keeps the attributes that the file does not provide', () => {
    expect(merge(ANA, {})).toEqual(ANA)
    expect(merge(ANA, { title: 'Searcher' })).toEqual({ ...ANA, title: 'Searcher' })
  })

  it('an import clears the attributes that the file provides as blank', () => {
    const blank = {
      firstName: null,
      lastName: null,
      organization: null,
      title: null,
      numbers: [],
      emails: [],
      groups: [],
      assignedUser: null,
      language: null,
    }
    expect(merge(ANA, { ...blank, priority: 'normal' })).toEqual({ ...ANA, ...blank, priority: 'normal' })
  })

  it('an import keeps a custom field that the file does not provide, and removes one that it provides as blank', () => {
    expect(merge(ANA, { fields: { zone: ['North'], major: [] } }).fields).toEqual({
      badge: ['7'],
      zone: ['North'],
    })
  })

  it('an import makes a new contact from empty details', () => {
    expect(merge(null, { name: 'Bo' })).toEqual(detailsWith({ name: 'Bo' }))
  })
})

describe('the changed attributes', () => {
  it('the changed attributes are named in the order in which the pages show them', () => {
    expect(changedAttributes(ANA, { ...ANA, emails: [], name: 'Ana Nguyen', fields: {} })).toEqual([
      'name',
      'emails',
      'fields',
    ])
  })

  it('equal contacts have no changed attributes, written or not, whatever order their fields were read in', () => {
    expect(changedAttributes(ANA, structuredClone(ANA))).toEqual([])
    expect(changedAttributes(ANA, readDetails(writeDetails(ANA)))).toEqual([])
    const read = merge(ANA, { fields: { major: ['Biology'], badge: ['7'] } })
    expect(changedAttributes(ANA, read)).toEqual([])
  })
})

it('an attribute is empty when it holds nothing', () => {
  expect([null, '', [], {}].map(isEmpty)).toEqual([true, true, true, true])
  expect([ANA.numbers, ANA.fields, 'x', ANA.priority].map(isEmpty)).toEqual([false, false, false, false])
})
