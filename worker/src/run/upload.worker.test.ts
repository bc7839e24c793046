import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { ContactView } from '../api/views/contact.ts'
import type { RunView } from '../api/views/run.ts'
import type { SourceView, TestView } from '../api/views/source.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const UPLOAD = { kind: 'upload' }
/** People who are in every file, since a plan that removes all contacts waits. */
const OTHERS = crowd(3)
const FIRST = csvOf([...OTHERS, { ID: 'ana' }, { ID: 'ben' }])
const SECOND = csvOf([...OTHERS, { ID: 'ana' }, { ID: 'cleo' }])
const THIRD = csvOf([...OTHERS, { ID: 'dora' }])

/** Returns the IDs of the contacts in the directory that are not in every file. */
async function people(world: World): Promise<string[]> {
  const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?limit=100')
  return items.map(({ id }) => id).filter((id) => !OTHERS.some((other) => other.ID === id))
}

async function objects(prefix = ''): Promise<string[]> {
  return (await env.FILES.list({ prefix })).objects.map(({ key }) => key)
}

async function begin(settings: Record<string, unknown> = {}) {
  const world = await World.start()
  const source = await world.source({ connection: UPLOAD, ...settings })
  return { world, source }
}

/** Uploads a file, and returns the ID of its run. */
async function upload(world: World, source: string, file: BodyInit, options: Parameters<World['upload']>[2] = {}) {
  const response = await world.upload(source, file, options)
  const body = await response.json<{ runId: string }>()
  expect([response.status, body]).toEqual([202, { runId: expect.any(String) }])
  return body.runId
}

async function uploaded(world: World, source: string, file: BodyInit, options: Parameters<World['upload']>[2] = {}) {
  const id = await upload(world, source, file, options)
  await world.drain()
  return world.run(id)
}

async function code(response: Response): Promise<[number, string]> {
  return [response.status, (await response.json<{ code: string }>()).code]
}

function start(world: World, source: string, body: object = {}): Promise<Response> {
  return world.request('POST', `/api/sources/${source}/runs`, body)
}

