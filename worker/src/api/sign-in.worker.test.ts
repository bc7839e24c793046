import { beforeEach, describe, expect, it } from 'vitest'
import { totpCode } from '../security/totp.ts'
import { database } from '../store/database.ts'
import { users } from '../store/users.ts'
import { Browser, PASSWORD } from '../testing/browser.ts'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import { judged } from './sign-in.ts'
import type { Page } from './views/answer.ts'
import type { OwnSessionView, SessionView, UserView } from './views/person.ts'

const MANAGER = { email: 'may@example.org', name: 'May Field', role: 'manager', password: PASSWORD }
const MINUTE = 60_000

let world: World
let user: UserView
beforeEach(async () => {
  world = await World.start()
  user = await world.api('POST', '/api/users', MANAGER)
})

async function many<T>(count: number, one: (at: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, at) => one(at)))
}

describe('guessing a password', () => {
  it('of many guesses at once, only as many are judged as are allowed one after the other', async () => {
    const answers = await many(40, (at) => new Browser(world, `192.0.2.${at}`).signIn(`wrong guess number ${at}`))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30)
    expect((await new Browser(world, '198.51.100.1').signIn()).status).toBe(429)
    world.passTime(16 * MINUTE)
    expect((await new Browser(world, '198.51.100.1').signIn()).status).toBe(200)
  })

  it('a guess counts before it is judged, however long that takes', async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    let asked = 0
    const guesses = many(40, () =>
      judged(world.env, new Request('https://muster.example.org'), 'password', { account: 'a', user: null }, () => {
        asked++
        return promise
      }).catch(() => null),
    )
    await expect.poll(() => asked).toBeGreaterThanOrEqual(10)
    setTimeout(() => resolve(false), 500)
    expect((await guesses).filter((verdict) => verdict === false)).toHaveLength(10)
    expect(asked).toBe(10)
  })

  it('a stranger who guesses cannot lock a person out of the devices they have signed in from', async () => {
    const home = new Browser(world)
    await home.signIn()
    await home.send('DELETE', '/api/session')
    await many(20, (at) => new Browser(world, `192.0.2.${at}`).signIn(`wrong guess number ${at}`))
    expect((await home.elsewhere('198.51.100.9', true).signIn()).status).toBe(200)
    expect((await home.elsewhere('198.51.100.9').signIn()).status).toBe(429)
  })

  it('guesses at many accounts from one network are limited, and other networks are not affected', async () => {
    const answers: number[] = []
    for (let at = 0; at < 52; at++) {
      answers.push(
        (await new Browser(world, `2001:db8:1:2:${at.toString(16)}::1`).signIn('wrong', `p${at}@example.org`)).status,
      )
    }
    expect(answers.filter((status) => status === 401)).toHaveLength(50)
    expect((await new Browser(world, '2001:db8:1:2::77').signIn()).status).toBe(429)
    expect((await new Browser(world, '2001:db8:1:3::77').signIn()).status).toBe(200)
  }, 120_000)

  it('right passwords do not count, however many people sign in', async () => {
    for (let i = 0; i < 12; i++) expect((await new Browser(world).signIn()).status).toBe(200)
  })

  it('a hash of the version before is verified once and replaced', async () => {
    const old = 'pbkdf2$100000$00112233445566778899aabbccddeeff$'
    const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(PASSWORD), 'PBKDF2', false, [
      'deriveBits',
    ])
    const salt = Uint8Array.from('00112233445566778899aabbccddeeff'.match(/../g) ?? [], (two) =>
      Number.parseInt(two, 16),
    )
    const bits = await crypto.subtle.deriveBits(
      { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: 100_000 },
      key,
      256,
    )
    const hash = [...new Uint8Array(bits)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    await database(world.env)
      .update(users)
      .set({ password: old + hash })
    expect((await new Browser(world).signIn('not the password')).status).toBe(401)
    expect((await new Browser(world).signIn()).status).toBe(200)
    const rows = await database(world.env).select().from(users)
    expect(rows.find(({ id }) => id === user.id)?.password).toMatch(/^scrypt\$16384\$8\$5\$/)
    expect((await new Browser(world).signIn()).status).toBe(200)
  })
})

