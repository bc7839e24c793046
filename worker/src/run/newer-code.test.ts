import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Step } from '../env.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

let muster: InMemoryMuster
beforeEach(async () => {
  muster = await InMemoryMuster.start()
})

/** Changes the format of the plan of a run. */
async function setFormat(run: string, format: number): Promise<void> {
  await muster.env.DB.prepare(`UPDATE run SET plan = json_set(plan, '$.format', ?2) WHERE id = ?1`)
    .bind(run, format)
    .run()
}

/** Starts an import of 60 contacts and runs it until it applies its plan. */
async function applying(): Promise<string> {
  const source = await muster.source({ limits: NO_LIMITS })
  muster.remote = csvOf(crowd(60))
  const { id } = await muster.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
  while ((await muster.run(id)).status !== 'applying') await muster.deliver(muster.messages.shift()?.step as Step)
  return id
}

/** Returns a run that would remove 50 of 60 contacts, and waits for a person. */
async function held() {
  const source = await muster.source()
  await muster.import(source, csvOf(crowd(60)))
  const run = await muster.import(source, csvOf(crowd(10)))
  expect(run).toMatchObject({ status: 'held', plan: { stale: null } })
  const approval = () => muster.request('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
  return { source, run, approval }
}

describe('what newer code left', () => {
  it.each(['muster-steps', 'muster-dead-letters'])(
    'a message of newer code in %s is sent again later, and fails no run',
    async (queue) => {
      const id = await applying()
      muster.messages = []
      for (const message of [
        { step: 'apply', run: id, format: 99 },
        { step: 'polish', run: id },
      ]) {
        await muster.deliver(message as Step, queue)
        expect(muster.messages.splice(0)).toEqual([{ step: message, delay: 60 }])
      }
      expect((await muster.run(id)).status).toBe('applying')
      expect((await muster.run(id)).applied.added).toBe(0)
    },
  )

  it('a run with a plan of newer code waits for it, and is applied once this code can read the plan', async () => {
    const id = await applying()
    await setFormat(id, 99)
    await muster.deliver({ step: 'apply', run: id })
    expect(muster.messages.at(-1)).toEqual({ step: { step: 'apply', run: id }, delay: 60 })
    expect(await muster.run(id)).toMatchObject({ status: 'applying', applied: { added: 0 } })
    await setFormat(id, 2)
    await muster.drain()
    expect(await muster.run(id)).toMatchObject({ status: 'succeeded', applied: { added: 60 } })
  })

  it('a held plan of newer code cannot be approved, and says why', async () => {
    const { run, approval } = await held()
    await setFormat(run.id, 99)
    const refused = await approval()
    expect([refused.status, await refused.json()]).toEqual([409, expect.objectContaining({ code: 'plan_stale' })])
    expect((await muster.run(run.id)).plan?.stale).toMatchObject({ why: 'rules' })
    await muster.tick(1)
    await muster.drain()
    expect((await muster.run(run.id)).status).toBe('held')
  })

  it('an undo of a plan of newer code waits for it', async () => {
    const id = await applying()
    await muster.drain()
    await setFormat(id, 99)
    const undo = await muster.api<{ id: string }>('POST', `/api/runs/${id}/undo`)
    await muster.deliver(muster.messages.shift()?.step as Step)
    expect(muster.messages).toContainEqual({ step: { step: 'plan', run: undo.id }, delay: 60 })
    expect((await muster.run(undo.id)).status).toBe('planning')
    await setFormat(id, 2)
    await muster.drain()
    expect(await muster.run(undo.id)).toMatchObject({ status: 'succeeded', applied: { removed: 60 } })
  })
})

describe('what older code left', () => {
  it('a held plan of older code is planned again once, without a second e-mail', async () => {
    const { source, run, approval } = await held()
    await setFormat(run.id, 1)
    expect((await approval()).status).toBe(409)
    const mails = muster.mails.length
    await muster.tick(1)
    await muster.drain()
    const replaced = await muster.run(run.id)
    expect(replaced.status).toBe('replaced')
    const next = await muster.run(replaced.replacedBy ?? '')
    expect(next).toMatchObject({ status: 'held', waiting: { removed: 50 }, plan: { stale: null } })
    expect(muster.mails).toHaveLength(mails)
    expect((await muster.request('POST', `/api/runs/${next.id}/approve`, { planHash: next.plan?.hash })).status).toBe(
      202,
    )
    await muster.drain()
    expect((await muster.run(next.id)).status).toBe('succeeded')
    expect((await muster.api<{ items: unknown[] }>('GET', `/api/runs?source=${source}`)).items).toHaveLength(3)
  })

  it('a held plan of older code stays while its source cannot be read, and no second run is started for it', async () => {
    const { source, run } = await held()
    await setFormat(run.id, 1)
    muster.remote = () => new Response('', { status: 404 })
    for (let minute = 0; minute < 3; minute++) {
      await muster.tick(1)
      await muster.drain()
    }
    expect((await muster.run(run.id)).status).toBe('held')
    expect((await muster.api<{ items: unknown[] }>('GET', `/api/runs?source=${source}`)).items).toHaveLength(3)
  })
})