describe('an uploaded file', () => {
  it('an uploaded file is imported like a fetched one, with snapshot, limits and undo, and leaves no second copy', async () => {
    const { world, source } = await begin()
    const run = await uploaded(world, source, FIRST, { query: '?name=staff.csv' })
    expect(run).toMatchObject({
      status: 'succeeded',
      trigger: 'api',
      requestedBy: 'A system (token)',
      file: { name: 'staff.csv', bytes: FIRST.length },
      counts: { added: 5 },
    })
    const snapshot = await world.request('GET', `/api/runs/${run.id}/snapshot`)
    expect(await snapshot.text()).toBe(FIRST)
    expect(await objects('uploads/')).toEqual([])
    await uploaded(world, source, csvOf([...crowd(20), { ID: 'ana' }]))
    const held = await uploaded(world, source, csvOf(crowd(3)), { as: 'person' })
    expect(held).toMatchObject({ status: 'held', trigger: 'manual', waiting: { removed: 18 } })
    await world.api('POST', `/api/runs/${held.id}/approve`, { planHash: held.plan?.hash })
    await world.drain()
    await world.api('POST', `/api/runs/${held.id}/undo`)
    await world.drain()
    expect(await people(world)).toHaveLength(18)
    expect(world.requests).toEqual([])
  })

  it('the same bytes end as unchanged, and keep the file as the last one', async () => {
    const { world, source } = await begin()
    await uploaded(world, source, FIRST)
    const again = await uploaded(world, source, FIRST, { query: '?name=again.csv' })
    expect(again).toMatchObject({ status: 'unchanged', file: { name: 'again.csv' }, counts: { unchanged: 5 } })
    expect(await objects('uploads/')).toEqual([])
    await world.api('PATCH', `/api/sources/${source}`, { removal: 'keep' })
    const { id } = await (await start(world, source)).json<{ id: string }>()
    await world.drain()
    expect(await world.run(id)).toMatchObject({ status: 'succeeded', file: { name: 'again.csv' } })
  })

  it.each([
    [{ query: '?name=a%2Fb%5Cc.csv' }, 'c.csv'],
    [{ query: '?name=staff.csv', headers: { 'Content-Disposition': 'attachment; filename="other.csv"' } }, 'staff.csv'],
    [{ headers: { 'Content-Disposition': `attachment; filename*=UTF-8''%C3%A9t%C3%A9.csv` } }, 'été.csv'],
    [{ query: '/week%2048.csv' }, 'week 48.csv'],
    [{}, 'file'],
  ])('a file that is uploaded with %j is called %s', async (options, name) => {
    const { world, source } = await begin()
    expect((await uploaded(world, source, FIRST, options)).file?.name).toBe(name)
  })

  it('a body of unknown length, of any type but a form, is streamed', async () => {
    const { world, source } = await begin()
    const chunks = [FIRST.slice(0, 40), FIRST.slice(40)].map((text) => new TextEncoder().encode(text))
    const body = new ReadableStream({
      pull(controller) {
        const chunk = chunks.shift()
        if (chunk === undefined) controller.close()
        else controller.enqueue(chunk)
      },
    })
    const run = await uploaded(world, source, body, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    })
    expect(run).toMatchObject({ status: 'succeeded', counts: { added: 5 } })
    const form = await world.upload(source, FIRST, { headers: { 'Content-Type': 'Multipart/Form-Data; boundary=x' } })
    expect(await code(form)).toEqual([415, 'unsupported_media_type'])
  })

  it('a body that ends before its announced length starts no run and leaves nothing', async () => {
    const { world, source } = await begin()
    const part = 'x'.repeat(7 * 1024 * 1024)
    const headers = { 'Content-Length': String(part.length + 1) }
    expect(await code(await world.upload(source, part, { headers }))).toEqual([400, 'truncated'])
    expect(await objects()).toEqual([])
    expect((await world.api<Page<RunView>>('GET', '/api/runs')).items).toEqual([])
  })

  it('a sender that breaks off starts no run and leaves nothing', async () => {
    const { world, source } = await begin()
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        if (++sent > 70) controller.error(new Error('The connection was lost'))
        else controller.enqueue(new Uint8Array(100 * 1024))
      },
    })
    expect(await code(await world.upload(source, body))).toEqual([400, 'truncated'])
    expect(await objects()).toEqual([])
    expect((await world.api<Page<RunView>>('GET', '/api/runs')).items).toEqual([])
  })

  it('a body that is announced as too large is refused before it is read', async () => {
    const { world, source } = await begin()
    const headers = { 'Content-Length': String(513 * 1024 * 1024) }
    expect(await code(await world.upload(source, FIRST, { headers }))).toEqual([413, 'too_large'])
    expect(await objects()).toEqual([])
  })

  it('an empty file fails like an empty file that was fetched, and its recipients learn of it', async () => {
    const { world, source } = await begin({ notify: { emails: ['a@example.org'] } })
    await uploaded(world, source, FIRST)
    const before = world.mails.length
    expect(await uploaded(world, source, '')).toMatchObject({ status: 'failed', failure: { code: 'empty' } })
    expect(world.mails.length).toBe(before + 1)
    expect(await people(world)).toEqual(['ana', 'ben'])
  })

  it('a source of another kind, an unknown one and a disabled one take no file; a disabled one takes it for a preview', async () => {
    const { world, source } = await begin({ enabled: false })
    const fetched = await world.source()
    expect(await code(await world.upload(fetched, FIRST))).toEqual([409, 'wrong_kind'])
    expect(await code(await world.upload('nowhere', FIRST))).toEqual([404, 'not_found'])
    expect(await code(await world.upload(source, FIRST))).toEqual([409, 'source_disabled'])
    expect(await code(await world.upload(source, FIRST, { query: '?mode=import' }))).toEqual([400, 'invalid'])
    expect(await code(await world.upload(source, FIRST, { query: '?dryRun=1' }))).toEqual([400, 'invalid'])
    expect(await code(await world.upload(source, FIRST, { as: { token: 'muster_no' } }))).toEqual([401, 'unauthorized'])
    expect(await objects()).toEqual([])
    const preview = await uploaded(world, source, FIRST, { query: '?mode=preview' })
    expect(preview).toMatchObject({ status: 'previewed', mode: 'preview', counts: { added: 5 } })
    expect(await people(world)).toEqual([])
  })

  it('a source that fetches its file takes another one for a preview, and knows nothing of it afterwards', async () => {
    const { world } = await begin()
    const fetched = await world.source()
    await world.import(fetched, FIRST)
    const preview = await uploaded(world, fetched, csvOf([{ ID: 'new' }]), { query: '?mode=preview' })
    expect(preview).toMatchObject({ status: 'previewed', counts: { added: 1, removed: 5 } })
    expect(await world.import(fetched, FIRST)).toMatchObject({ status: 'unchanged' })
  })

  it('an Idempotency-Key gives the same run, however often its file is sent', async () => {
    const { world, source } = await begin()
    const headers = { 'Idempotency-Key': 'night 1' }
    const id = await upload(world, source, FIRST, { headers })
    expect(await upload(world, source, FIRST, { headers })).toBe(id)
    expect(await code(await world.upload(source, FIRST, { headers, query: '?mode=preview' }))).toEqual([
      422,
      'idempotency_key_reused',
    ])
    await world.drain()
    expect(await upload(world, source, FIRST, { headers })).toBe(id)
    expect((await world.api<Page<RunView>>('GET', '/api/runs')).items).toHaveLength(1)
    expect(await objects('uploads/')).toEqual([])
  })
})

