import { describe, expect, it } from 'vitest'
import type { ContactView, GroupView } from '../api/views/contact.ts'
import { csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const ANA = { ID: 'ana', Groups: 'Rope' }
const OTHER = { ID: 'other', Groups: 'Search' }

async function current(world: World) {
  const contacts = await world.api<{ items: ContactView[] }>('GET', '/api/contacts')
  const groups = await world.api<{ items: GroupView[] }>('GET', '/api/groups')
  return {
    key: contacts.items.find(({ id }) => id === 'ana')?.key,
    group: groups.items.find(({ name }) => name.toLowerCase() === 'rope')?.id,
  }
}

describe('invariant 12: a contact’s key and a group’s id survive', () => {
  it('the key of a contact and the ID of a group survive removal and return', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    await world.import(source, csvOf([ANA, OTHER]))
    const before = await current(world)
    expect(before.key).toBeDefined()
    await world.import(source, csvOf([OTHER]))
    expect(await current(world)).toEqual({ key: undefined, group: undefined })
    expect((await world.request('GET', `/api/contacts/${before.key}`)).status).toBe(404)
    await world.import(source, csvOf([{ ...ANA, Groups: 'ROPE' }, OTHER]))
    expect(await current(world)).toEqual(before)
  })

  it('the key of a contact and the ID of a group survive adoption and the deletion of the source', async () => {
    const world = await World.start()
    await world.api('POST', '/api/contacts', { id: 'ana', name: 'Ana', groups: ['Rope'] })
    const before = await current(world)
    const source = await world.source({ limits: NO_LIMITS })
    await world.import(source, csvOf([ANA, OTHER]))
    expect(await current(world)).toEqual(before)
    await world.api('DELETE', `/api/sources/${source}`)
    expect(await current(world)).toEqual(before)
    const next = await world.source({ limits: NO_LIMITS })
    await world.import(next, csvOf([{ ...ANA, Title: 'Team Lead' }, OTHER]))
    expect(await current(world)).toEqual(before)
  })

  it('a key is never used for two contacts', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    const seen = new Map<string, string>()
    for (let version = 0; version < 5; version++) {
      await world.import(source, csvOf([{ ID: `new-${version}` }, { ID: `also-${version}` }]))
      const { items } = await world.api<{ items: ContactView[] }>('GET', '/api/contacts')
      for (const { key, id } of items) expect(seen.get(key) ?? id).toBe(id)
      for (const { key, id } of items) seen.set(key, id)
      // A run that removes every contact is held: its plan is not applied, and its keys belong to no contact.
    }
    expect(seen.size).toBe(2)
  })
})
