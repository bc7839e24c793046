import { describe, expect, it } from 'vitest'
import type { DetailsView } from '../../../worker/src/api/views/contact.ts'
import type { ChangeView } from '../../../worker/src/api/views/run.ts'
import type { Definitions } from '../field/definitions.ts'
import { differences as differencesBy } from './differences.ts'

const field = { list: false, required: false }
const FIELDS: Definitions = new Map([
  ['active', { ...field, key: 'active', label: 'Active', type: 'boolean' }],
  ['year', { ...field, key: 'year', label: 'Year of study', type: 'number' }],
])
const differences = (change: ChangeView) => differencesBy(change, FIELDS)

const ana: DetailsView = {
  name: 'Ana O’Brien',
  firstName: null,
  lastName: null,
  organization: 'North Shore Rescue',
  title: 'Team Lead',
  numbers: [{ number: '+16045550100', type: 'mobile', description: 'work', extension: null }],
  emails: ['ana@example.org'],
  priority: 'high',
  groups: ['Rope', 'Search'],
  assignedUser: null,
  language: null,
  fields: { major: ['Biology'] },
}

function update(after: Partial<DetailsView>, changed: string[]): ChangeView {
  return {
    op: 'update',
    key: '7',
    fromId: null,
    id: '1',
    name: ana.name,
    before: ana,
    after: { ...ana, ...after },
    sms: null,
    changed,
    waits: false,
    rows: [2],
  }
}

describe('the differences of a change', () => {
  it('the differences of an update are only what it changes, blank if nothing is left', () => {
    expect(differences(update({ title: null }, ['title']))).toEqual([
      { label: 'Title', before: ['Team Lead'], after: [] },
    ])
  })

  it('the differences of a contact that comes under a new ID are only what changes besides', () => {
    const moved = { ...update({ title: 'Chief' }, ['title']), op: 'rekey', fromId: '1', id: '2' } as const
    expect(differences(moved)).toEqual([{ label: 'Title', before: ['Team Lead'], after: ['Chief'] }])
  })

  it('the differences show numbers as people read them', () => {
    const pager = { number: '+16045550199', type: 'pager', description: null, extension: '12' } as const
    expect(differences(update({ numbers: [...ana.numbers, pager] }, ['numbers']))[0]?.after).toEqual([
      '+1 604 555 0100, mobile, work',
      '+1 604 555 0199 ext. 12, pager',
    ])
  })

  it('the differences name only the custom fields that differ, by label and type, and a deleted field by its key', () => {
    const fields = { year: ['2'], active: ['true'] }
    expect(differences(update({ fields }, ['fields']))).toEqual([
      { label: 'major', before: ['Biology'], after: [] },
      { label: 'Year of study', before: [], after: ['2'] },
      { label: 'Active', before: [], after: ['Yes'] },
    ])
    expect(differences(update({ fields: ana.fields, title: 'Lead' }, ['title', 'fields']))).toHaveLength(1)
  })

  it('the differences of an addition are all that the contact has, under its name', () => {
    const labels = differences({ ...update({}, []), op: 'add', before: null }).map(({ label }) => label)
    expect(labels).toEqual(['Organization', 'Title', 'Numbers', 'E-mail addresses', 'Priority', 'Groups', 'major'])
  })
})