describe('a new password', () => {
  it.each(['aaaaaaaaaaaa', '123456789012', 'may@example.org', 'Password2024!'])('%s is refused', async (password) => {
    const response = await world.request('PATCH', `/api/users/${user.id}`, { password })
    expect(await response.json()).toMatchObject({ status: 400, code: 'invalid', errors: [{ path: 'password' }] })
  })
})

describe('cookies', () => {
  it('over HTTPS the cookies belong to this host only', async () => {
    const browser = new Browser(world)
    await browser.signIn()
    expect(browser.set).toHaveLength(2)
    for (const cookie of browser.set) {
      expect(cookie).toMatch(/^__Host-muster_\w+=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/)
    }
  })

  it.each([
    ['another site', 'https://evil.example'],
    ['a page without an origin', 'null'],
    ['a sibling of the host', 'https://other.example.org'],
    ['another port', 'https://muster.example.org:8443'],
  ])('a change that %s asks for is refused', async (_, Origin) => {
    const browser = new Browser(world)
    await browser.signIn()
    const refused = await browser.send('PATCH', '/api/settings', {}, { Origin })
    expect(refused).toMatchObject({ status: 403, body: { code: 'cross_site' } })
    expect((await browser.send('GET', '/api/session', undefined, { Origin })).status).toBe(200)
  })

  it('the health check reports a public address that is not the one that people use', async () => {
    const health = (at: string) => app.request(`${at}/api/health`, {}, world.env)
    expect((await health('https://muster.example.org')).status).toBe(200)
    expect((await health('http://localhost:8787')).status).toBe(200)
    const other = await health('https://muster.example.com')
    expect([other.status, await other.json()]).toMatchObject([503, { checks: { publicUrl: 'failed' } }])
  })

  it('a body that is not sent as JSON is refused', async () => {
    const browser = new Browser(world)
    const answer = await browser.send(
      'POST',
      '/api/session',
      { email: 'a', password: 'b' },
      { 'Content-Type': 'text/plain' },
    )
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
  })
})

describe('sessions', () => {
  it('a session ends after an hour without activity, and lasts half a day with it', async () => {
    const browser = new Browser(world)
    await browser.signIn()
    world.passTime(59 * MINUTE)
    expect((await browser.send('GET', '/api/session')).status).toBe(200)
    world.passTime(59 * MINUTE)
    expect((await browser.send('GET', '/api/session')).status).toBe(200)
    world.passTime(61 * MINUTE)
    expect((await browser.send('GET', '/api/session')).status).toBe(401)
    await browser.signIn()
    for (let hours = 0; hours < 24; hours++) {
      world.passTime(30 * MINUTE)
      await browser.send('GET', '/api/session')
    }
    expect((await browser.send('GET', '/api/session')).status).toBe(401)
  })

  it('a person sees their sessions, and ends one or all others; an administrator ends all of them', async () => {
    const [here, there, third] = [new Browser(world), new Browser(world), new Browser(world)]
    for (const browser of [here, there, third]) await browser.signIn()
    const list = async () => (await here.send('GET', '/api/account/sessions')).body as Page<OwnSessionView>
    const { items } = await list()
    expect(items.map(({ current, client }) => [current, client]).sort()).toEqual([
      [false, 'A browser'],
      [false, 'A browser'],
      [true, 'A browser'],
    ])
    const other = items.find(({ current }) => !current)?.id
    expect((await here.send('DELETE', `/api/account/sessions?id=${other}`)).status).toBe(204)
    expect((await list()).items).toHaveLength(2)
    expect((await here.send('DELETE', `/api/account/sessions?id=${other}`)).status).toBe(404)
    expect((await here.send('DELETE', '/api/account/sessions')).status).toBe(204)
    expect((await list()).items).toHaveLength(1)
    expect((await third.send('GET', '/api/session')).status).toBe(401)
    await world.api('DELETE', `/api/users/${user.id}/sessions`)
    expect((await here.send('GET', '/api/session')).status).toBe(401)
  })
})

