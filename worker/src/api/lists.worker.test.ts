import { beforeEach, describe, expect, it } from 'vitest'
import { setSms } from '../testing/opted.ts'
import { csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { ContactView, GroupView } from './views/contact.ts'

type Total = { total: { count: number; more: boolean } }

let world: World
beforeEach(async () => {
  world = await World.start()
  // A file needs a number for each contact.
  await world.api('POST', '/api/contacts', { id: 'cleo', name: 'Cleo None', groups: ['Everybody'] })
  const source = await world.source()
  await world.import(
    source,
    csvOf([
      { ID: 'zoe', Name: 'Zoë Roy', 'Email Address': 'zoe@example.org' },
      { ID: 'ana', Name: 'Ana Lee', 'Number Type': 'landline' },
      { ID: 'emil', Name: 'Émile Cy', Number: '6045550101' },
      { ID: 'eva', Name: 'Eva Ng', 'Number Type': 'pager', Number: '6045550102' },
      { ID: 'out', Name: 'Bo Out', Number: '6045550103' },
      { ID: 'else', Name: 'Di Else', Groups: 'Others' },
    ]),
  )
  await setSms(world, 'out', 'opted_out')
})

async function list(query: string): Promise<Page<ContactView> & Total> {
  return world.api('GET', `/api/contacts?${query}`)
}
const ids = async (query: string) => (await list(query)).items.map(({ id }) => id)

describe('the list of contacts', () => {
  it('contacts are sorted by name or by their latest change, in pages', async () => {
    const sorted = ['ana', 'out', 'cleo', 'else', 'emil', 'eva', 'zoe']
    expect(await ids('sort=name')).toEqual(sorted)
    expect((await ids('sort=updated'))[0]).toBe('out')
    for (const sort of ['name', 'updated']) {
      const all = await ids(`sort=${sort}`)
      const first = await list(`sort=${sort}&limit=3`)
      const second = await list(`sort=${sort}&limit=4&cursor=${encodeURIComponent(first.next ?? '')}`)
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(all)
      expect(second.next).toBeNull()
    }
  })

  it('contacts are found by how they can be reached', async () => {
    expect(await ids('reach=sms&sort=name')).toEqual(['else', 'emil', 'zoe'])
    expect(await ids('reach=voice&sort=name')).toEqual(['ana', 'out', 'else', 'emil', 'zoe'])
    expect(await ids('reach=pager')).toEqual(['eva'])
    expect(await ids('reach=email')).toEqual(['zoe'])
    expect(await ids('reach=nobody')).toEqual(['cleo'])
  })

  it('the list says how many contacts match', async () => {
    expect((await list('limit=2')).total).toEqual({ count: 7, more: false })
    expect((await list('reach=sms&limit=1')).total).toEqual({ count: 3, more: false })
    expect((await list('search=nobody')).total).toEqual({ count: 0, more: false })
  })

  it('contacts are found by the value of a field, and a field that does not exist is refused', async () => {
    await world.api('POST', '/api/fields', {
      key: 'cohort',
      label: 'Cohort',
      type: 'text',
      list: false,
      required: false,
    })
    const mapping = ['id', 'name', 'number', 'numberType', 'groups', 'field:cohort'].map((to) => ({ column: to, to }))
    const source = await world.source({ name: 'Other', mapping })
    const long = 'x'.repeat(80)
    const rows = [`1,Al,6045550111,mobile,G,2007`, `2,Cy,6045550112,mobile,G,2008`, `3,Ed,6045550113,mobile,G,${long}1`]
    await world.import(
      source,
      ['id,name,number,numberType,groups,field:cohort', ...rows, `4,Flo,6045550114,mobile,G,${long}2`].join('\n'),
    )
    expect(await ids('field.cohort=2007')).toEqual(['1'])
    expect(await ids(`field.cohort=${long}2`)).toEqual(['4'])
    expect(await ids('field.cohort=2007&search=cy')).toEqual([])
    for (const query of ['field.major=2007', 'field=2007', 'fields.cohort=2007', 'field.cohort=1&field.cohort=2']) {
      expect([query, (await world.request('GET', `/api/contacts?${query}`)).status]).toEqual([query, 400])
    }
  })

  it.each(['x', 'id.1.a', 'name.1.%23%23a', 'updated.x.1', '1.2'])(
    'the cursor %s of another list is refused',
    async (cursor) => {
      expect((await world.request('GET', `/api/contacts?cursor=${cursor}`)).status).toBe(400)
    },
  )
})

describe('the list of groups', () => {
  it('groups are sorted as people sort names, in pages', async () => {
    await world.import(
      await world.source({ name: 'Teams' }),
      csvOf([{ ID: 'all', Name: 'Flo Fay', Groups: 'Team 10, Team 2, Swiftwater, Élan, avalanche' }]),
    )
    const sorted = ['avalanche', 'Élan', 'Everybody', 'Others', 'Swiftwater', 'Team 2', 'Team 10']
    const first = await world.api<Page<GroupView>>('GET', '/api/groups?limit=3')
    const cursor = encodeURIComponent(first.next ?? '')
    const second = await world.api<Page<GroupView>>('GET', `/api/groups?limit=4&cursor=${cursor}`)
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(sorted)
    expect(second.next).toBeNull()
  })
})

describe('the reach of a group', () => {
  it('a group says how many of its contacts each channel reaches, and whom it does not reach and why', async () => {
    const { items } = await world.api<Page<GroupView>>('GET', '/api/groups')
    expect(items.map(({ name, contacts }) => [name, contacts])).toEqual([
      ['Everybody', 6],
      ['Others', 1],
    ])
    const path = `/api/groups/${items[0]?.id}`
    const reach = { sms: 2, voice: 4, pager: 1, email: 1, nobody: 1 }
    expect(await world.api('GET', path)).toEqual({ id: items[0]?.id, name: 'Everybody', contacts: 6, reach })
    const whom = async (query: string) => {
      const { items } = await world.api<Page<{ name: string; reasons: string[] }>>('GET', `${path}/unreached?${query}`)
      return items.map(({ name, reasons }) => [name, ...reasons])
    }
    expect(await whom('channel=sms')).toEqual([
      ['Cleo None', 'no_mobile'],
      ['Ana Lee', 'no_mobile'],
      ['Eva Ng', 'no_mobile'],
      ['Bo Out', 'opted_out'],
    ])
    expect(await whom('channel=voice')).toEqual([
      ['Cleo None', 'no_number'],
      ['Eva Ng', 'no_number'],
    ])
    expect((await whom('channel=pager')).length).toBe(5)
    expect((await whom('channel=email')).length).toBe(5)
    const first = await world.api<Page<{ key: string }>>('GET', `${path}/unreached?channel=sms&limit=3`)
    expect(await whom(`channel=sms&limit=3&cursor=${first.next}`)).toEqual([['Bo Out', 'opted_out']])
    expect((await world.request('GET', '/api/groups/999')).status).toBe(404)
  })
})
