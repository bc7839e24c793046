import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Browser } from '../testing/browser.ts'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import type { Page } from './views/answer.ts'
import type { TokenView } from './views/person.ts'
import type { AuditView } from './views/settings.ts'

let world: World

beforeEach(async () => {
  world = await World.start()
})

/** Returns what the audit says about changes, oldest first. */
async function changes(): Promise<(string | null)[]> {
  const { items } = await world.api<Page<AuditView>>('GET', '/api/audit')
  return items
    .filter(({ action }) => action.endsWith('_changed'))
    .map(({ detail }) => detail)
    .reverse()
}

describe('the audit', () => {
  it('the audit of a source tells what changed and not what was sent, and never a secret', async () => {
    const connection = {
      kind: 'https',
      url: 'https://a.example.org/x.csv?sig=1',
      username: 'ann',
      password: 'pass-one',
    }
    const limits = { removed: { percent: 10, atLeast: 6 }, blanked: { percent: 40, atLeast: 6 } }
    const path = `/api/sources/${await world.source({ connection, limits })}`
    const shown = await world.api<object>('GET', path)
    for (const nothing of [
      {},
      shown,
      { removal: 'remove' },
      { connection: { password: 'pass-one' } },
      { connection: { password: null, hasPassword: true } },
      { limits },
    ]) {
      await world.api('PATCH', path, nothing)
    }
    expect(await changes()).toEqual([])
    for (const patch of [
      { ...shown, removal: 'keep', limits: { removed: { percent: 20 }, blanked: null } },
      { connection: { password: 'pass-two' }, schedule: { kind: 'nightly' } },
      { connection: { password: null } },
      { connection: { url: 'https://b.example.org/x.csv?sig=2' } },
    ]) {
      await world.api('PATCH', path, patch)
    }
    expect(await changes()).toEqual([
      'removal: remove → keep\nlimits.removed.percent: 10 → 20\nlimits.blanked: percent 40, atLeast 6 → none',
      'schedule: none → kind nightly, from 01:00, to 04:00, timeZone America/New_York\nconnection.password: changed',
      'connection.password: changed',
      'connection.url: https://a.example.org/x.csv?… → https://b.example.org/x.csv?…',
    ])
  })

  it('an entry about a run names the source of the run, and one about a source does not', async () => {
    const source = await world.source()
    const run = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, { mode: 'preview' })
    const { items } = await world.api<Page<AuditView>>('GET', '/api/audit')
    const entry = (action: AuditView['action']) => items.find((one) => one.action === action)
    expect(entry('run_started')).toMatchObject({ subject: run.id, sourceId: source })
    expect(entry('source_made')).toMatchObject({ subject: source, sourceId: null })
  })

  it('the audit of settings, users and fields tells what changed, with secrets as changed only', async () => {
    const user = await world.api<{ id: string }>('POST', '/api/users', { email: 'ann@example.org', name: 'Ann' })
    await world.api('POST', '/api/fields', { key: 'major', label: 'Major' })
    for (const [path, patch] of [
      ['/api/settings', { defaultCountry: 'US' }],
      ['/api/settings', { defaultCountry: 'CA', twilioToken: 'token-one' }],
      ['/api/settings', { twilioToken: 'token-one' }],
      ['/api/settings', { twilioToken: null, hasTwilioToken: true }],
      ['/api/settings', { twilioToken: null }],
      [`/api/users/${user.id}`, { name: 'Ann' }],
      [`/api/users/${user.id}`, { role: 'manager', password: 'a password of hers' }],
      ['/api/fields/major', { list: false }],
      ['/api/fields/major', { list: true }],
    ] as const) {
      await world.api('PATCH', path, patch)
    }
    expect(await changes()).toEqual([
      'defaultCountry: US → CA\ntwilioToken: changed',
      'twilioToken: changed',
      'role: viewer → manager\npassword: changed',
      'list: false → true',
    ])
  })

  const list = async (query = '') => (await world.api<Page<AuditView>>('GET', `/api/audit${query}`)).items

  it('a token that is named like a person has a kind and an ID of its own', async () => {
    const name = 'admin@example.org'
    const { id, token } = await world.api<TokenView & { token: string }>('POST', '/api/tokens', {
      name,
      scopes: ['runs:write'],
    })
    const source = await world.source()
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const started = await app.request(`/api/sources/${source}/runs`, { method: 'POST', headers, body: '{}' }, world.env)
    expect(started.status).toBe(202)
    expect((await list('?action=run_started'))[0]).toMatchObject({ actorKind: 'token', actorId: id })
    expect((await list('?action=source_made'))[0]).toMatchObject({ actor: name, actorKind: 'person', actorId: 'admin' })
    expect(await list(`?actor=${id}`)).toHaveLength(1)
  })

  it('a refusal is recorded with who was refused, the call and the address, and its repetitions raise a count', async () => {
    const { token, id } = await world.api<TokenView & { token: string }>('POST', '/api/tokens', {
      name: 'Reader',
      scopes: ['runs:read'],
    })
    const ask = (path: string, headers: Record<string, string>) =>
      app.request(path, { headers: { 'CF-Connecting-IP': '192.0.2.7', ...headers } }, world.env)
    for (let i = 0; i < 5; i++) {
      expect((await ask('/api/users', { Authorization: `Bearer ${token}` })).status).toBe(403)
      expect((await ask('/api/users', { Authorization: 'Bearer muster_guess' })).status).toBe(401)
    }
    const client = '192.0.2.7'
    expect(await list('?action=access_refused')).toMatchObject([
      {
        actor: 'Reader (token)',
        actorKind: 'token',
        actorId: id,
        client,
        count: 5,
        detail: 'GET /api/users: forbidden',
      },
    ])
    expect(await list('?action=token_refused')).toMatchObject([
      { actor: null, actorKind: 'stranger', client, count: 5, detail: 'GET /api/users: unauthorized' },
    ])
    // Nobody who has no session at all is refused anything: the pages ask before they show the sign-in page.
    expect((await ask('/api/session', {})).status).toBe(401)
    expect(await list('?action=token_refused')).toHaveLength(1)
  })

  it('wrong passwords are recorded with the user, if there is one, and never with what was typed', async () => {
    const stranger = new Browser(world)
    for (let i = 0; i < 3; i++) await stranger.signIn('a wrong guess', 'my-password-in-the-wrong-field')
    await stranger.signIn('a wrong guess', 'admin@example.org')
    const client = '192.0.2.1'
    expect(await list('?action=sign_in_refused')).toMatchObject([
      { actor: 'admin@example.org', actorKind: 'stranger', subject: 'admin', client, count: 1 },
      { actor: null, actorKind: 'stranger', subject: null, client, count: 3 },
    ])
    expect(JSON.stringify(await list())).not.toContain('wrong-field')
  })

  it('a wrong signature is recorded with the source, if there is one', async () => {
    const source = await world.source()
    await world.api('POST', `/api/sources/${source}/webhook`)
    for (const id of [source, 'none', 'another', source]) {
      const answer = await app.request(`/hooks/sources/${id}`, { method: 'POST' }, world.env)
      expect(answer.status).toBe(401)
    }
    expect((await list('?action=signature_refused')).map(({ subject, count }) => [subject, count])).toEqual([
      [null, 2],
      [source, 2],
    ])
  })

  it('strangers with many addresses cannot fill the audit: beyond 300 entries in a day they share one', async () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 27, 12), toFake: ['Date'] })
    const guess = (address: string) => {
      const headers = { Authorization: 'Bearer muster_guess', 'CF-Connecting-IP': address }
      return app.request('/api/users', { headers }, world.env)
    }
    for (let i = 0; i < 310; i++) await guess(`198.51.${i >> 8}.${i & 255}`)
    for (let i = 0; i < 20; i++) await guess(`2001:db8:0:1::${i}`)
    const refused = await list('?action=token_refused&limit=500')
    expect(refused).toHaveLength(301)
    expect(refused[0]).toMatchObject({ client: null, count: 30, detail: 'from many addresses' })
    vi.setSystemTime(Date.UTC(2026, 10, 27, 12, 15))
    await guess('2001:db8:0:1::1')
    expect((await list('?action=token_refused'))[0]).toMatchObject({ client: null, count: 1 })
    vi.setSystemTime(Date.UTC(2026, 10, 28))
    for (const address of ['2001:db8:0:1::1', '2001:db8:0:1::2']) await guess(address)
    expect((await list('?action=token_refused'))[0]).toMatchObject({ client: '2001:db8:0:1::1', count: 2 })
  })

  it('entries are found by actor, action, subject and time, page by page, and exported without formulas', async () => {
    for (const name of ['=1+1', 'two', 'three']) await world.api('POST', '/api/groups', { name })
    const half = new Date().toISOString()
    world.passTime(60_000)
    const { id } = await world.api<{ id: string }>('POST', '/api/groups', { name: 'four' })
    const names = async (query: string) => (await list(query)).map(({ detail }) => detail)
    expect(await names('?action=group_made')).toEqual(['four', 'three', 'two', '=1+1'])
    expect(await names(`?action=group_made&to=${half}`)).toEqual(['three', 'two', '=1+1'])
    expect(await names(`?from=${half}`)).toEqual(['four'])
    expect(await names(`?subject=${id}&actor=admin@example.org`)).toEqual(['four'])
    expect(await names('?actor=somebody')).toEqual([])
    const page = await world.api<Page<AuditView>>('GET', '/api/audit?action=group_made&limit=3')
    const next = await world.api<Page<AuditView>>('GET', `/api/audit?action=group_made&limit=3&cursor=${page.next}`)
    expect([page.items.length, next.items.length, next.next]).toEqual([3, 1, null])
    expect((await world.request('GET', '/api/audit?action=nonsense')).status).toBe(400)
    const lines = (await (await world.request('GET', '/api/audit.csv?action=group_made')).text()).split('\r\n')
    expect(lines).toHaveLength(6)
    expect(lines[0]).toBe('Time,Actor,Kind,Actor ID,Address,Action,Subject,Details,Times,Last time')
    expect(lines[4]).toContain(",group_made,1,'=1+1,1,")
    expect((await list())[0]).toMatchObject({ action: 'audit_exported', detail: 'action: group_made' })
  })
})
