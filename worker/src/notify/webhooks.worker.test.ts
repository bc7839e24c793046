import { env as bindings } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { RunView } from '../api/views/run.ts'
import type { NotificationView, SentMailView } from '../api/views/settings.ts'
import type { SourceView } from '../api/views/source.ts'
import { verifySignature } from '../security/signature.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

const SECRET = 'a secret between two programs'
const MUSTER = { kind: 'muster', url: 'https://hooks.example.org/in/k3y-of-muster', secret: SECRET }
const SLACK = { kind: 'slack', url: 'https://hooks.slack.com/services/T0/B0/k3y-of-slack' }
const TEAMS = { kind: 'teams', url: 'https://prod-1.example.azure.com/workflows/a/invoke?sig=k3y-of-teams' }

let world: World
/** The requests to webhooks with their bodies, and how the webhooks answer. */
let received: { request: Request; text: string }[]
let answer: (request: Request) => Response | Promise<Response>
let file: string

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  world = await World.start()
  received = []
  answer = () => new Response('ok')
  world.remote = async (request) => {
    if (request.method === 'GET') return new Response(file)
    received.push({ request, text: await request.clone().text() })
    return answer(request)
  }
})
afterEach(() => void vi.useRealTimers())

const sourceWith = (webhooks: object[]) => world.source({ notify: { emails: ['a@example.org'], webhooks } })

async function start(source: string): Promise<RunView> {
  const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
  await world.drain()
  return world.run(id)
}

/** Imports 20 people and then 10 of them, so that ten removals wait. */
async function held(webhooks: object[]): Promise<RunView> {
  const source = await sourceWith(webhooks)
  file = csvOf(crowd(20))
  await start(source)
  file = csvOf(crowd(10))
  return start(source)
}

/** Returns the notification that an import waits or failed. */
async function sent(): Promise<SentMailView> {
  const { items } = await world.api<Page<NotificationView>>('GET', '/api/notifications')
  const event = items.find(({ kind }) => kind === 'held' || kind === 'failed')
  return world.api('GET', `/api/notifications/${event?.id}`)
}

const states = async () => (await sent()).webhooks.map(({ kind, status, code }) => [kind, status, code])

describe('the event of an import that waits', () => {
  it('a program gets it signed, with counts and a link and without anybody’s name', async () => {
    const run = await held([MUSTER])
    expect(received).toHaveLength(1)
    const { request, text } = received[0] ?? { request: new Request('https://x.org'), text: '' }
    expect([request.method, request.url, request.redirect]).toEqual(['POST', MUSTER.url, 'manual'])
    const signed = request.headers.get('Muster-Signature')
    const now = Math.floor(Date.now() / 1000)
    expect(await verifySignature(signed, new TextEncoder().encode(text), SECRET, now)).toBe('valid')
    const { id } = await sent()
    expect(JSON.parse(text)).toEqual({
      id: `${id}.1000`,
      event: 'run.held',
      createdAt: expect.any(String),
      runId: run.id,
      sourceId: run.sourceId,
      sourceName: 'Staff',
      status: 'held',
      counts: run.counts,
      waiting: { added: 0, updated: 0, removed: 10 },
      reasons: ['removed'],
      failure: null,
      url: `https://muster.example.org/runs/${run.id}`,
    })
    expect(request.headers.get('Muster-Delivery')).toBe(`${id}.1000`)
    expect(world.mails.at(-1)?.subject).toBe('Staff: 10 removals wait')
  })

  it('Slack gets a message with a plain text for each part that is not the link', async () => {
    const run = await held([SLACK])
    const { request, text } = received[0] ?? { request: new Request('https://x.org'), text: '' }
    expect([request.url, request.headers.get('Muster-Signature')]).toEqual([SLACK.url, null])
    const body = JSON.parse(text)
    expect(body.text).toBe('Staff: 10 removals wait')
    expect(body.blocks.map((block: { text: { type: string } }) => block.text.type)).toEqual([
      'plain_text',
      'plain_text',
      'mrkdwn',
    ])
    expect(body.blocks[1].text.text).toContain('Changes that wait: 10')
    expect(body.blocks[2].text.text).toBe(`<https://muster.example.org/runs/${run.id}|Open the import>`)
  })

  it('Teams gets an Adaptive Card whose button opens the run', async () => {
    const run = await held([TEAMS])
    const { type, attachments } = JSON.parse(received[0]?.text ?? '')
    expect([type, attachments[0].contentType]).toEqual(['message', 'application/vnd.microsoft.card.adaptive'])
    const { content } = attachments[0]
    expect(content).toMatchObject({ type: 'AdaptiveCard', version: '1.2' })
    expect(content.body[0].inlines[0].text).toBe('Staff: 10 removals wait')
    expect(content.actions).toEqual([
      { type: 'Action.OpenUrl', title: 'Open the import', url: `https://muster.example.org/runs/${run.id}` },
    ])
  })

  it('names of people are in none of the bodies', async () => {
    await held([MUSTER, SLACK, TEAMS])
    expect(received).toHaveLength(3)
    for (const { text } of received) expect(text).not.toMatch(/Person|P0\d\d|@|\+1/)
  })
})

