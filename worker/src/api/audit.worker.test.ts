import { beforeEach, describe, expect, it } from 'vitest'
import { World } from '../testing/world.ts'
import type { AuditView, Page } from './views.ts'

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
})
