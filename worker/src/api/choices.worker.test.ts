import { describe, expect, it } from 'vitest'
import { college } from '../../../local/demo/connect/college.ts'
import { sampleTeam } from '../../../local/demo/d4h/sample.ts'
import { D4hService } from '../../../local/demo/d4h/service.ts'
import { collegeSource, remoteOf } from '../testing/connect-source.ts'
import { World } from '../testing/world.ts'
import type { ChoicesView } from './views/source.ts'

const D4H = { kind: 'd4h', url: 'https://api.team-manager.ca.d4h.com', token: 'the-token-of-ana', teamId: 12 }

const choices = (world: World, source: string) => world.api<ChoicesView>('GET', `/api/sources/${source}/choices`)

describe('the choices of a saved source', () => {
  it('a D4H source offers the teams of its stored token', async () => {
    const world = await World.start()
    const service = new D4hService([sampleTeam()], D4H.token)
    world.remote = (request) => service.handle(request)
    expect(await choices(world, await world.source({ connection: D4H }))).toEqual({
      ok: true,
      teams: [{ id: 12, name: 'Northern Ridge Rescue' }],
    })
  })

  it('a Connect source offers its filters, attributes and source codes, and reads no contact', async () => {
    const world = await World.start()
    const service = college()
    world.remote = remoteOf(service)
    const found = await choices(world, await world.source(collegeSource(service)))
    expect(found.ok).toBe(true)
    expect(found.filters?.length).toBeGreaterThan(0)
    expect(found.attributes?.map(({ name }) => name)).toEqual(expect.arrayContaining(['Academic Major']))
    const actions = world.requests.map((request) => request.headers.get('SOAPAction') ?? '')
    expect(actions.some((action) => action.includes('GetFilterContacts'))).toBe(false)
  })

  it('a service that refuses the stored secret is named with advice', async () => {
    const world = await World.start()
    const service = new D4hService([sampleTeam()], 'another token')
    world.remote = (request) => service.handle(request)
    const found = await choices(world, await world.source({ connection: D4H }))
    expect(found).toMatchObject({ ok: false, code: 'unauthorized', advice: expect.any(String) })
    expect(JSON.stringify(found)).not.toContain(D4H.token)
  })

  it('a source of a file offers nothing, and an unknown source is not found', async () => {
    const world = await World.start()
    const file = await world.request('GET', `/api/sources/${await world.source()}/choices`)
    expect([file.status, (await file.json<{ code: string }>()).code]).toEqual([409, 'wrong_kind'])
    expect((await world.request('GET', '/api/sources/nothing/choices')).status).toBe(404)
  })
})
