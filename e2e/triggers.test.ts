import { createHmac, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeSource } from './directory.ts'
import { snippets } from './documentation.ts'
import { type FileServer, startFileServer } from './file-server.ts'
import { type Answer, type Muster, startMuster } from './muster.ts'
import { PATIENCE } from './patience.ts'
import { people, toFile } from './roster.ts'

const file = toFile('csv', people(5))

let files: FileServer
let muster: Muster
beforeAll(async () => {
  files = await startFileServer()
  muster = await startMuster()
})
afterAll(async () => {
  await muster?.stop()
  await files?.stop()
})

interface Webhook {
  source: string
  url: string
  secret: string
  /** The path of the source's file on the server. */
  path: string
}

/** Makes a source with a webhook. */
async function makeWebhook(settings: object = {}): Promise<Webhook> {
  const path = `/${randomUUID()}.csv`
  files.serve(path, { body: file })
  const source = await makeSource(muster, { url: `${files.url}${path}` }, settings)
  const { status, body } = await muster.api('POST', `/api/sources/${source}/webhook`)
  expect(status).toBe(200)
  expect(body).toEqual({ url: `${muster.url}/hooks/sources/${source}`, secret: expect.stringMatching(/^\S{32,}$/) })
  return { source, path, ...body }
}

function signed(secret: string, body: string, time = Math.floor(Date.now() / 1000)): string {
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`
}

async function call(url: string, signature: string | null, body: string): Promise<Answer> {
  const headers = signature === null ? {} : { 'Muster-Signature': signature }
  const response = await fetch(url, { method: 'POST', headers, body })
  return { status: response.status, body: await response.json() }
}

/** Calls the webhook with a valid signature, and returns the ID of the run. */
async function trigger({ url, secret }: Webhook): Promise<string> {
  const body = randomUUID()
  const answer = await call(url, signed(secret, body), body)
  expect(answer).toEqual({ status: 202, body: { runId: expect.any(String) } })
  return answer.body.runId
}

function ended(id: string) {
  return vi.waitUntil(
    async () => {
      const { body } = await muster.api('GET', `/api/runs/${id}`)
      return body.finishedAt === null ? null : body
    },
    { timeout: PATIENCE, interval: 50 },
  )
}

async function runsOf(source: string): Promise<Answer['body'][]> {
  return (await muster.api('GET', `/api/runs?source=${source}`)).body.items
}

describe('A webhook', () => {
  it('a signed webhook request imports the source', async () => {
    const hook = await makeWebhook()
    expect(await ended(await trigger(hook))).toMatchObject({
      sourceId: hook.source,
      trigger: 'webhook',
      mode: 'apply',
      status: 'succeeded',
      counts: { added: 5 },
    })
    expect(await ended(await trigger(hook))).toMatchObject({ status: 'unchanged' })
  })

  it('a webhook request is refused if it is unsigned, signed with another secret, signed for another body, too old or from the future', async () => {
    const hook = await makeWebhook()
    const now = Math.floor(Date.now() / 1000)
    const bad = { status: 401, body: { code: 'bad_signature' } }
    const expired = { status: 401, body: { code: 'signature_expired' } }
    expect(await call(hook.url, null, 'a')).toMatchObject(bad)
    expect(await call(hook.url, 'something else', 'a')).toMatchObject(bad)
    expect(await call(hook.url, signed('another secret', 'a'), 'a')).toMatchObject(bad)
    expect(await call(hook.url, signed(hook.secret, 'a'), 'b')).toMatchObject(bad)
    expect(await call(hook.url, signed(hook.secret, 'a', now).replace(/\d+/, String(now + 1)), 'a')).toMatchObject(bad)
    expect(await call(hook.url, signed(hook.secret, 'a', now - 310), 'a')).toMatchObject(expired)
    expect(await call(hook.url, signed(hook.secret, 'a', now + 310), 'a')).toMatchObject(expired)
    // An answer must not reveal which sources exist, and the secret of one webhook must not start another source.
    expect(await call(`${muster.url}/hooks/sources/none`, signed(hook.secret, 'a'), 'a')).toMatchObject(bad)
    const other = await makeWebhook()
    expect(await call(other.url, signed(hook.secret, 'a'), 'a')).toMatchObject(bad)
    expect([...(await runsOf(hook.source)), ...(await runsOf(other.source))]).toEqual([])
  })

  it('a webhook request that is sent again starts no second run', async () => {
    const hook = await makeWebhook()
    const signature = signed(hook.secret, 'once')
    const answers = await Promise.all([1, 2, 3].map(() => call(hook.url, signature, 'once')))
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409])
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'replayed' })
    const [time, digest = ''] = signature.split(',v1=')
    for (const spelling of [`${time}, v1=${digest}`, `${time},v1=${digest.toUpperCase()}`]) {
      expect(await call(hook.url, spelling, 'once')).toMatchObject({ status: 409, body: { code: 'replayed' } })
    }
    expect(await runsOf(hook.source)).toHaveLength(1)
  })

  it('a webhook has one secret at a time, and a disabled source refuses the request', async () => {
    const hook = await makeWebhook()
    const { body } = await muster.api('POST', `/api/sources/${hook.source}/webhook`)
    expect(await call(hook.url, signed(hook.secret, 'a'), 'a')).toMatchObject({ status: 401 })
    await ended(await trigger({ ...hook, secret: body.secret }))
    await muster.api('PATCH', `/api/sources/${hook.source}`, { enabled: false })
    expect(await call(hook.url, signed(body.secret, 'b'), 'b')).toMatchObject({
      status: 409,
      body: { code: 'source_disabled' },
    })
  })

  it('webhook requests during a run share one follow-up run, which starts when the first run ends', async () => {
    const hook = await makeWebhook()
    const gate = Promise.withResolvers<void>()
    files.serve(hook.path, { body: file, after: gate.promise })
    const first = await trigger(hook)
    await expect.poll(() => files.asked(hook.path)).toBe(1)
    const [second, ...others] = await Promise.all([1, 2, 3, 4, 5].map(() => trigger(hook)))
    expect(new Set(others)).toEqual(new Set([second]))
    expect(second).not.toBe(first)
    expect((await muster.api('GET', `/api/runs/${second}`)).body).toMatchObject({ status: 'queued', startedAt: null })

    gate.resolve()
    expect(await ended(first)).toMatchObject({ status: 'succeeded' })
    expect(await ended(second ?? '')).toMatchObject({ status: 'unchanged', trigger: 'webhook' })
    expect(await runsOf(hook.source)).toHaveLength(2)
    expect(files.asked(hook.path)).toBe(2)
  })
})

describe('An API token', () => {
  async function withToken(scopes: string[]) {
    const { body } = await muster.api('POST', '/api/tokens', { name: 'Exporter', scopes })
    return async (source: string, key: string | null, request: object = {}): Promise<Answer> => {
      const response = await fetch(`${muster.url}/api/sources/${source}/runs`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${body.token}`,
          'content-type': 'application/json',
          ...(key === null ? {} : { 'idempotency-key': key }),
        },
        body: JSON.stringify(request),
      })
      return { status: response.status, body: await response.json() }
    }
  }

  it('an API token starts a run, and the same Idempotency-Key starts no second one', async () => {
    const { source } = await makeWebhook()
    const start = await withToken(['manager'])
    const answers = await Promise.all([start(source, 'monday'), start(source, 'monday')])
    const [one, other] = answers
    expect(one).toEqual({ status: 202, body: { id: expect.any(String) } })
    expect(other).toEqual(one)
    expect(await ended(one?.body.id)).toMatchObject({ trigger: 'api', mode: 'apply', status: 'succeeded' })
    expect(await start(source, 'monday')).toEqual(one)
    const next = await start(source, 'tuesday')
    expect(next.body.id).not.toBe(one?.body.id)
    await ended(next.body.id)
    expect(await runsOf(source)).toHaveLength(2)
  })

  it('an event that is sent as the body starts no run, and the answer names its members', async () => {
    const { source } = await makeWebhook()
    const start = await withToken(['manager'])
    // Without a constant input, EventBridge sends its own event as the body (docs/triggers.md).
    const event = { version: '0', 'detail-type': 'Object Created', detail: { object: { key: 'contacts.csv' } } }
    const { status, body } = await start(source, 'monday', event)
    expect([status, body.errors.map(({ path }: { path: string }) => path)]).toEqual([400, Object.keys(event)])
    expect(await runsOf(source)).toEqual([])
    // The key is still free for the right body.
    expect((await start(source, 'monday', { mode: 'preview' })).status).toBe(202)
  })

  it('a caller whose run is refused gets the ID of the active run', async () => {
    const { source, path } = await makeWebhook()
    const start = await withToken(['manager'])
    const gate = Promise.withResolvers<void>()
    files.serve(path, { body: file, after: gate.promise })
    const { body } = await start(source, null)
    expect(await start(source, null)).toMatchObject({ status: 409, body: { code: 'run_active', id: body.id } })
    gate.resolve()
    await ended(body.id)
  })

  it('an API token that may only read starts no run', async () => {
    const { source } = await makeWebhook()
    expect(await (await withToken(['viewer']))(source, null)).toMatchObject({ status: 403 })
    expect(await runsOf(source)).toEqual([])
  })
})

describe('What docs/triggers.md prints', () => {
  it.each(['cron job', 'bucket', 'GitHub Action'] as const)('the %s snippet imports the source', async (place) => {
    const hook = await makeWebhook()
    const run = snippets[place]({ MUSTER_HOOK: hook.url, MUSTER_SECRET: hook.secret })
    const { runId } = JSON.parse(await run)
    expect(await ended(runId)).toMatchObject({ sourceId: hook.source, trigger: 'webhook', status: 'succeeded' })
  })
})
