import { describe, expect, it } from 'vitest'
import { sampleTeam } from '../../../local/demo/d4h/sample.ts'
import { D4hService } from '../../../local/demo/d4h/service.ts'
import { d4hMember } from '../../../local/demo/d4h/team.ts'
import type { ContactView } from '../api/views/contact.ts'
import type { SourceView, TestView } from '../api/views/source.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const TOKEN = 'the-token-of-ana'
const CONNECTION = { kind: 'd4h', url: 'https://api.team-manager.ca.d4h.com', token: TOKEN, teamId: 12 }
const LATER = '2026-11-20T10:00:00.000Z'

async function start(settings: Record<string, unknown> = {}) {
  const world = await World.start()
  const service = new D4hService([sampleTeam()], TOKEN)
  const answer = (request: Request) => service.handle(request)
  world.remote = answer
  const [team] = service.teams
  if (team === undefined) throw new Error('There is no team')
  const source = await world.source({ connection: CONNECTION, ...settings })
  return { world, service, team, source, run: () => world.import(source, answer) }
}

async function contacts(world: World): Promise<ContactView[]> {
  return (await world.api<{ items: ContactView[] }>('GET', '/api/contacts')).items
}

describe('a D4H source', () => {
  it('a D4H source imports members with numbers, addresses, groups, position and team without a mapping', async () => {
    const { world, run } = await start()
    expect(await run()).toMatchObject({ status: 'succeeded', counts: { added: 3, errors: 0, warnings: 0 } })
    const [ana, bjorn, priya] = await contacts(world)
    expect(ana).toMatchObject({
      id: '101',
      name: 'Ana O’Brien',
      organization: 'Northern Ridge Rescue',
      title: 'Team Lead',
      numbers: [
        { number: '+16045550100', type: 'mobile', description: null },
        { number: '+16045550101', type: 'landline', description: 'work' },
        { number: '+16045550102', type: 'pager', description: null },
      ],
      emails: ['ana@example.org'],
      groups: ['Rope', 'Search, Ground'],
      fields: {},
    })
    expect(bjorn).toMatchObject({
      id: '102',
      numbers: [{ number: '+16045550103', type: 'landline', description: 'home' }],
      groups: ['Search, Ground'],
    })
    expect(priya).toMatchObject({ id: '103', numbers: [{ number: '+16045550104' }], emails: [], groups: [] })
  })

  it('a D4H source imports custom fields by the labels of their choices, and lists as lists', async () => {
    const mapping = [
      { column: 'ID', to: 'id' },
      { column: 'Name', to: 'name' },
      { column: 'Shirt size', to: 'field:shirt' },
      { column: 'Languages', to: 'field:languages', list: true },
      { column: 'Radio call sign', to: 'field:callSign' },
    ]
    const { world, run } = await start()
    for (const [key, list] of [
      ['shirt', false],
      ['languages', true],
      ['callSign', false],
    ] as const) {
      await world.api('POST', '/api/fields', { key, label: key, type: 'text', list })
    }
    const [source] = (await world.api<{ items: SourceView[] }>('GET', '/api/sources')).items
    await world.api('PATCH', `/api/sources/${source?.id}`, { mapping })
    expect(await run()).toMatchObject({ status: 'succeeded', counts: { added: 3, errors: 0, warnings: 0 } })
    const [ana, bjorn] = await contacts(world)
    expect(ana?.fields).toEqual({ shirt: ['Large'], languages: ['French, Canadian', 'English'], callSign: ['Ridge 7'] })
    expect(bjorn?.fields).toEqual({ languages: ['French, Canadian'] })
  })

  it('a D4H source adds, updates and removes contacts as its members change; the next run is unchanged', async () => {
    const { world, team, run } = await start()
    await run()
    expect(await run()).toMatchObject({ status: 'unchanged', counts: { unchanged: 3 } })
    const [ana, bjorn] = team.members
    team.members = team.members.filter((member) => member !== bjorn)
    Object.assign(ana ?? {}, { mobile: '604-555-0110', home: '604-555-0110', updatedAt: LATER })
    team.members.push(d4hMember({ id: 106, name: 'Zoë Tremblay', mobile: '604-555-0111' }))
    expect(await run()).toMatchObject({
      status: 'succeeded',
      counts: { added: 1, updated: 1, removed: 1, unchanged: 1 },
    })
    expect((await contacts(world)).map(({ id }) => id)).toEqual(['101', '103', '106'])
    expect(await run()).toMatchObject({ status: 'unchanged' })
  })

  it('a D4H source removes nobody when a list is incomplete', async () => {
    const { world, service, run } = await start()
    await run()
    service.instead = (request) =>
      request.url.includes('/members') ? Response.json({ results: [], totalSize: 3 }) : null
    expect(await run()).toMatchObject({ status: 'failed', failure: { code: 'truncated' } })
    expect(await contacts(world)).toHaveLength(3)
  })

  it('a D4H source fetches only changes if its settings say so, and then removes nobody', async () => {
    const { world, service, team, source, run } = await start({ changesOnly: true })
    const changes = async () => {
      const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, { mode: 'apply' })
      await world.drain()
      return world.run(id)
    }
    expect(await run()).toMatchObject({ status: 'succeeded', counts: { added: 3 } })
    expect(await changes()).toMatchObject({ status: 'unchanged' })
    const [, bjorn] = team.members
    Object.assign(bjorn ?? {}, { position: 'Medic', updatedAt: new Date().toISOString() })
    team.members = team.members.filter(({ id }) => id !== 101)
    service.requests.length = 0
    expect(await changes()).toMatchObject({ status: 'succeeded', counts: { updated: 1, removed: 0 } })
    expect(service.requests.join()).toContain('sort=updatedAt')
    expect((await contacts(world)).map(({ title }) => title)).toEqual(['Team Lead', 'Medic', null])
  })

  it('a fetch of all members with the bytes of the last changes still removes those who have left', async () => {
    const { world, team, source, run } = await start({ changesOnly: true, limits: NO_LIMITS })
    const fetched = async (fetch: 'all' | 'changes') => {
      const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, { fetch })
      await world.drain()
      return world.run(id)
    }
    await run()
    const [, bjorn] = team.members
    Object.assign(bjorn ?? {}, { position: 'Medic', updatedAt: new Date().toISOString() })
    team.members = team.members.filter((member) => member === bjorn)
    const changed = await fetched('changes')
    expect(changed).toMatchObject({ status: 'succeeded', counts: { updated: 1, removed: 0 } })
    const all = await fetched('all')
    expect(all.file?.sha256).toBe(changed.file?.sha256)
    expect(all).toMatchObject({ status: 'succeeded', counts: { removed: 2 } })
  })

  it('the test of an unsaved D4H source lists the teams first, and then the columns and members of one team', async () => {
    const { world, service } = await start()
    service.teams.push({ ...sampleTeam(), id: 13, title: 'Coast Valley Search' })
    const test = (connection: object, more = {}) =>
      world.api<TestView>('POST', '/api/sources/test', { connection: { ...CONNECTION, ...connection }, ...more })
    const teams = [
      { id: 12, name: 'Northern Ridge Rescue' },
      { id: 13, name: 'Coast Valley Search' },
    ]
    expect(await test({ teamId: null })).toEqual({ ok: true, teams, columns: [], rows: [] })
    const found = await test({})
    expect(found).toMatchObject({ ok: true, teams })
    expect(found.columns.map(({ name }) => name)).toContain('Languages')
    expect(found.rows).toHaveLength(3)
    expect(await test({ teamId: 99 })).toMatchObject({ ok: false, code: 'forbidden', teams })
    expect(await test({ token: 'another' })).toMatchObject({ ok: false, code: 'unauthorized', columns: [] })
    // With a mapping the test still lists all columns, and it names a mapped column that is missing.
    const mapping = [
      { column: 'ID', to: 'id' },
      { column: 'Name', to: 'name' },
      { column: 'Shoe size', to: 'title' },
    ]
    const mapped = await test({}, { mapping })
    expect(mapped).toMatchObject({ ok: false, code: 'header_missing', detail: expect.stringContaining('Shoe size') })
    expect(mapped.columns.map(({ name }) => name)).toContain('Languages')
  })

  it('a D4H source never returns its token, and drops it when the host changes', async () => {
    const { world, source, run } = await start()
    await run()
    const read = await world.request('GET', `/api/sources/${source}`)
    const text = await read.text()
    expect(text).not.toContain(TOKEN)
    expect(JSON.parse(text)).toMatchObject({ connection: { token: null, hasToken: true, teamId: 12 } })
    const url = 'https://api.team-manager.us.d4h.com'
    await world.api('PATCH', `/api/sources/${source}`, { connection: { url } })
    expect(await run()).toMatchObject({ status: 'failed', failure: { code: 'unauthorized' } })
  })

  it('a D4H source is planned again when the chosen statuses change, whatever the watermark is', async () => {
    const { world, source, run } = await start({ changesOnly: true })
    await run()
    const connection = { statuses: ['OPERATIONAL', 'NON_OPERATIONAL'] }
    await world.api('PATCH', `/api/sources/${source}`, { connection })
    expect(await run()).toMatchObject({ status: 'succeeded', counts: { added: 1 } })
  })
})
