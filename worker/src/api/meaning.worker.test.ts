import { describe, expect, it } from 'vitest'
import { setSms } from '../testing/opted.ts'
import { crowd, csvOf, type Person } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { GroupView } from './views/contact.ts'
import type { MeaningView } from './views/run.ts'

const TEAM: Person[] = [
  { ID: 'ana', Groups: 'Medical', Title: 'Member', 'Email Address': 'ana@example.org' },
  { ID: 'ben', Groups: 'Medical, Rope' },
  { ID: 'cy', Groups: 'Rope', 'Number Type': 'landline' },
  { ID: 'out', Groups: 'Rope' },
  ...crowd(6, { Groups: 'Office' }),
]
/** Ana becomes a lead without an address, Cy leaves Rope for a new group, the one who is out leaves, Ben and Zoe too. */
const NEXT: Person[] = [
  { ID: 'ana', Groups: 'Medical', Title: 'Lead' },
  { ID: 'cy', Groups: 'Air', 'Number Type': 'landline', Title: 'Pilot' },
  { ID: 'new', Groups: 'Air' },
  ...crowd(6, { Groups: 'Office' }),
]

describe('the meaning of a run', () => {
  it('a held run says by attribute, by group, by channel and in rows what its plan would do', async () => {
    const world = await World.start()
    const source = await world.source()
    const first = await world.import(source, csvOf(TEAM))
    const meaning = (id: string) => world.api<MeaningView>('GET', `/api/runs/${id}/meaning`)
    expect(await meaning(first.id)).toMatchObject({
      attributes: [],
      reach: {
        before: { sms: 0, voice: 0, email: 0, nobody: 0 },
        after: { sms: 9, voice: 10, email: 1, nobody: 0 },
      },
      rows: { last: null, now: 10 },
    })
    await setSms(world, 'out', 'opted_out')
    const run = await world.import(source, csvOf(NEXT), 'preview')
    expect(run.counts).toMatchObject({ added: 1, updated: 2, removed: 2 })
    const { items: groups } = await world.api<Page<GroupView>>('GET', '/api/groups')
    const idOf = (name: string) => groups.find((group) => group.name === name)?.id
    expect(await meaning(run.id)).toEqual({
      attributes: [
        { attribute: 'emails', filled: 0, changed: 0, blanked: 1 },
        { attribute: 'groups', filled: 0, changed: 1, blanked: 0 },
        { attribute: 'title', filled: 1, changed: 1, blanked: 0 },
      ],
      groups: [
        { id: idOf('Rope'), name: 'Rope', before: 3, after: 0 },
        { id: null, name: 'Air', before: 0, after: 2 },
        { id: idOf('Medical'), name: 'Medical', before: 2, after: 1 },
      ],
      reach: {
        before: { sms: 2, voice: 4, email: 1, nobody: 0 },
        after: { sms: 2, voice: 3, email: 0, nobody: 0 },
      },
      rows: { last: 10, now: 9 },
    })
  })

  it('the groups of a plan that is applied have its numbers afterwards', async () => {
    const world = await World.start()
    const source = await world.source({ limits: { removed: null, emptiedGroups: null, shrunkGroups: null } })
    await world.import(source, csvOf(TEAM))
    await setSms(world, 'out', 'opted_out')
    const { id } = await world.import(source, csvOf(NEXT))
    const { groups } = await world.api<MeaningView>('GET', `/api/runs/${id}/meaning`)
    const { items } = await world.api<Page<GroupView>>('GET', '/api/groups')
    for (const group of items) {
      const found = groups.find((one) => one.id === group.id)
      if (found !== undefined) expect([found.name, found.after]).toEqual([group.name, group.contacts])
    }
    expect(groups.find(({ name }) => name === 'Air')?.id).toMatch(/^\d+$/)
  })

  it('the groups of a held run have the sizes from before it, although its additions are applied', async () => {
    const world = await World.start()
    const source = await world.source()
    await world.import(source, csvOf(crowd(20, { Groups: 'Rope' })))
    const next = [...crowd(10, { Groups: 'Rope' }), { ID: 'new', Groups: 'Rope' }]
    const { id, status } = await world.import(source, csvOf(next))
    expect(status).toBe('held')
    const { groups } = await world.api<MeaningView>('GET', `/api/runs/${id}/meaning`)
    expect(groups).toMatchObject([{ name: 'Rope', before: 20, after: 11 }])
  })

  it('a run without a plan has no meaning', async () => {
    const world = await World.start()
    const source = await world.source()
    const run = await world.import(source, 'no contact file')
    const response = await world.request('GET', `/api/runs/${run.id}/meaning`)
    expect([response.status, await response.json()]).toMatchObject([404, { code: 'no_plan' }])
  })
})