describe('a file that is uploaded during a run', () => {
  it('only the newest file waits, each call gets the ID of its run, and the file it replaces is deleted', async () => {
    const { world, source } = await begin({ limits: NO_LIMITS })
    const first = await upload(world, source, FIRST)
    const headers = { 'Idempotency-Key': 'second' }
    const second = await upload(world, source, SECOND, { headers })
    expect(await upload(world, source, SECOND, { headers })).toBe(second)
    const third = await upload(world, source, THIRD, { headers: { 'Idempotency-Key': 'third' }, query: '?name=3.csv' })
    expect(third).toBe(second)
    expect(third).not.toBe(first)
    expect(await upload(world, source, THIRD, { headers: { 'Idempotency-Key': 'third' } })).toBe(third)
    expect(await objects('uploads/')).toHaveLength(2)
    await world.drain()
    expect(await world.run(first)).toMatchObject({ status: 'succeeded', counts: { added: 5 } })
    expect(await world.run(third)).toMatchObject({ status: 'succeeded', file: { name: '3.csv' } })
    expect(await people(world)).toEqual(['dora'])
    expect(await objects('uploads/')).toEqual([])
  })

  it('of files that arrive at the same time one is imported first and one waits, and the others are deleted', async () => {
    const { world, source } = await begin()
    const versions = Array.from({ length: 6 }, (_, i) => csvOf([...OTHERS, { ID: 'ana', Title: `Version ${i}` }]))
    const ids = await Promise.all(versions.map((file) => upload(world, source, file)))
    expect(new Set(ids).size).toBe(2)
    expect(await objects('uploads/')).toHaveLength(2)
    await world.drain()
    for (const id of ids) expect(await world.run(id)).toMatchObject({ status: 'succeeded' })
    expect(await objects('uploads/')).toEqual([])
  })

  it.each(['first', 'follow-up'])(
    'files that arrive at the same time with the same key are one: of a %s run',
    async (which) => {
      const { world, source } = await begin()
      if (which === 'follow-up') await upload(world, source, FIRST)
      const before = await objects('uploads/')
      const headers = { 'Idempotency-Key': 'once' }
      const ids = await Promise.all([1, 2, 3].map(() => upload(world, source, SECOND, { headers })))
      expect(new Set(ids).size).toBe(1)
      expect(await objects('uploads/')).toHaveLength(before.length + 1)
      await world.drain()
      expect(await world.run(ids[0] ?? '')).toMatchObject({ status: 'succeeded' })
    },
  )

  it('a preview does not wait: it is refused while a run is active', async () => {
    const { world, source } = await begin()
    const active = await upload(world, source, FIRST)
    const refused = await world.upload(source, SECOND, { query: '?mode=preview' })
    expect(await refused.json()).toMatchObject({ status: 409, code: 'run_active', id: active })
    expect(await objects('uploads/')).toHaveLength(1)
  })

  it('the file of a cancelled run is deleted', async () => {
    const { world, source } = await begin()
    const first = await upload(world, source, FIRST)
    const second = await upload(world, source, SECOND)
    await world.api('POST', `/api/runs/${second}/cancel`)
    expect(await objects('uploads/')).toHaveLength(1)
    await world.api('POST', `/api/runs/${first}/cancel`)
    expect(await objects('uploads/')).toEqual([])
  })

  it('the file of a source that is disabled before the run begins is deleted with the run', async () => {
    const { world, source } = await begin()
    const id = await upload(world, source, FIRST)
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    await world.drain()
    expect(await world.run(id)).toMatchObject({ status: 'cancelled' })
    expect(await objects()).toEqual([])
  })

  it('an upload survives a crash at any call of its run, and delivery twice', async () => {
    const { world, source } = await begin({ limits: NO_LIMITS })
    for (let call = 1, died = true; died; call++) {
      const id = await upload(world, source, csvOf([...OTHERS, { ID: 'ana', Title: `Version ${call}` }]))
      const [message] = world.messages.splice(0)
      if (message === undefined) throw new Error('Nothing was sent')
      world.faults.crashAt(call, call % 2 === 0 ? 'before' : 'after')
      await world.deliver(message.step)
      died = world.faults.dead
      world.faults.restart()
      await world.deliver(message.step)
      world.passTime(5 * 60_000)
      await world.tick(0)
      await world.drain(2)
      expect([call, (await world.run(id)).status]).toEqual([call, 'succeeded'])
      expect(call).toBeLessThan(60)
    }
    expect(await people(world)).toEqual(['ana'])
  })
})

