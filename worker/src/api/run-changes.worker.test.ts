import { describe, expect, it } from 'vitest'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { ContactView, GroupView } from './views/contact.ts'
import type { ChangeView } from './views/run.ts'

type Changes = Page<ChangeView> & { total: { count: number; more: boolean } | null }

const BEFORE = csvOf([
  { ID: 'ana', Name: 'Ana Côté', Groups: 'Rope', Title: 'Member' },
  { ID: 'ben', Name: 'Ben Ray', Groups: 'Rope', Title: 'Member' },
  { ID: 'cy', Name: 'Cy Moe', Groups: 'Search' },
  ...crowd(40, { Groups: 'Office' }),
])
/** Ana becomes a lead, Ben moves to Search, Cy goes, two come, and all of the office get a title. */
const AFTER = csvOf([
  { ID: 'ana', Name: 'Ana Côté', Groups: 'Rope', Title: 'Lead' },
  { ID: 'ben', Name: 'Ben Ray', Groups: 'Search', Title: 'Member' },
  { ID: 'di', Name: 'Di New', Groups: 'Air, Rope' },
  { ID: 'ed', Name: 'Ed New', Groups: 'Office', Number: '6045557777' },
  ...crowd(40, { Groups: 'Office', Title: 'Clerk' }),
])

let world: World
async function planned(mode: 'apply' | 'preview') {
  world = await World.start()
  const source = await world.source({ limits: NO_LIMITS })
  await world.import(source, BEFORE)
  const { id } = await world.import(source, AFTER, mode)
  const list = (query: string) => world.api<Changes>('GET', `/api/runs/${id}/changes?${query}`)
  const found = async (query: string) => (await list(`limit=500&${query}`)).items.map((item) => `${item.op} ${item.id}`)
  return { list, found, id }
}

describe('the changes of a run', () => {
  it('changes are filtered by attribute, group and search, alone and together', async () => {
    const { found } = await planned('preview')
    expect(await found('attribute=title')).toHaveLength(41)
    expect(await found('attribute=title&search=cote')).toEqual(['update ana'])
    expect(await found('attribute=groups')).toEqual(['update ben'])
    const { items: groups } = await world.api<Page<GroupView>>('GET', '/api/groups')
    const idOf = (name: string) => groups.find((group) => group.name === name)?.id
    expect(await found(`group=${idOf('Rope')}`)).toEqual(['add di', 'update ben'])
    expect(await found(`group=${idOf('Search')}`)).toEqual(['update ben', 'remove cy'])
    // The directory does not have this group yet.
    expect(await found('group=Air')).toEqual(['add di'])
    expect(await found('search=6045557777')).toEqual(['add ed'])
    expect(await found('search=new&op=add')).toEqual(['add di', 'add ed'])
    expect(await found('search=new&op=remove')).toEqual([])
    expect(await found('part=remove')).toEqual(['remove cy'])
  })

  it('an attribute that no contact has is refused', async () => {
    const { id } = await planned('preview')
    for (const attribute of ['titel', 'fields']) {
      const response = await world.request('GET', `/api/runs/${id}/changes?attribute=${attribute}`)
      expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ path: 'attribute' }] }])
    }
  })

  it('the list says how many changes there are, and pages of a filtered list go on where the last one ended', async () => {
    const { list } = await planned('preview')
    expect((await list('limit=2')).total).toEqual({ count: 45, more: false })
    expect((await list('limit=2&op=update')).total).toEqual({ count: 42, more: false })
    expect((await list('op=remove')).total).toEqual({ count: 1, more: false })
    const seen: string[] = []
    let cursor = ''
    for (let page = 0; page < 9; page++) {
      const { items, next, total } = await list(`attribute=title&limit=7&cursor=${cursor}`)
      expect(total).toEqual(page === 0 ? { count: 41, more: false } : null)
      seen.push(...items.map(({ id }) => id))
      if (next === null) break
      cursor = next
    }
    expect(seen).toHaveLength(41)
    expect(new Set(seen).size).toBe(41)
  })

  it('a change names its contact by key as long as the directory has it', async () => {
    const keys = async (list: (query: string) => Promise<Changes>) =>
      new Map((await list('limit=500')).items.map(({ id, key }) => [id, key]))
    const preview = await keys((await planned('preview')).list)
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?limit=500')
    const keyOf = (id: string) => items.find((contact) => contact.id === id)?.key
    expect([preview.get('ana'), preview.get('cy'), preview.get('di')]).toEqual([keyOf('ana'), keyOf('cy'), null])
  })

  it('an added contact has a key once it is there, and a removed one has none any more', async () => {
    const { list } = await planned('apply')
    const { items } = await list('limit=500')
    const { items: contacts } = await world.api<Page<ContactView>>('GET', '/api/contacts?limit=500')
    for (const { id, key } of items) {
      expect([id, key]).toEqual([id, contacts.find((contact) => contact.id === id)?.key ?? null])
    }
  })
})