describe('showing again who one is', () => {
  const administrator = async () => {
    await world.api('PATCH', `/api/users/${user.id}`, { role: 'administrator' })
    const browser = new Browser(world)
    await browser.signIn()
    return browser
  }
  const make = (browser: Browser) =>
    browser.send('POST', '/api/users', { email: 'new@example.org', name: 'New', role: 'viewer' })

  it('a quarter of an hour after signing in, a change of users asks for the password, and other changes do not', async () => {
    const browser = await administrator()
    world.passTime(16 * MINUTE)
    expect(await make(browser)).toMatchObject({ status: 403, body: { code: 'confirm_identity' } })
    expect((await browser.send('POST', '/api/fields', { key: 'hall', label: 'Hall', type: 'text' })).status).toBe(201)
    expect((await browser.send('POST', '/api/session/confirm', { password: 'wrong' })).status).toBe(400)
    expect((await make(browser)).status).toBe(403)
    expect((await browser.send('POST', '/api/session/confirm', { password: PASSWORD })).status).toBe(204)
    expect((await make(browser)).status).toBe(201)
  })

  it('a system with a token is never asked', async () => {
    world.passTime(60 * MINUTE)
    const body = { email: 'new@example.org', name: 'New', role: 'viewer' }
    expect((await world.request('POST', '/api/users', body, 'system')).status).toBe(201)
  })
})

describe('a second factor', () => {
  /** Turns on an authenticator app. Returns its secret and the recovery codes. */
  async function turnOn(browser: Browser) {
    const { body } = await browser.send('POST', '/api/account/totp')
    const secret = new URL(body.uri).searchParams.get('secret') ?? ''
    const confirmed = await browser.send('POST', '/api/account/totp/confirm', { code: codeOf(secret) })
    return { secret, recoveryCodes: confirmed.body.recoveryCodes as string[] }
  }
  const codeOf = (secret: string) => totpCode(secret, Math.floor(Date.now() / 30_000))

  it('signing in takes a password and a code, each code once', async () => {
    const home = new Browser(world)
    await home.signIn()
    expect((await home.send('POST', '/api/account/totp/confirm', { code: '000000' })).status).toBe(400)
    const { secret, recoveryCodes } = await turnOn(home)
    expect(recoveryCodes).toHaveLength(10)
    const browser = new Browser(world)
    const first = await browser.signIn()
    expect(first).toMatchObject({ status: 401, body: { code: 'second_factor' } })
    expect(browser.set).toEqual([])
    const finish = (code: string, ticket = first.body.ticket) =>
      browser.send('POST', '/api/session/second-factor', { ticket, code })
    expect((await finish(codeOf(secret))).status).toBe(401)
    world.passTime(30_000)
    expect(await finish(codeOf(secret))).toMatchObject({ status: 200, body: { secondFactor: 'on' } })
    expect((await finish(codeOf(secret))).status).toBe(401)
    const [recovery = ''] = recoveryCodes
    const again = await browser.signIn()
    expect((await finish(recovery.toUpperCase(), again.body.ticket)).status).toBe(200)
    const third = await browser.signIn()
    expect((await finish(recovery, third.body.ticket)).status).toBe(401)
    world.passTime(6 * MINUTE)
    expect((await finish(codeOf(secret), third.body.ticket)).status).toBe(401)
  })

  it('of many codes at once, ten are judged', async () => {
    const home = new Browser(world)
    await home.signIn()
    await turnOn(home)
    const { body } = await new Browser(world).signIn()
    const answers = await many(30, (at) =>
      new Browser(world, `192.0.2.${at}`).send('POST', '/api/session/second-factor', {
        ticket: body.ticket,
        code: `${100000 + at}`,
      }),
    )
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
  })

  it('where everybody must have one, a person without one can only set it up', async () => {
    await world.api('PATCH', '/api/settings', { secondFactor: 'everybody' })
    const browser = new Browser(world)
    expect((await browser.signIn()).body).toMatchObject({ secondFactor: 'required' } satisfies Partial<SessionView>)
    expect(await browser.send('GET', '/api/contacts')).toMatchObject({
      status: 403,
      body: { code: 'second_factor_required' },
    })
    await turnOn(browser)
    expect((await browser.send('GET', '/api/contacts')).status).toBe(200)
    await world.request('DELETE', `/api/users/${user.id}/factors`, undefined, 'system')
    expect((await browser.send('GET', '/api/contacts')).status).toBe(403)
  })
})

