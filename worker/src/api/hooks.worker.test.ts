import { beforeEach, describe, expect, it } from 'vitest'
import worker from '../index.ts'
import { sign } from '../security/signature.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { RunView } from './views/run.ts'
import type { WebhookView } from './views/source.ts'

let world: World
let source: string
let secret: string

beforeEach(async () => {
  world = await World.start()
  source = await world.source()
  ;({ secret } = await world.api<{ secret: string }>('POST', `/api/sources/${source}/webhook`))
})

const hook = () => world.api<WebhookView>('GET', `/api/sources/${source}/webhook`)
const test = () => world.api<{ code: string | null }>('POST', `/api/sources/${source}/webhook/test`)
const runs = async () => (await world.api<Page<RunView>>('GET', '/api/runs')).items

/** Calls the webhook as its sender does. */
async function call(
  body: string,
  signedWith = secret,
  time = Math.floor(Date.now() / 1000),
): Promise<{ status: number; runId?: string }> {
  const headers = { 'Muster-Signature': await sign(new TextEncoder().encode(body), signedWith, time) }
  const request = new Request(`https://muster.example.org/hooks/sources/${source}`, { method: 'POST', headers, body })
  const response = await worker.fetch(request, world.env)
  return { status: response.status, ...(await response.json<{ runId?: string }>()) }
}

describe('the webhook of a source', () => {
  it('a webhook without a secret says so, and cannot be tested', async () => {
    const other = await world.source()
    const url = `${world.env.PUBLIC_URL}/hooks/sources/${other}`
    expect(await world.api('GET', `/api/sources/${other}/webhook`)).toEqual({ url, hasSecret: false, calls: [] })
    expect((await world.request('POST', `/api/sources/${other}/webhook/test`)).status).toBe(404)
    expect((await world.request('GET', '/api/sources/nothing/webhook')).status).toBe(404)
  })

  it('a webhook lists its calls with what they were answered, newest first, and never its secret', async () => {
    const now = Math.floor(Date.now() / 1000)
    const { runId } = await call('one', secret, now)
    await call('one', 'another secret', now)
    await call('one', secret, now)
    const answer = await hook()
    expect(answer.hasSecret).toBe(true)
    expect(answer.calls).toMatchObject([
      { status: 409, code: 'replayed', runId: null, test: false, times: 1 },
      { status: 401, code: 'bad_signature', runId: null, test: false, times: 1 },
      { status: 202, code: null, runId, test: false, times: 1 },
    ])
    expect(JSON.stringify(answer)).not.toContain(secret)
  })

  it('a webhook keeps ten calls, and a stranger who repeats a wrong signature does not push them out', async () => {
    for (let i = 0; i < 12; i++) await call(`call ${i}`)
    for (let i = 0; i < 30; i++) await call(`call ${i}`, 'another secret')
    const { calls } = await hook()
    expect(calls).toHaveLength(10)
    expect(calls[0]).toMatchObject({ code: 'bad_signature', times: 30 })
    expect(calls.slice(1).every(({ status, times }) => status === 202 && times === 1)).toBe(true)
  })

  it('a test of a webhook is answered like a call and starts no run', async () => {
    expect(await test()).toEqual({ ok: true, status: 202, code: null, detail: null })
    expect(await runs()).toEqual([])
    expect((await hook()).calls).toMatchObject([{ status: 202, code: null, runId: null, test: true, times: 1 }])
  })

  it('a test of a webhook answers the refusal that a call would get', async () => {
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    expect(await test()).toMatchObject({ ok: false, status: 409, code: 'source_disabled' })
    expect(await test()).toMatchObject({ code: 'source_disabled' })
    expect((await hook()).calls).toMatchObject([{ code: 'source_disabled', test: true, times: 2 }])
  })

  it('a deleted source leaves no calls of its webhook', async () => {
    await call('one')
    for (const { id } of await runs()) await world.api('POST', `/api/runs/${id}/cancel`)
    await world.api('DELETE', `/api/sources/${source}`)
    const row = await world.env.DB.prepare('SELECT count(*) AS calls FROM hook_call').first()
    expect(row).toEqual({ calls: 0 })
  })
})
