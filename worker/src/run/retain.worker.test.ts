import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { ContactView } from '../api/views/contact.ts'
import type { RunView } from '../api/views/run.ts'
import { ids } from '../testing/current.ts'
import { csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const DAY = 24 * 60

/** Moves the clock ahead by this many days and applies retention. */
async function pass(world: World, days: number): Promise<void> {
  await world.tick(days * DAY)
  await world.drain()
}

async function answer(world: World, method: string, path: string): Promise<[number, string]> {
  const response = await world.request(method, path)
  if (response.ok) return [response.status, '']
  return [response.status, (await response.json<{ code: string }>()).code]
}

async function objects(): Promise<string[]> {
  return (await env.FILES.list()).objects.map(({ key }) => key)
}

const FILES = ['changes', 'problems', 'snapshot', 'report.xlsx', 'report.csv']

/** Returns a Muster in which a second file has been applied: one row has an error, and `ben` was removed. */
async function twoFiles() {
  const world = await World.start()
  const source = await world.source({ limits: NO_LIMITS })
  const first = await world.import(source, csvOf([{ ID: 'ana' }, { ID: 'ben' }]))
  const file = csvOf([
    { ID: 'ana', Title: 'Lead' },
    { ID: 'cleo', Name: '' },
  ])
  const run = await world.import(source, file)
  expect(run).toMatchObject({ status: 'succeeded', counts: { updated: 1, removed: 1, errors: 1 } })
  return { world, source, first, run, file }
}

describe('retention', () => {
  it('the files of a run are kept for 30 days, and are reported as expired after that', async () => {
    const { world, run } = await twoFiles()
    await pass(world, 29)
    for (const file of FILES) expect((await answer(world, 'GET', `/api/runs/${run.id}/${file}`))[0], file).toBe(200)
    expect((await world.run(run.id)).plan?.undoable).toBe(true)
    await pass(world, 2)
    for (const file of FILES) {
      expect(await answer(world, 'GET', `/api/runs/${run.id}/${file}`), file).toEqual([410, 'expired'])
    }
    expect(await answer(world, 'POST', `/api/runs/${run.id}/undo`)).toEqual([409, 'expired'])
    const { items } = await world.api<Page<RunView>>('GET', '/api/runs')
    expect(items).toHaveLength(2)
    expect(items[0]).toMatchObject({ id: run.id, expiredAt: expect.any(String), plan: { undoable: false } })
  })

  it('retention deletes all files except the fingerprints that the next plan starts from', async () => {
    const { world, source, file } = await twoFiles()
    await pass(world, 31)
    expect(await objects()).toEqual([expect.stringMatching(/\/fingerprints$/)])
    const next = await world.import(source, `${file}\r\n`)
    expect(next).toMatchObject({ status: 'succeeded', counts: { unchanged: 1, added: 0, updated: 0 } })
  })

  it('a file and its problems are kept as long as a later run that found the same bytes', async () => {
    const { world, source, run, file } = await twoFiles()
    await env.DB.prepare('UPDATE run SET finished_at = finished_at - ?2 WHERE id = ?1')
      .bind(run.id, 20 * DAY * 60_000)
      .run()
    const again = await world.import(source, file)
    expect(again.status).toBe('unchanged')
    await pass(world, 15)
    expect(await answer(world, 'GET', `/api/runs/${run.id}/snapshot`)).toEqual([410, 'expired'])
    for (const kept of ['snapshot', 'problems', 'report.csv']) {
      expect((await answer(world, 'GET', `/api/runs/${again.id}/${kept}`))[0], kept).toBe(200)
    }
  })

  it('an import of the same bytes is unchanged long after retention has deleted the file', async () => {
    const { world, source, file } = await twoFiles()
    await pass(world, 40)
    expect(await world.import(source, file)).toMatchObject({ status: 'unchanged', file: null })
  })

  it('retention never deletes the files of a held run, however old it is', async () => {
    const world = await World.start()
    const source = await world.source()
    await world.import(source, csvOf(Array.from({ length: 10 }, (_, i) => ({ ID: `p${i}` }))))
    const held = await world.import(source, csvOf([{ ID: 'p1' }]))
    expect(held.status).toBe('held')
    await pass(world, 400)
    expect((await answer(world, 'GET', `/api/runs/${held.id}/changes`))[0]).toBe(200)
    await world.api('POST', `/api/runs/${held.id}/approve`, { planHash: held.plan?.hash })
    await world.drain()
    expect(await ids()).toEqual(['p1'])
  })

  it('retention deletes a removed contact when the run that removed it expires, and not before', async () => {
    const { world, source } = await twoFiles()
    await pass(world, 29)
    expect(await stored()).toEqual(['ana', 'ben'])
    await pass(world, 2)
    expect(await stored()).toEqual(['ana'])
    const back = await world.import(source, csvOf([{ ID: 'ana', Title: 'Lead' }, { ID: 'ben' }]))
    expect(back.counts).toMatchObject({ added: 1 })
    expect(await ids()).toEqual(['ana', 'ben'])
  })

  it('retention keeps a contact that a run removed as long as a part of the run’s plan waits, since it can be undone', async () => {
    const world = await World.start()
    const source = await world.source({ limits: { ...NO_LIMITS, changed: { percent: 0, atLeast: 1 } } })
    await world.import(source, csvOf([{ ID: 'ana', Title: 'Searcher' }, { ID: 'ben' }, { ID: 'cleo' }]))
    const held = await world.import(source, csvOf([{ ID: 'ana', Title: 'Lead' }, { ID: 'cleo' }]))
    expect(held).toMatchObject({ status: 'held', applied: { removed: 1 }, waiting: { updated: 1 } })
    await pass(world, 40)
    expect(await stored()).toEqual(['ana', 'ben', 'cleo'])
    await world.api('POST', `/api/runs/${held.id}/undo`)
    await world.drain()
    expect(await ids()).toEqual(['ana', 'ben', 'cleo'])
  })

  it('an import brings back a contact that an undo removed, even after retention has deleted the contact', async () => {
    const { world, source, run, first, file } = await twoFiles()
    for (const { id } of [run, first]) {
      await world.api('POST', `/api/runs/${id}/undo`)
      await world.drain()
    }
    expect(await ids()).toEqual([])
    await pass(world, 31)
    expect(await stored()).toEqual([])
    const next = await world.import(source, `${file}\r\n`)
    expect(next).toMatchObject({ status: 'held', counts: { added: 1 } })
    await world.api('POST', `/api/runs/${next.id}/approve`, { planHash: next.plan?.hash })
    await world.drain()
    expect(await ids()).toEqual(['ana'])
  })

  it('an approved plan brings back a removed contact that retention deleted while the run was held', async () => {
    const { world, source } = await twoFiles()
    const limits = { changed: { percent: 0, atLeast: 1 } }
    await world.api('PATCH', `/api/sources/${source}`, { limits, hold: 'whole' })
    const held = await world.import(source, csvOf([{ ID: 'ana', Title: 'Chief' }, { ID: 'ben' }]))
    expect(held.status).toBe('held')
    await pass(world, 31)
    await world.api('POST', `/api/runs/${held.id}/approve`, { planHash: held.plan?.hash })
    await world.drain()
    expect(await ids()).toEqual(['ana', 'ben'])
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?search=ben')
    const ben = await world.api<ContactView>('GET', `/api/contacts/${items[0]?.key}`)
    expect(ben.history).toMatchObject([{ op: 'add', runId: held.id }])
  })

  it('retention keeps the opt-out of a contact that it deletes', async () => {
    const { world, source } = await twoFiles()
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?search=ana')
    await world.api('PUT', `/api/contacts/${items[0]?.key}/sms-status`, { status: 'opted_out' })
    await world.import(source, csvOf([{ ID: 'ana' }, { ID: 'dora' }]))
    const removing = await world.import(source, csvOf([{ ID: 'dora' }]))
    expect(removing).toMatchObject({ status: 'succeeded', counts: { removed: 1 } })
    await pass(world, 400)
    const key = Number(items[0]?.key)
    expect(await world.env.DB.prepare('SELECT 1 FROM contact WHERE key = ?1').bind(key).first()).toBeNull()
    expect(await world.env.DB.prepare('SELECT 1 FROM sms_change WHERE contact = ?1').bind(key).first()).toBeNull()
    await world.import(source, csvOf([{ ID: 'dora' }, { ID: 'ana' }]))
    const back = await world.api<Page<ContactView>>('GET', '/api/contacts?search=ana')
    expect(back.items).toMatchObject([{ id: 'ana', sms: { status: 'opted_out' } }])
    // The decision is still shown when it has ended, though the contact has another key.
    const path = `/api/contacts/${back.items[0]?.key}`
    await world.api('PUT', `${path}/sms-status`, { status: 'opted_in' })
    expect(await world.api('GET', `${path}/consent`)).toMatchObject({
      current: [{ status: 'opted_in', how: 'person' }],
      past: [{ status: 'opted_out', how: 'person', counts: 'contact', about: { id: 'ana' } }],
    })
  })

  it('retention deletes the contacts that a source has removed after the source is deleted', async () => {
    const { world, source } = await twoFiles()
    await world.api('DELETE', `/api/sources/${source}?contacts=keep`)
    await pass(world, 31)
    expect(await stored()).toEqual(['ana'])
  })

  it('retention keeps files and removed contacts for the number of days in the settings', async () => {
    const { world, run } = await twoFiles()
    await world.api('PATCH', '/api/settings', { retentionDays: 3 })
    await pass(world, 4)
    expect(await answer(world, 'GET', `/api/runs/${run.id}/snapshot`)).toEqual([410, 'expired'])
    expect(await stored()).toEqual(['ana'])
  })

  it('retention deletes files that a crash left in R2, and none younger than two days', async () => {
    const { world, source, run } = await twoFiles()
    const left = [
      `snapshots/${source}/${run.id}.7.0`,
      `plans/${source}/${run.id}.7.abc/changes.ndjson.0`,
      `plans/x/y.1.z/fingerprints`,
      `plans/${source}/${run.id}.7.abc-sorted/0`,
    ]
    for (const key of left) await env.FILES.put(key, 'left behind')
    await env.FILES.put('elsewhere/file', 'of somebody else')
    await pass(world, 1)
    expect(await objects()).toEqual(expect.arrayContaining(left))
    await pass(world, 2)
    const kept = await objects()
    for (const key of left) expect(kept).not.toContain(key)
    expect(kept).toContain('elsewhere/file')
    for (const file of FILES) expect((await answer(world, 'GET', `/api/runs/${run.id}/${file}`))[0], file).toBe(200)
  })

  it('retention resumes after a crash at any of its calls', async () => {
    const { world, run } = await twoFiles()
    await world.tick(31 * DAY)
    const [message] = world.messages.splice(0)
    if (message?.step.step !== 'retain') throw new Error('Nothing expires')
    for (let call = 1; ; call++) {
      world.faults.crashAt(call, call % 2 === 0 ? 'before' : 'after')
      const { calls } = world.faults
      await world.deliver(message.step)
      const died = world.faults.dead
      world.faults.restart()
      if (!died || world.faults.calls - calls < call) break
    }
    await world.deliver(message.step)
    expect(await answer(world, 'GET', `/api/runs/${run.id}/snapshot`)).toEqual([410, 'expired'])
    expect(await stored()).toEqual(['ana'])
    expect(await objects()).toEqual([expect.stringMatching(/\/fingerprints$/)])
    expect(await ids()).toEqual(['ana'])
  })

  it('retention deletes sessions that have ended', async () => {
    const { world } = await twoFiles()
    await env.DB.prepare(`INSERT INTO session (token_hash, user, expires_at) VALUES ('old', 'admin', 5)`).run()
    await pass(world, 1)
    expect(await env.DB.prepare('SELECT count(*) AS n FROM session').first('n')).toBe(1)
  })
})

/** Returns the IDs of all contacts in the table, including removed ones. */
async function stored(): Promise<string[]> {
  const { results } = await env.DB.prepare('SELECT id FROM contact ORDER BY id').all<{ id: string }>()
  return results.map(({ id }) => id)
}
