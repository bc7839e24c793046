import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { ContactView } from '../api/views/contact.ts'
import type { RunView } from '../api/views/run.ts'
import type { SourceView } from '../api/views/source.ts'
import { keyId } from '../security/secrets.ts'
import { Browser, PASSWORD } from '../testing/browser.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { offerFactor, readFactor } from './second-factors.ts'
import { readSecret } from './settings.ts'
import { decryptConnection, findSource } from './sources.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

const newKey = (byte: number) => Buffer.alloc(32, byte).toString('base64')
/** The key of the tests, and later ones. */
const [FIRST, SECOND, THIRD] = [newKey(1), newKey(2), newKey(3)]
const CONNECTION = {
  kind: 'https',
  url: 'https://files.example.org/c.csv?sig=1',
  username: 'ann',
  password: 'pass-word',
}

let world: InMemoryMuster
let source: string
let user: string
beforeEach(async () => {
  world = await InMemoryMuster.start()
  source = await world.source({ connection: CONNECTION })
  await world.api('POST', `/api/sources/${source}/webhook`)
  await world.api('POST', '/api/sms-webhook')
  await world.api('PATCH', '/api/settings', { twilioToken: 'twilio-token' })
  const may = { email: 'may@example.org', name: 'May Field', password: PASSWORD }
  user = (await world.api<{ id: string }>('POST', '/api/users', may)).id
  await offerFactor(world.env, user, 'totp-secret')
})

/** Installs the keys; the first encrypts. */
const install = (...keys: string[]) => world.deploy({ ENCRYPTION_KEYS: keys.join(',') })
const state = () =>
  world.api<{ key: string; others: string[]; left: number; unreadable: number }>('GET', '/api/encryption')

/** Returns every secret, decrypted. */
async function secrets(): Promise<unknown[]> {
  const row = await findSource(world.env, source)
  if (row === null) throw new Error('The source is gone')
  const { url, password } = (await decryptConnection(world.env, row)) as typeof CONNECTION
  const factor = await readFactor(world.env, user)
  const stored = [await readSecret(world.env, 'twilioToken'), (await readSecret(world.env, 'smsWebhook'))?.length]
  return [url, password, factor?.secret, ...stored]
}
const SECRETS = [CONNECTION.url, CONNECTION.password, 'totp-secret', 'twilio-token', 52]