describe('the last file of a source', () => {
  it('a run that nobody uploads a file for plans the last file again', async () => {
    const { world, source } = await begin()
    expect(await code(await start(world, source))).toEqual([409, 'no_file'])
    await uploaded(world, source, FIRST, { query: '?name=staff.csv' })
    await world.api('PATCH', `/api/sources/${source}`, { smsStatus: { optedOut: 'No' } })
    const { id } = await (await start(world, source)).json<{ id: string }>()
    await world.drain()
    expect(await world.run(id)).toMatchObject({
      status: 'succeeded',
      file: { name: 'staff.csv' },
      counts: { unchanged: 5 },
    })
    const preview = await (await start(world, source, { mode: 'preview' })).json<{ id: string }>()
    await world.drain()
    expect(await world.run(preview.id)).toMatchObject({ status: 'previewed', file: { name: 'staff.csv' } })
  })

  it('a previewed file can be imported without being sent again', async () => {
    const { world, source } = await begin()
    await uploaded(world, source, FIRST, { query: '?mode=preview' })
    const { id } = await (await start(world, source)).json<{ id: string }>()
    await world.drain()
    expect(await world.run(id)).toMatchObject({ status: 'succeeded', counts: { added: 5 } })
  })

  it('a file of the time before the source was uploaded is not its last file', async () => {
    const world = await World.start()
    const source = await world.source()
    await world.import(source, FIRST)
    await world.api('PATCH', `/api/sources/${source}`, { connection: UPLOAD })
    expect(await code(await start(world, source))).toEqual([409, 'no_file'])
  })

  it('retention deletes the last file with its run, and says so', async () => {
    const { world, source } = await begin()
    await uploaded(world, source, FIRST)
    await world.tick(29 * 24 * 60)
    await world.drain()
    expect((await start(world, source, { mode: 'preview' })).status).toBe(202)
    await world.drain()
    await world.tick(40 * 24 * 60)
    await world.drain()
    const refused = await start(world, source)
    expect(await refused.json()).toMatchObject({
      code: 'no_file',
      detail: expect.stringContaining('its time to be kept'),
    })
    expect(await objects()).toEqual([expect.stringMatching(/fingerprints$/)])
  })

  it('the same bytes, sent again after retention has deleted them, are the last file again', async () => {
    const { world, source } = await begin()
    await uploaded(world, source, FIRST)
    world.passTime(40 * 24 * 60 * 60_000)
    await world.tick(0)
    await world.drain()
    expect(await uploaded(world, source, FIRST)).toMatchObject({ status: 'unchanged', file: { name: 'file' } })
    await world.tick(7 * 60)
    await world.drain()
    const { id } = await (await start(world, source, { mode: 'preview' })).json<{ id: string }>()
    await world.drain()
    expect(await world.run(id)).toMatchObject({ status: 'previewed', counts: { unchanged: 5 } })
  })

  it('retention deletes uploads that no run needs, and none that waits', async () => {
    const { world, source } = await begin()
    await upload(world, source, FIRST)
    const waiting = await upload(world, source, SECOND)
    const named = await objects('uploads/')
    await env.FILES.put(`uploads/${source}/left.0`, 'left behind')
    world.messages = []
    await world.tick(24 * 60)
    await world.deliver({ step: 'retain', now: world.now })
    expect(await objects('uploads/')).toEqual(named)
    await world.drain()
    expect(await world.run(waiting)).toMatchObject({ status: 'succeeded' })
  })

  it('a test of the source shows the columns of its last file', async () => {
    const { world, source } = await begin()
    const before = await world.api<TestView>('POST', `/api/sources/${source}/test`, {})
    expect(before).toMatchObject({ ok: false, code: 'not_found' })
    await uploaded(world, source, FIRST)
    const after = await world.api<TestView>('POST', `/api/sources/${source}/test`, {})
    expect(after).toMatchObject({ ok: true, file: { name: 'file' } })
    expect(after.columns[0]).toMatchObject({ name: 'ID', samples: ['P001', 'P002', 'P003', 'ana', 'ben'] })
  })
})

