import { describe, expect, it } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { ContactView } from '../api/views/contact.ts'
import type { ChangeView, RunView } from '../api/views/run.ts'
import { ids } from '../testing/current.ts'
import { crowd, csvOf, type Person } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

const TEAM = crowd(30).map((person, i): Person => ({ ...person, Name: `Person ${i}`, Number: `60455520${10 + i}` }))
const moved = ({ ID, ...person }: Person): Person => ({ ...person, ID: `NSR-${ID}` })
/** Everybody has a new ID but the last, who has left; somebody is new. */
const NEXT = [...TEAM.slice(0, 29).map(moved), { ID: 'NSR-new', Name: 'Nina New', Number: '6045559999' }]

/** Imports 30 people, opts one out here, and imports them under new IDs. */
async function rekeyed(settings: Record<string, unknown> = {}, next: readonly Person[] = NEXT) {
  const world = await World.start()
  const source = await world.source(settings)
  await world.import(source, csvOf(TEAM))
  const contacts = async () => {
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?limit=500')
    return new Map(items.map((contact) => [contact.id, contact]))
  }
  const before = await contacts()
  const keyOf = (id: string) => before.get(id)?.key
  await world.api('PUT', `/api/contacts/${keyOf('P005')}/sms-status`, { status: 'opted_out' })
  const run = await world.import(source, csvOf(next))
  const decide = async (what: 'approve' | 'reject' | 'undo', body: object = {}, of: RunView = run) => {
    const planHash = what === 'approve' ? { planHash: of.plan?.hash } : {}
    const response = await world.request('POST', `/api/runs/${of.id}/${what}`, { ...planHash, ...body })
    const answer = await response.json<{ code?: string; id: string }>()
    await world.drain()
    return response.ok ? world.run(answer.id) : `${response.status} ${answer.code}`
  }
  return { world, source, before, keyOf, contacts, run, decide }
}