describe('links', () => {
  const tokenOf = (url: string) => url.split('#')[1] ?? ''

  it('a user without a password chooses one by invitation, once', async () => {
    const { id } = await world.api<UserView>('POST', '/api/users', {
      email: 'new@example.org',
      name: 'N',
      role: 'viewer',
    })
    const first = await world.api<{ url: string; sent: boolean }>('POST', `/api/users/${id}/invite`)
    const second = await world.api<{ url: string; sent: boolean }>('POST', `/api/users/${id}/invite`)
    expect(second.sent).toBe(true)
    expect(world.mails.at(-1)).toMatchObject({ to: ['new@example.org'], text: expect.stringContaining(second.url) })
    const browser = new Browser(world)
    const accept = (url: string, password = PASSWORD) =>
      browser.send('POST', '/api/invitations/accept', { token: tokenOf(url), name: 'New Name', password })
    expect(await accept(first.url)).toMatchObject({ status: 410, body: { code: 'link_expired' } })
    expect((await accept(second.url, 'new@example.org!')).status).toBe(400)
    expect(await accept(second.url)).toMatchObject({ status: 200, body: { email: 'new@example.org' } })
    expect((await accept(second.url)).status).toBe(410)
    expect(await browser.signIn(PASSWORD, 'new@example.org')).toMatchObject({ status: 200, body: { name: 'New Name' } })
    const kept = JSON.stringify([await world.api('GET', '/api/notifications'), await world.api('GET', '/api/audit')])
    expect(kept).not.toContain(tokenOf(second.url))
  })

  it('a forgotten password is replaced by link, which ends the sessions; the answer does not tell who is a user', async () => {
    const browser = new Browser(world)
    await browser.signIn()
    const ask = async (email: string) => {
      const other = new Browser(world)
      const answer = await other.send('POST', '/api/password-reset', { email })
      await Promise.all(other.later)
      return answer
    }
    expect(await ask('nobody@example.org')).toEqual({ ...(await ask(MANAGER.email)), headers: expect.anything() })
    expect(world.mails).toHaveLength(1)
    const url = /https:\S+/.exec(world.mails[0]?.text ?? '')?.[0] ?? ''
    const reset = (password: string) =>
      new Browser(world).send('POST', '/api/password-reset/confirm', { token: tokenOf(url), password })
    expect((await reset('may field 2024')).status).toBe(400)
    expect((await reset('another good fence')).status).toBe(200)
    expect((await reset('another good fence')).status).toBe(410)
    expect((await browser.send('GET', '/api/session')).status).toBe(401)
    expect((await browser.signIn()).status).toBe(401)
    expect((await browser.signIn('another good fence')).status).toBe(200)
  })

  it('a link for a new password works for an hour', async () => {
    const browser = new Browser(world)
    await browser.send('POST', '/api/password-reset', { email: MANAGER.email })
    await Promise.all(browser.later)
    const token = tokenOf(/https:\S+/.exec(world.mails[0]?.text ?? '')?.[0] ?? '')
    world.passTime(61 * MINUTE)
    const answer = await browser.send('POST', '/api/password-reset/confirm', { token, password: 'another good fence' })
    expect(answer.status).toBe(410)
  })
})

it('behind Cloudflare Access there are no passwords, invitations or second factors', async () => {
  Object.assign(world.env, { ACCESS_ISSUER: 'https://team.cloudflareaccess.com', ACCESS_AUDIENCE: 'tag' })
  const browser = new Browser(world)
  expect((await browser.send('GET', '/api/session/options')).body).toEqual({
    password: false,
    access: true,
    reset: false,
    secondFactor: 'off',
    demo: false,
  })
  expect(await browser.signIn()).toMatchObject({ status: 403, body: { code: 'passwords_off' } })
  expect((await browser.send('POST', '/api/password-reset', { email: MANAGER.email })).status).toBe(403)
  expect((await world.request('POST', `/api/users/${user.id}/invite`, undefined, 'system')).status).toBe(403)
  expect((await world.request('PATCH', `/api/users/${user.id}`, { password: PASSWORD }, 'system')).status).toBe(403)
})