/** Returns every sealed secret that is stored, wherever it is. */
async function sealed(): Promise<string[]> {
  const tables = await world.env.DB.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'contact_search%' AND name NOT LIKE 'sqlite%'`,
  ).all<{ name: string }>()
  const rows = await Promise.all(
    tables.results.map(async ({ name }) => (await world.env.DB.prepare(`SELECT * FROM "${name}"`).all()).results),
  )
  return JSON.stringify(rows).match(/\bv\d\.[\w.]*[\w+/=]{20,}/g) ?? []
}

describe('encryption keys', () => {
  it('while keys change every secret stays readable, and afterwards the earlier key is not needed', async () => {
    await world.tick(1)
    const all = (await sealed()).length
    expect(all).toBe(6)
    install(SECOND, FIRST)
    expect(await secrets()).toEqual(SECRETS)
    expect(await state()).toEqual({ key: keyId(SECOND), others: [keyId(FIRST)], left: all, unreadable: 0 })
    await world.tick(1)
    expect(await state()).toMatchObject({ left: 0, unreadable: 0 })
    expect(await sealed()).toHaveLength(all)
    for (const one of await sealed()) expect(one).toContain(`v2.${keyId(SECOND)}.`)
    install(SECOND)
    expect(await secrets()).toEqual(SECRETS)
    const { items } = await world.api<Page<{ actorKind: string; detail: string }>>(
      'GET',
      '/api/audit?action=secrets_resealed',
    )
    expect(items).toMatchObject([{ actorKind: 'muster', detail: `${all} encrypted, 0 left` }])
  })

  it('a secret that an earlier version sealed is read, and sealed again by the first change of keys', async () => {
    await world.env.DB.prepare(`UPDATE source SET secrets = 'v1.' || substr(secrets, 21)`).run()
    expect((await findSource(world.env, source))?.secrets).toMatch(/^v1\.[^.]+$/)
    expect(await secrets()).toEqual(SECRETS)
    install(SECOND, FIRST)
    expect(await secrets()).toEqual(SECRETS)
    await world.tick(1)
    install(SECOND)
    expect(await secrets()).toEqual(SECRETS)
  })

  it('a crash at any call leaves every secret readable, and the next tick goes on', async () => {
    await world.tick(1)
    for (let call = 1; call < 60; call++) {
      install(...(call % 2 === 0 ? [FIRST, SECOND] : [SECOND, FIRST]))
      world.faults.crashAt(call, call % 3 === 0 ? 'before' : 'after')
      await world.tick(1).catch(() => undefined)
      world.faults.restart()
      expect(await secrets()).toEqual(SECRETS)
    }
    await world.tick(1)
    expect(await state()).toMatchObject({ left: 0, unreadable: 0 })
  })

  it('keys change twice, the second time before the first is done, and nothing is lost', async () => {
    await world.tick(1)
    install(SECOND, FIRST)
    await world.api('PATCH', `/api/sources/${source}`, { connection: { password: 'another' } })
    install(THIRD, SECOND, FIRST)
    const changed = SECRETS.with(1, 'another')
    expect(await secrets()).toEqual(changed)
    await world.tick(1)
    install(THIRD)
    expect(await secrets()).toEqual(changed)
  })

  it('a run goes on over a change of keys, and a plan that waits can still be approved', async () => {
    world.remote = csvOf(crowd(10))
    const run = await world.api<RunView>('POST', `/api/sources/${source}/runs`, {})
    await world.deliver({ step: 'fetch', run: run.id })
    install(SECOND, FIRST)
    await world.tick(1)
    install(SECOND)
    await world.drain()
    expect((await world.run(run.id)).status).toBe('succeeded')
    const held = await world.import(source, csvOf(crowd(2)))
    expect(held.status).toBe('held')
    install(THIRD, SECOND)
    await world.tick(1)
    install(THIRD)
    await world.api('POST', `/api/runs/${held.id}/approve`, { planHash: held.plan?.hash })
    await world.drain()
    expect((await world.run(held.id)).status).toBe('succeeded')
  })

  it('a person who was erased is recognised after keys have changed twice', async () => {
    const night = csvOf(crowd(3))
    await world.import(source, night)
    const [contact] = (await world.api<Page<ContactView>>('GET', '/api/contacts')).items
    await world.api('POST', `/api/contacts/${contact?.key}/erase`, { reason: 'asked for it' })
    for (const [key, before] of [
      [SECOND, FIRST],
      [THIRD, SECOND],
    ] as const) {
      install(key, before)
      await world.tick(1)
      await world.drain()
      install(key)
      const run = await world.import(source, csvOf(crowd(3, { Title: key.slice(0, 3) })))
      expect([run.status, run.counts?.leftOut]).toEqual(['succeeded', 1])
    }
  })

  it('a device that a person signed in from stays known while keys change', async () => {
    await world.env.DB.prepare('DELETE FROM second_factor').run()
    const browser = new Browser(world)
    expect((await browser.signIn()).status).toBe(200)
    install(SECOND, FIRST)
    for (let i = 0; i < 11; i++) await new Browser(world, '198.51.100.7').signIn('a wrong guess')
    expect((await browser.elsewhere('198.51.100.8', true).signIn()).status).toBe(200)
    expect((await browser.elsewhere('198.51.100.8').signIn()).status).toBe(429)
  })
})

describe('a secret whose key is lost', () => {
  beforeEach(() => install(SECOND))

  it('the state of the keys counts it', async () => {
    expect(await state()).toMatchObject({ left: 0, unreadable: 5 })
  })

  it('a run and a test fail with secret_unreadable, which says what to do', async () => {
    const run = await world.import(source, csvOf(crowd(3)))
    expect(run).toMatchObject({ status: 'failed', failure: { code: 'secret_unreadable' } })
    expect(run.failure?.advice).toContain('ENCRYPTION_KEYS')
  })

  it('the pages still work, and the secret can be entered again', async () => {
    const shown = await world.api<SourceView>('GET', `/api/sources/${source}`)
    expect(shown.connection).toMatchObject({ hasPassword: false })
    expect((await world.api<Page<SourceView>>('GET', '/api/sources')).items).toHaveLength(1)
    await world.api('PATCH', `/api/sources/${source}`, { connection: CONNECTION })
    expect(await world.api('GET', '/api/settings')).toMatchObject({ hasTwilioToken: true })
    await world.api('PATCH', '/api/settings', { twilioToken: 'another' })
    expect(await readSecret(world.env, 'twilioToken')).toBe('another')
    expect((await world.import(source, csvOf(crowd(3)))).status).toBe('succeeded')
  })

  it('a webhook is answered with secret_unreadable', async () => {
    const hook = await world.request('POST', `/hooks/sources/${source}`)
    expect(await hook.json()).toMatchObject({ status: 500, code: 'secret_unreadable' })
  })

  it('a missing or wrong key shows in the health check', async () => {
    const checks = async () => (await (await world.request('GET', '/api/health')).json<{ checks: object }>()).checks
    world.deploy({ ENCRYPTION_KEYS: 'too short' })
    expect(await checks()).toMatchObject({ encryptionKey: 'invalid' })
    world.deploy({ ENCRYPTION_KEYS: '' })
    expect(await checks()).toMatchObject({ encryptionKey: 'missing' })
  })
})