describe('an erasure', () => {
  async function erase(world: World, id: string): Promise<void> {
    const { items } = await world.api<Page<ContactView>>('GET', `/api/contacts?search=${id}`)
    await world.api('POST', `/api/contacts/${items[0]?.key}/erase`, { reason: 'Asked by letter' })
  }

  async function retain(world: World): Promise<void> {
    await world.tick(7 * 60)
    await world.drain()
  }

  it('an erasure reaches the last file of a source, and a file that waits to be planned', async () => {
    const { world, source } = await begin({ limits: NO_LIMITS })
    await uploaded(world, source, FIRST)
    await upload(world, source, SECOND)
    const waiting = await upload(world, source, csvOf([...OTHERS, { ID: 'ana' }, { ID: 'dora' }]))
    await erase(world, 'ana')
    await world.drain()
    expect(await world.run(waiting)).toMatchObject({ status: 'succeeded' })
    expect(await people(world)).toEqual(['dora'])
    await retain(world)
    expect([...(await objects('snapshots/')), ...(await objects('uploads/'))]).toEqual([])
    expect(await (await start(world, source)).json()).toMatchObject({
      code: 'no_file',
      detail: expect.stringContaining('erased'),
    })
  })

  it('a file with an erased person that is uploaded later is planned without that person and not kept', async () => {
    const { world, source } = await begin({ limits: NO_LIMITS })
    await uploaded(world, source, FIRST)
    await erase(world, 'ana')
    await world.drain()
    await retain(world)
    await uploaded(world, source, FIRST)
    await uploaded(world, source, SECOND)
    expect(await people(world)).toEqual(['cleo'])
    await retain(world)
    expect(await objects('snapshots/')).toEqual([])
    expect(await objects('uploads/')).toEqual([])
  })

  it('a plan that waits is made again from its own file, not from one that was previewed since', async () => {
    const { world, source } = await begin()
    const all = crowd(30)
    await uploaded(world, source, csvOf([...all, { ID: 'ana' }]))
    const held = await uploaded(world, source, csvOf([...all.slice(0, 5), { ID: 'ana' }]))
    expect(held.status).toBe('held')
    await uploaded(world, source, csvOf([{ ID: 'ana' }, { ID: 'stranger' }]), { query: '?mode=preview' })
    await erase(world, 'ana')
    await world.drain()
    const { held: now } = await world.api<SourceView>('GET', `/api/sources/${source}`)
    expect(now).toMatchObject({ runId: expect.not.stringMatching(held.id), waiting: { removed: 25, added: 0 } })
    expect(await people(world)).not.toContain('stranger')
  })
})