it('the event of a failed import has its failure, and an import that goes well sends no event', async () => {
  const source = await sourceWith([MUSTER, SLACK])
  file = csvOf(crowd(3))
  await start(source)
  expect(received).toEqual([])
  file = 'ID,Nothing\n1,2\n'
  const run = await start(source)
  const [first, second] = received.map(({ text }) => JSON.parse(text))
  expect(first).toMatchObject({ event: 'run.failed', failure: { ...run.failure }, waiting: null, status: 'failed' })
  expect(second.blocks[1].text.text).toContain(run.failure?.message)
})

describe('a webhook that refuses', () => {
  it('an event is tried again while the server has a fault, with the same ID, and the e-mail does not wait', async () => {
    answer = () => new Response('no', { status: 503 })
    await held([MUSTER])
    expect(await states()).toEqual([['muster', 'pending', 'http_503']])
    expect((await sent()).recipients).toMatchObject([{ status: 'sent' }])
    answer = () => new Response(null, { status: 204 })
    await world.tick(1)
    await world.drain()
    expect(await states()).toEqual([['muster', 'sent', null]])
    expect(new Set(received.map(({ text }) => JSON.parse(text).id)).size).toBe(1)
    expect(received).toHaveLength(2)
    expect(world.mails).toHaveLength(2)
  })

  it.each([
    [404, 'http_404'],
    [302, 'http_302'],
  ])('an event that is answered with %i is given up, and is sent again from the page', async (status, code) => {
    answer = () => new Response(null, { status, headers: { Location: 'https://elsewhere.example.org/' } })
    await held([SLACK])
    expect(await states()).toEqual([['slack', 'failed', code]])
    await world.tick(60)
    await world.drain()
    expect(received).toHaveLength(1)
    answer = () => new Response('ok')
    const { id, status: whole } = await sent()
    expect(whole).toBe('failed')
    await world.api('POST', `/api/notifications/${id}/resend`)
    await world.drain()
    expect(await states()).toEqual([['slack', 'sent', null]])
    // The e-mail had been sent, so it is not sent again.
    expect(world.mails).toHaveLength(2)
  })

  it('a server that asks for more time gets it', async () => {
    answer = () => new Response('busy', { status: 429, headers: { 'Retry-After': '1800' } })
    await held([SLACK])
    await world.tick(29)
    await world.drain()
    expect(received).toHaveLength(1)
    await world.tick(1)
    await world.drain()
    expect(received).toHaveLength(2)
  })

  it('an address that may not be called any more is refused before anything is sent', async () => {
    world.env.ALLOW_LOOPBACK = '1'
    answer = () => new Response('no', { status: 500 })
    await held([{ ...SLACK, url: 'http://localhost:9/x' }])
    world.env.ALLOW_LOOPBACK = ''
    await world.tick(1)
    await world.drain()
    expect(received).toHaveLength(1)
    expect(await states()).toEqual([['slack', 'failed', 'address_refused']])
  })

  it('a webhook that is taken away is not called any more', async () => {
    answer = () => new Response('no', { status: 500 })
    const { sourceId } = await held([SLACK])
    await world.api('PATCH', `/api/sources/${sourceId}`, { notify: { webhooks: [] } })
    await world.tick(1)
    await world.drain()
    expect(received).toHaveLength(1)
    expect(await states()).toEqual([['slack', 'failed', 'removed']])
  })
})