describe('people that come under new IDs', () => {
  it('people that come under new IDs wait, shown pair by pair, while new people come in', async () => {
    const { world, run } = await rekeyed()
    expect(run).toMatchObject({
      status: 'held',
      rekeyed: { count: 29 },
      hold: { reasons: [{ limit: 'rekeyed', parts: ['remove'], count: 29, of: 30 }] },
      counts: { added: 1, updated: 29, removed: 1, unchanged: 0, errors: 0 },
      waiting: { added: 0, updated: 29, removed: 1 },
      applied: { added: 1, updated: 0, removed: 0 },
    })
    const { items } = await world.api<Page<ChangeView>>('GET', `/api/runs/${run.id}/changes?op=rekey&limit=500`)
    expect(items).toHaveLength(29)
    expect(items[0]).toMatchObject({ op: 'rekey', fromId: 'P001', id: 'NSR-P001', name: 'Person 0', waits: true })
    expect(await ids()).toEqual(['NSR-new', ...TEAM.map(({ ID }) => ID)])
  })

  it('the e-mail of a held run counts people under new IDs as such', async () => {
    const { world } = await rekeyed({ notify: { emails: ['a@example.org'], when: 'always' } })
    const held = world.mails.find(({ text }) => text.includes('waits for you'))
    expect(held?.text).toContain('This waits: 29 under new IDs, 1 to remove.')
  })

  it('people who are moved keep their keys, their opt-outs and their history, and the next night changes nothing', async () => {
    const { world, source, contacts, keyOf, decide } = await rekeyed()
    expect(await decide('approve', { rekey: true })).toMatchObject({
      status: 'succeeded',
      applied: { added: 1, updated: 29, removed: 1 },
    })
    const after = await contacts()
    expect([...after.keys()].sort()).toEqual(NEXT.map(({ ID }) => ID).sort())
    for (const { ID } of TEAM.slice(0, 29)) expect(after.get(`NSR-${ID}`)?.key).toBe(keyOf(ID))
    expect(after.get('NSR-P005')?.sms.status).toBe('opted_out')
    const one = await world.api<ContactView>('GET', `/api/contacts/${keyOf('P005')}`)
    expect(one.history?.map(({ op, fromId }) => [op, fromId])).toEqual([
      ['rekey', 'P005'],
      ['sms', null],
      ['add', null],
    ])
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?search=NSR-P007')
    expect(items.map(({ id }) => id)).toEqual(['NSR-P007'])
    expect(await world.import(source, csvOf([...NEXT].reverse()))).toMatchObject({
      status: 'succeeded',
      counts: { unchanged: 30, added: 0, updated: 0, removed: 0 },
    })
  })

  it('an approval without a word about new IDs moves everybody', async () => {
    const { contacts, keyOf, decide } = await rekeyed()
    await decide('approve')
    expect((await contacts()).get('NSR-P001')?.key).toBe(keyOf('P001'))
  })

  it('people who are not moved are new contacts, and the old ones are removed', async () => {
    const { world, source, contacts, keyOf, decide } = await rekeyed()
    expect(await decide('approve', { rekey: false })).toMatchObject({
      status: 'succeeded',
      applied: { added: 30, updated: 0, removed: 30 },
    })
    const after = await contacts()
    expect([...after.keys()].sort()).toEqual(NEXT.map(({ ID }) => ID).sort())
    expect(after.get('NSR-P001')?.key).not.toBe(keyOf('P001'))
    expect(new Set([...after.values()].map(({ key }) => key)).size).toBe(30)
    expect(await world.import(source, csvOf([...NEXT].reverse()))).toMatchObject({
      status: 'succeeded',
      counts: { unchanged: 30 },
    })
  })

  it('a person can decide pair by pair, and the next night changes nothing', async () => {
    const { world, source, contacts, keyOf, decide } = await rekeyed()
    const rekey = [2, 3, 7, 8].map((i) => ({ from: `P00${i}`, to: `NSR-P00${i}` }))
    expect(await decide('approve', { rekey: [{ from: 'P001', to: 'NSR-P002' }] })).toBe('409 pair_not_waiting')
    expect(await decide('approve', { rekey })).toMatchObject({ status: 'succeeded' })
    const after = await contacts()
    const same = TEAM.map(({ ID }) => ID).filter((id) => after.get(`NSR-${id}`)?.key === keyOf(id))
    expect(same).toEqual(['P002', 'P003', 'P007', 'P008'])
    expect(after.size).toBe(30)
    expect(await world.import(source, csvOf([...NEXT].reverse()))).toMatchObject({ counts: { unchanged: 30 } })
  })

  it.each([
    ['all are moved', { rekey: true }],
    ['none are moved', { rekey: false }],
    [
      'some are moved',
      {
        rekey: [
          { from: 'P005', to: 'NSR-P005' },
          { from: 'P006', to: 'NSR-P006' },
        ],
      },
    ],
  ])('an undo brings back everything after %s', async (_, body) => {
    const { world, source, before, contacts, decide } = await rekeyed()
    const run = await decide('approve', body)
    if (typeof run === 'string') throw new Error(run)
    const undo = await decide('undo', {}, run)
    expect(undo).toMatchObject({ status: 'succeeded', counts: { warnings: 0 } })
    const after = await contacts()
    expect([...after].map(([id, { key }]) => [id, key]).sort()).toEqual(
      [...before].map(([id, { key }]) => [id, key]).sort(),
    )
    expect(after.get('P005')?.sms.status).toBe('opted_out')
    expect(await world.import(source, csvOf(TEAM))).toMatchObject({
      status: 'succeeded',
      counts: { unchanged: 30, added: 0, updated: 0, removed: 0 },
    })
  })

  it('after an undo the new IDs are new again', async () => {
    const { world, source, decide } = await rekeyed()
    const run = await decide('approve')
    if (typeof run === 'string') throw new Error(run)
    await decide('undo', {}, run)
    expect(await world.import(source, csvOf([...NEXT].reverse()))).toMatchObject({
      status: 'held',
      rekeyed: { count: 29 },
      counts: { added: 1, updated: 29, removed: 1, unchanged: 0 },
    })
  })

  it('an approval of new IDs does not forget whom the nights before have removed', async () => {
    const world = await World.start()
    const source = await world.source({
      limits: { removed: { percent: 10, atLeast: 3, orAtLeast: 100, withinDays: 4 } },
    })
    await world.import(source, csvOf(TEAM))
    expect(await world.import(source, csvOf(TEAM.slice(2)))).toMatchObject({ status: 'succeeded' })
    const run = await world.import(source, csvOf(TEAM.slice(2).map(moved)))
    await world.api('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
    await world.drain()
    expect(await world.import(source, csvOf(TEAM.slice(4).map(moved)))).toMatchObject({
      status: 'held',
      hold: { reasons: [{ limit: 'removed', count: 4, of: 30 }] },
    })
  })

  it('after a rejection everybody stays, and the same people wait again when somebody imports', async () => {
    const { world, source, before, contacts, decide } = await rekeyed()
    expect(await decide('reject')).toMatchObject({ status: 'rejected' })
    expect([...(await contacts()).keys()].sort()).toEqual(['NSR-new', ...before.keys()].sort())
    expect(await world.import(source, csvOf(NEXT))).toMatchObject({ status: 'held', rekeyed: { count: 29 } })
  })

  it('the changes of a decided run show whoever was not moved as a new and a removed contact, on pages of any size', async () => {
    const { world, run, decide } = await rekeyed()
    const changes = async (query: string) => {
      const items: ChangeView[] = []
      let next: string | null = ''
      while (next !== null) {
        const path: string = `/api/runs/${run.id}/changes?${query}&cursor=${next}`
        const page: Page<ChangeView> = await world.api('GET', path)
        items.push(...page.items)
        next = page.next
      }
      return items.map(({ op, id, fromId, waits }) => [op, fromId, id, waits])
    }
    expect(await changes('id=P002')).toEqual([['rekey', 'P002', 'NSR-P002', true]])
    await decide('approve', { rekey: [{ from: 'P001', to: 'NSR-P001' }] })
    expect(await changes('id=P001')).toEqual([['rekey', 'P001', 'NSR-P001', false]])
    expect(await changes('id=P002')).toEqual([['remove', null, 'P002', false]])
    expect(await changes('id=NSR-P002')).toEqual([['add', null, 'NSR-P002', false]])
    expect(await changes('op=rekey')).toHaveLength(1)
    const all = await changes('limit=500')
    expect(all).toHaveLength(1 + 1 + 2 * 28 + 1)
    expect(await changes('limit=1')).toEqual(all)
    expect(await changes('limit=2')).toEqual(all)
  })

  it('people are moved too if the source keeps missing contacts', async () => {
    const { contacts, keyOf, run, decide } = await rekeyed({ removal: 'keep' })
    expect(run).toMatchObject({ status: 'held', rekeyed: { count: 29 }, counts: { removed: 0 } })
    await decide('approve', { rekey: [{ from: 'P001', to: 'NSR-P001' }] })
    const after = await contacts()
    expect(after.get('NSR-P001')?.key).toBe(keyOf('P001'))
    expect(after.has('P001')).toBe(false)
    expect(after.get('P002')?.key).toBe(keyOf('P002'))
    expect(after.size).toBe(30 + 29)
  })

  it('IDs that only lost or gained zeros are new IDs as well if more than two people have them', async () => {
    const numbered = (pad: number) => TEAM.map((person, i) => ({ ...person, ID: String(i + 1).padStart(pad, '0') }))
    const world = await World.start()
    const source = await world.source()
    await world.import(source, csvOf(numbered(6)))
    expect(await world.import(source, csvOf(numbered(0)))).toMatchObject({
      status: 'held',
      rekeyed: { count: 30 },
      counts: { errors: 0 },
    })
    const two = [...numbered(0).slice(0, 2), ...numbered(6).slice(2)]
    expect(await world.import(source, csvOf(two))).toMatchObject({
      status: 'succeeded',
      rekeyed: null,
      counts: { errors: 2, removed: 0 },
    })
  })

  it('a few people under new IDs are added and removed as before', async () => {
    const next = [...TEAM.slice(0, 2).map(moved), ...TEAM.slice(2)]
    const { run } = await rekeyed({}, next)
    expect(run).toMatchObject({ status: 'succeeded', rekeyed: null, counts: { added: 2, removed: 2 } })
  })

  it('a manual contact comes under the ID of its source', async () => {
    const world = await World.start()
    const source = await world.source({ enabled: false })
    for (const person of TEAM.slice(0, 5)) {
      const numbers = [{ number: `+1${person.Number}`, type: 'mobile' }]
      await world.api('POST', '/api/contacts', { id: `hand-${person.ID}`, name: person.Name, numbers })
    }
    await world.api('PATCH', `/api/sources/${source}`, { enabled: true })
    await world.import(source, csvOf(TEAM.slice(5)))
    const run = await world.import(source, csvOf(TEAM))
    expect(run).toMatchObject({ status: 'held', rekeyed: { count: 5 }, counts: { added: 0 } })
    await world.api('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
    await world.drain()
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?limit=500')
    expect(items.map(({ id, sourceId }) => [id, sourceId]).sort()).toEqual(TEAM.map(({ ID }) => [ID, source]).sort())
  })
})