describe('import once', () => {
  const ONCE = { connection: { kind: 'upload', once: true } }

  async function isEnabled(world: World, source: string): Promise<boolean> {
    return (await world.api<SourceView>('GET', `/api/sources/${source}`)).enabled
  }

  it('import once disables the source when its run has ended, and contacts can then be changed in Muster', async () => {
    const { world, source } = await begin(ONCE)
    await uploaded(world, source, FIRST, { query: '?mode=preview' })
    expect(await isEnabled(world, source)).toBe(true)
    const run = await uploaded(world, source, FIRST)
    expect(run.status).toBe('succeeded')
    expect(await isEnabled(world, source)).toBe(false)
    expect(await code(await world.upload(source, SECOND))).toEqual([409, 'source_disabled'])
    const made = await world.request('POST', '/api/contacts', { id: 'x', name: 'X' })
    expect(made.status).toBe(201)
    const { items } = await world.api<Page<{ action: string; actor: string }>>('GET', '/api/audit')
    expect(items).toContainEqual(
      expect.objectContaining({ action: 'source_changed', actor: 'Muster', subject: source, detail: 'enabled' }),
    )
    await world.api('PATCH', `/api/sources/${source}`, { enabled: true })
    await uploaded(world, source, csvOf([...OTHERS, { ID: 'ana', Title: 'Lead' }, { ID: 'ben' }]))
    expect(await isEnabled(world, source)).toBe(false)
  })

  it.each(['approve', 'reject'])(
    'while the plan waits the source stays enabled, until a person decides: %s',
    async (what) => {
      const { world, source } = await begin({ ...ONCE, limits: { sameNumber: { atLeast: 2 } }, hold: 'whole' })
      const held = await uploaded(world, source, csvOf(crowd(5, { Number: '6045550100' })))
      expect(held.status).toBe('held')
      expect(await isEnabled(world, source)).toBe(true)
      // The same bytes, sent again by a system, leave the plan waiting.
      expect(await uploaded(world, source, csvOf(crowd(5, { Number: '6045550100' })))).toMatchObject({
        status: 'unchanged',
      })
      expect(await isEnabled(world, source)).toBe(true)
      await world.api(
        'POST',
        `/api/runs/${held.id}/${what}`,
        what === 'approve' ? { planHash: held.plan?.hash } : undefined,
      )
      await world.drain()
      expect(await isEnabled(world, source)).toBe(false)
      expect(await people(world)).toHaveLength(what === 'approve' ? 2 : 0)
    },
  )

  it('a run that fails or is cancelled does not use up the one import', async () => {
    const { world, source } = await begin(ONCE)
    expect(await uploaded(world, source, 'no contacts here')).toMatchObject({ status: 'failed' })
    await world.api('POST', `/api/runs/${await upload(world, source, FIRST)}/cancel`)
    expect(await isEnabled(world, source)).toBe(true)
  })

  it('a file that waits behind the import is imported before the source is disabled', async () => {
    const { world, source } = await begin({ ...ONCE, limits: NO_LIMITS })
    await upload(world, source, FIRST)
    await upload(world, source, SECOND)
    await world.drain()
    expect(await people(world)).toEqual(['ana', 'cleo'])
    expect(await isEnabled(world, source)).toBe(false)
  })

  it('an undo of the one import leaves a source that was enabled again enabled', async () => {
    const { world, source } = await begin(ONCE)
    const run = await uploaded(world, source, FIRST)
    await world.api('PATCH', `/api/sources/${source}`, { enabled: true })
    await world.api('POST', `/api/runs/${run.id}/undo`)
    await world.drain()
    expect(await people(world)).toEqual([])
    expect(await isEnabled(world, source)).toBe(true)
  })
})

describe('the settings of a source with an uploaded file', () => {
  it('a schedule is refused with its path, when the source is made and when it is changed; a freshness limit is not', async () => {
    const world = await World.start()
    const schedule = { kind: 'nightly' }
    const body = { name: 'Staff', connection: UPLOAD, schedule, freshness: { atLeastEveryHours: 192 } }
    const refused = await world.request('POST', '/api/sources', body)
    expect(await refused.json()).toMatchObject({ status: 400, code: 'invalid', errors: [{ path: 'schedule' }] })
    const source = await world.source({ connection: UPLOAD, freshness: { atLeastEveryHours: 192 } })
    const changed = await world.request('PATCH', `/api/sources/${source}`, { schedule })
    expect(await changed.json()).toMatchObject({ status: 400, errors: [{ path: 'schedule' }] })
    const fetched = await world.source({ schedule })
    const other = await world.request('PATCH', `/api/sources/${fetched}`, { connection: UPLOAD })
    expect(await other.json()).toMatchObject({ status: 400, errors: [{ path: 'schedule' }] })
    await world.api('PATCH', `/api/sources/${fetched}`, { connection: UPLOAD, schedule: null })
    expect(await world.api<SourceView>('GET', `/api/sources/${fetched}`)).toMatchObject({
      connection: { kind: 'upload', once: false },
      nextRuns: [],
    })
  })

  it('a source without a new file is late when its freshness limit says so', async () => {
    const { world, source } = await begin({
      freshness: { atLeastEveryHours: 24 },
      notify: { emails: ['a@example.org'] },
    })
    await uploaded(world, source, FIRST)
    await world.tick(25 * 60)
    expect(await world.api<SourceView>('GET', `/api/sources/${source}`)).toMatchObject({ health: 'late' })
    await world.drain()
    expect(world.mails.at(-1)?.text).toContain('the program which uploads it still runs')
    await uploaded(world, source, SECOND)
    expect((await world.api<SourceView>('GET', `/api/sources/${source}`)).health).not.toBe('late')
  })

  it('a webhook is refused, since nothing is fetched', async () => {
    const { world, source } = await begin()
    expect(await code(await world.request('POST', `/api/sources/${source}/webhook`))).toEqual([409, 'wrong_kind'])
  })
})