describe('the webhooks of a source', () => {
  const get = (id: string) => world.api<SourceView>('GET', `/api/sources/${id}`)
  const patch = (id: string, webhooks: object[]) =>
    world.request('PATCH', `/api/sources/${id}`, { notify: { webhooks } })

  it('their addresses and secrets never come out, and are kept when they are sent back as they read', async () => {
    const log = vi.spyOn(console, 'error')
    answer = () => new Response('k3y-of-slack', { status: 500, statusText: 'k3y-of-slack' })
    const id = (await held([MUSTER, SLACK, TEAMS])).sourceId
    const shown = (await get(id)).notify.webhooks
    expect(shown.map(({ kind, url, secret, hasSecret }) => [kind, url, secret, hasSecret])).toEqual([
      ['muster', 'https://hooks.example.org/…', null, true],
      ['slack', 'https://hooks.slack.com/…', null, false],
      ['teams', 'https://prod-1.example.azure.com/…', null, false],
    ])
    const [first, ...others] = shown
    expect((await patch(id, [...others, { ...first }])).status).toBe(200)
    expect((await get(id)).notify.webhooks).toEqual([...others, first])
    const everything = [JSON.stringify(await sent()), JSON.stringify(world.sent), log.mock.calls.join('\n')]
    for (const path of ['sources', `sources/${id}`, 'audit', 'settings', 'notifications']) {
      everything.push(await (await world.request('GET', `/api/${path}`)).text())
    }
    for (const table of ['source', 'setting', 'delivery', 'notification', 'audit']) {
      everything.push(JSON.stringify((await bindings.DB.prepare(`SELECT * FROM ${table}`).all()).results))
    }
    expect(everything.join('\n')).not.toMatch(/k3y-of|between two programs/)
    received = []
    answer = () => new Response('ok')
    await world.tick(1)
    await world.drain()
    expect(received.map(({ request }) => request.url).sort()).toEqual([MUSTER.url, SLACK.url, TEAMS.url].sort())
  })

  it.each([
    ['an address inside the network', { ...SLACK, url: 'https://169.254.169.254/latest' }, 'url'],
    ['a name inside the network', { ...SLACK, url: 'https://hooks.internal/x' }, 'url'],
    ['an address without a secure connection', { ...SLACK, url: 'http://hooks.example.org/x' }, 'url'],
    ['an address that only reads so', { ...SLACK, url: 'https://hooks.slack.com/…' }, 'url'],
    ['an event without a secret', { ...MUSTER, secret: null }, 'secret'],
    ['a short secret', { ...MUSTER, secret: 'short' }, 'secret'],
    ['a secret for a channel', { ...SLACK, secret: SECRET }, 'secret'],
  ])('%s is refused', async (_, webhook, member) => {
    const id = await sourceWith([])
    const response = await patch(id, [webhook])
    expect(response.status).toBe(400)
    const { errors } = await response.json<{ errors: { path: string }[] }>()
    expect(errors.map(({ path }) => path)).toEqual([`notify.webhooks.0.${member}`])
    expect((await get(id)).notify.webhooks).toEqual([])
  })

  it('the secret of a webhook is kept for another path of its host, and asked for again for another host', async () => {
    const id = await sourceWith([MUSTER])
    const [shown] = (await get(id)).notify.webhooks
    expect((await patch(id, [{ ...shown, url: 'https://hooks.example.org/other' }])).status).toBe(200)
    const [changed] = (await get(id)).notify.webhooks
    expect([changed?.hasSecret, changed?.id === shown?.id]).toEqual([true, false])
    expect((await patch(id, [{ ...changed, url: 'https://elsewhere.example.org/in' }])).status).toBe(400)
  })

  it('nothing of a webhook is left once it, or its source, is deleted', async () => {
    const stored = async () =>
      (await bindings.DB.prepare("SELECT count(*) AS n FROM setting WHERE name GLOB 'sealed:webhook*'").first('n')) ?? 0
    const id = await sourceWith([MUSTER, SLACK])
    expect(await stored()).toBe(2)
    await patch(id, (await get(id)).notify.webhooks.slice(0, 1))
    expect(await stored()).toBe(1)
    await world.api('DELETE', `/api/sources/${id}`)
    expect(await stored()).toBe(0)
  })
})

