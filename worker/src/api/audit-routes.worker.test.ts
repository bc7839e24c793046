import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { sign } from '../security/signature.ts'
import { totpCode } from '../security/totp.ts'
import { Browser, PASSWORD } from '../testing/browser.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import { recordedBy } from './records.ts'
import { routes } from './routes.ts'
import type { Page } from './views/answer.ts'
import type { ContactView } from './views/contact.ts'
import type { UserView } from './views/person.ts'
import type { RunView } from './views/run.ts'
import type { SourceView } from './views/source.ts'

interface Recorded {
  id: number
  action: string
  subject: string | null
  detail: string | null
  actor_kind: string
  actor_id: string | null
}

/** The number of the present half minute, which a code of an authenticator app is for. */
function stepNow(): number {
  return Math.floor(Date.now() / 30_000)
}

/** Makes every call of the API that changes or downloads something once, and returns what each recorded. */
async function everyCall(): Promise<Map<string, Recorded[]>> {
  const world = await World.start()
  const seen = new Map<string, Recorded[]>()
  let last = 0
  const look = async () => {
    const { results } = await env.DB.prepare('SELECT * FROM audit WHERE id > ?').bind(last).all<Recorded>()
    last = results.at(-1)?.id ?? last
    return results
  }
  /** Notes what the call to a route recorded. */
  const noted = async <T>(route: string, send: () => Promise<T>): Promise<T> => {
    await look()
    const answer = await send()
    seen.set(route, [...(seen.get(route) ?? []), ...(await look())])
    return answer
  }
  const call = <T>(route: string, path: string, body?: unknown) => {
    const [method = ''] = route.split(' ')
    return noted(route, () => world.api<T>(method.toUpperCase(), path, body))
  }
  const inBrowser = async (browser: Browser, route: string, path: string, body?: unknown, status = 200) => {
    const [method = ''] = route.split(' ')
    return noted(route, async () => {
      const answer = await browser.send(method.toUpperCase(), path, body)
      await Promise.all(browser.later)
      expect([route, answer.status]).toEqual([route, status])
      return answer.body
    })
  }

  // The directory, by hand.
  const { key } = await call<ContactView>('post /api/contacts', '/api/contacts', { id: 'ana', name: 'Ana' })
  await call('patch /api/contacts/:key', `/api/contacts/${key}`, { title: 'Lead' })
  await call('put /api/contacts/:key/sms-status', `/api/contacts/${key}/sms-status`, { status: 'opted_out' })
  await call('post /api/contacts/sms-status', '/api/contacts/sms-status', { keys: [key], status: 'opted_in' })
  const erasure = await call<{ id: string }>('post /api/contacts/:key/erase', `/api/contacts/${key}/erase`, {
    reason: 'asked for it',
  })
  await call('delete /api/erasures/:id', `/api/erasures/${erasure.id}`)
  const ben = await world.api<ContactView>('POST', '/api/contacts', { id: 'ben', name: 'Ben' })
  await call('delete /api/contacts/:key', `/api/contacts/${ben.key}`)
  const group = await call<{ id: string }>('post /api/groups', '/api/groups', { name: 'Rope' })
  await call('patch /api/groups/:id', `/api/groups/${group.id}`, { name: 'Ropes' })
  await call('delete /api/groups/:id', `/api/groups/${group.id}`)
  await call('post /api/fields', '/api/fields', { key: 'major', label: 'Major' })
  await call('patch /api/fields/:key', '/api/fields/major', { label: 'Subject' })
  await call('delete /api/fields/:key', '/api/fields/major')

  const download = (route: string, path: string) =>
    noted(route, async () => {
      const answer = await world.request('GET', path)
      expect(answer.status, route).toBe(200)
      await answer.arrayBuffer()
    })

  // Sources and runs.
  const connection = { kind: 'https', url: 'https://files.example.org/contacts.csv' }
  world.remote = csvOf(crowd(10))
  await call('post /api/sources/test', '/api/sources/test', { connection })
  const source = await call<SourceView>('post /api/sources', '/api/sources', { name: 'Staff', connection })
  await call('post /api/sources/:id/test', `/api/sources/${source.id}/test`, {})
  await call('patch /api/sources/:id', `/api/sources/${source.id}`, { name: 'Crew' })
  const first = await call<RunView>('post /api/sources/:id/runs', `/api/sources/${source.id}/runs`, {})
  await world.drain()
  const heldRun = async () => {
    const run = await world.import(source.id, csvOf(crowd(2)))
    expect(run.status).toBe('held')
    return run
  }
  const rejected = await heldRun()
  await call('post /api/runs/:id/reject', `/api/runs/${rejected.id}/reject`)
  const approved = await heldRun()
  await call('post /api/runs/:id/approve', `/api/runs/${approved.id}/approve`, { planHash: approved.plan?.hash })
  await world.drain()
  await call('post /api/runs/:id/undo', `/api/runs/${approved.id}/undo`)
  await world.drain()
  const queued = await world.api<RunView>('POST', `/api/sources/${source.id}/runs`, {})
  await call('post /api/runs/:id/cancel', `/api/runs/${queued.id}/cancel`)
  expect((await world.run(first.id)).status).toBe('succeeded')
  const [contact] = (await world.api<Page<ContactView>>('GET', '/api/contacts')).items
  const hook = await call<{ secret: string }>('post /api/sources/:id/webhook', `/api/sources/${source.id}/webhook`)
  await call('post /api/sources/:id/webhook/test', `/api/sources/${source.id}/webhook/test`)
  for (const file of ['report.xlsx', 'report.csv', 'snapshot'])
    await download(`get /api/runs/:id/${file}`, `/api/runs/${approved.id}/${file}`)
  await download('get /api/sources/:id/opt-outs.csv', `/api/sources/${source.id}/opt-outs.csv`)
  for (const file of ['contacts.csv', 'contacts.xlsx', 'decisions.csv', 'audit.csv'])
    await download(`get /api/${file}`, `/api/${file}`)
  await download('get /api/contacts/:key/export', `/api/contacts/${contact?.key}/export`)
  const texts = await call<{ secret: string }>('post /api/sms-webhook', '/api/sms-webhook')
  const signed = async (route: string, path: string, secret: string, body: string, status: number) => {
    const bytes = new TextEncoder().encode(body)
    const signature = await sign(bytes, secret, Math.floor(Date.now() / 1000))
    const post = { method: 'POST', body, headers: { 'Muster-Signature': signature } }
    const answer = await noted(route, async () => app.request(path, post, world.env))
    expect(answer.status).toBe(status)
  }
  await signed('post /hooks/sources/:id', `/hooks/sources/${source.id}`, hook.secret, '', 202)
  await signed('post /hooks/sms', '/hooks/sms', texts.secret, '{"from":"+16045550100","text":"STOP"}', 200)
  await world.drain()
  const { items: mails } = await world.api<Page<{ id: string }>>('GET', '/api/notifications')
  world.passTime(2 * 60_000)
  await call('post /api/notifications/:id/resend', `/api/notifications/${mails[0]?.id}/resend`)
  await call('post /api/notifications/test', '/api/notifications/test', {
    webhook: { kind: 'slack', url: 'https://hooks.slack.com/services/T0/B0/key' },
  })
  await call('delete /api/sources/:id', `/api/sources/${source.id}`)
  const upload = await world.source({ connection: { kind: 'upload' } })
  await noted('put /api/sources/:id/file', () => world.upload(upload, csvOf(crowd(3))))
  await world.drain()
  await noted('put /api/sources/:id/file/:name', () => world.upload(upload, csvOf(crowd(4)), { query: '/crew.csv' }))
  await world.drain()

  // The demo of a local Muster.
  const demo = { week: 1, weeks: [], url: null, made: [], sources: [], users: [] }
  world.env.DEMO = { fetch: async () => Response.json(demo) }
  await call('post /api/demo', '/api/demo', {})
  await call('delete /api/demo', '/api/demo')

  // People and systems.
  await call('patch /api/settings', '/api/settings', { defaultCountry: 'CA' })
  const token = await call<{ id: string }>('post /api/tokens', '/api/tokens', { name: 'A system' })
  await call('delete /api/tokens/:id', `/api/tokens/${token.id}`)
  const may = { email: 'may@example.org', name: 'May Field', role: 'manager' }
  const user = await call<UserView>('post /api/users', '/api/users', may)
  const linkIn = (text: unknown) => /#(\S+)/.exec(String(text))?.[1] ?? ''
  const { url } = await call<{ url: string }>('post /api/users/:id/invite', `/api/users/${user.id}/invite`)
  const browser = new Browser(world)
  await inBrowser(browser, 'post /api/invitations/accept', '/api/invitations/accept', {
    token: linkIn(url),
    name: 'May',
    password: PASSWORD,
  })
  const forgotten = { email: may.email }
  await inBrowser(browser, 'post /api/password-reset', '/api/password-reset', forgotten, 202)
  await inBrowser(browser, 'post /api/password-reset/confirm', '/api/password-reset/confirm', {
    token: linkIn(world.mails.at(-1)?.text),
    password: PASSWORD,
  })
  await inBrowser(browser, 'post /api/session', '/api/session', { email: may.email, password: PASSWORD })
  await inBrowser(browser, 'post /api/session/confirm', '/api/session/confirm', { password: PASSWORD }, 204)
  const factor = await inBrowser(browser, 'post /api/account/totp', '/api/account/totp')
  const secret = new URL(factor.uri).searchParams.get('secret') ?? ''
  const code = () => ({ code: totpCode(secret, stepNow()) })
  await inBrowser(browser, 'post /api/account/totp/confirm', '/api/account/totp/confirm', code())
  await inBrowser(browser, 'post /api/account/recovery-codes', '/api/account/recovery-codes')
  world.passTime(60_000)
  const other = new Browser(world)
  const { body } = await other.signIn()
  await inBrowser(other, 'post /api/session/second-factor', '/api/session/second-factor', {
    ticket: body.ticket,
    ...code(),
  })
  await inBrowser(browser, 'delete /api/account/sessions', '/api/account/sessions', undefined, 204)
  await inBrowser(browser, 'delete /api/account/totp', '/api/account/totp', undefined, 204)
  const changed = { current: PASSWORD, password: 'a-ladder-of-trouts' }
  await inBrowser(browser, 'put /api/session/password', '/api/session/password', changed)
  await inBrowser(browser, 'delete /api/session', '/api/session', undefined, 204)
  await call('patch /api/users/:id', `/api/users/${user.id}`, { role: 'viewer' })
  await call('delete /api/users/:id/sessions', `/api/users/${user.id}/sessions`)
  await browser.signIn('a-ladder-of-trouts')
  const again = await browser.send('POST', '/api/account/totp')
  const seed = new URL(again.body.uri).searchParams.get('secret') ?? ''
  world.passTime(60_000)
  const confirmed = { code: totpCode(seed, stepNow()) }
  expect((await browser.send('POST', '/api/account/totp/confirm', confirmed)).status).toBe(200)
  await call('delete /api/users/:id/factors', `/api/users/${user.id}/factors`)
  await call('delete /api/users/:id', `/api/users/${user.id}`)
  return seen
}

it('each call that changes or downloads something is recorded, with an action that its route names', async () => {
  const seen = await everyCall()
  const isDownload = (path: string) =>
    /(\.csv|\.xlsx|\/snapshot|\/export)$/.test(path) && !path.startsWith('/api/template')
  const recording = routes.filter(
    (route) => route.method !== 'get' || isDownload(route.path) || recordedBy(route).length > 0,
  )
  const named = new Map(recording.map((route) => [`${route.method} ${route.path}`, recordedBy(route)]))
  expect([...seen.keys()].sort()).toEqual([...named.keys()].sort())
  for (const [route, entries] of seen) {
    expect(entries.length, `${route} recorded nothing`).toBe(1)
    expect(named.get(route), route).toContain(entries[0]?.action)
  }
})