describe('a test of a webhook', () => {
  const test = (body: object) =>
    world.api<{ ok: boolean; code: string | null; detail: string | null }>('POST', '/api/notifications/test', body)

  it('a test goes to an address before it is saved, says that it is a test, and is signed for a program', async () => {
    for (const webhook of [SLACK, TEAMS, MUSTER])
      expect(await test({ webhook })).toEqual({ ok: true, code: null, detail: null })
    expect(received.map(({ request }) => request.url)).toEqual([SLACK.url, TEAMS.url, MUSTER.url])
    const [slack, teams, event] = received.map(({ text }) => JSON.parse(text))
    expect(slack.blocks[2].text.text).toBe('<https://muster.example.org|Open Muster>')
    expect(slack.text).toBe('A test from Muster')
    expect(teams.attachments[0].content.body[0].inlines[0].text).toBe('A test from Muster')
    const { headers } = received[2]?.request ?? new Request('https://x.org')
    expect(event).toEqual({
      id: headers.get('Muster-Delivery'),
      event: 'test',
      createdAt: expect.any(String),
      url: 'https://muster.example.org',
    })
    const bytes = new TextEncoder().encode(received[2]?.text)
    const verdict = await verifySignature(headers.get('Muster-Signature'), bytes, SECRET, Math.floor(Date.now() / 1000))
    expect(verdict).toBe('valid')
  })

  it('a saved address and secret, which are not shown, are tested by the ID of the webhook', async () => {
    const id = await sourceWith([MUSTER])
    const { notify } = await world.api<SourceView>('GET', `/api/sources/${id}`)
    const [webhook] = notify.webhooks
    expect((await test({ sourceId: id, webhook })).ok).toBe(true)
    expect(received[0]?.request.url).toBe(MUSTER.url)
    expect((await world.request('POST', '/api/notifications/test', { webhook })).status).toBe(400)
    const elsewhere = { ...webhook, url: 'https://elsewhere.example.org/in' }
    expect((await world.request('POST', '/api/notifications/test', { sourceId: id, webhook: elsewhere })).status).toBe(
      400,
    )
    expect(received).toHaveLength(1)
  })

  it('a test that is not taken says why, without the address', async () => {
    const log = vi.spyOn(console, 'error')
    answer = () => new Response('k3y-of-slack', { status: 404 })
    const refused = await test({ webhook: SLACK })
    expect(refused).toMatchObject({ ok: false, code: 'http_404' })
    expect(refused.detail).toContain('hooks.slack.com answered 404: there is no webhook at this address')
    answer = () => {
      throw new Error('k3y-of-slack')
    }
    const unreached = await test({ webhook: SLACK })
    expect(unreached).toMatchObject({ ok: false, code: 'unreachable' })
    const audit = await (await world.request('GET', '/api/audit?action=channel_tested')).text()
    expect(audit).toContain('slack hooks.slack.com: http_404')
    expect([JSON.stringify([refused, unreached]), log.mock.calls.join(), audit].join()).not.toContain('k3y-of')
  })
})
