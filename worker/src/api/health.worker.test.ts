import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Env } from '../env.ts'
import { deadLetter } from '../run/consume.ts'
import { asPerson } from '../testing/signed-in.ts'
import { World } from '../testing/world.ts'
import { NEWEST_MIGRATION } from './alarms.ts'
import { app } from './app.ts'

const MINUTE = 60_000
let world: World

beforeEach(async () => {
  world = await World.start()
  await world.tick(0)
})

interface Health {
  ok: boolean
  checks: Record<string, string>
  reasons?: Record<string, string>
}

async function health(): Promise<Health & { status: number }> {
  const response = await world.request('GET', '/api/health')
  return { status: response.status, ...(await response.json<Health>()) }
}

/** Returns the alarms, with the name of each. */
async function alarms(): Promise<Record<string, string>> {
  const { status, ok, checks, reasons } = await health()
  const found = Object.entries(checks).filter(([, word]) => word !== 'ok')
  expect([status, ok, Object.keys(reasons ?? {})]).toEqual(
    found.length === 0 ? [200, true, []] : [503, false, found.map(([check]) => check)],
  )
  return Object.fromEntries(found)
}

/** What the health check says to a signed-in person of a Muster with other bindings. */
async function healthOf(bindings: Partial<Env>): Promise<Health> {
  const headers = asPerson(world.env.PUBLIC_URL)
  const answer = await app.request('https://muster.example.org/api/health', { headers }, { ...world.env, ...bindings })
  return answer.json<Health>()
}

const sql = (statement: string, ...values: unknown[]) =>
  env.DB.prepare(statement)
    .bind(...values)
    .run()

describe('the health check', () => {
  it('the health check of a working Muster has no alarm', async () => {
    expect(await alarms()).toEqual({})
  })

  it('somebody who is not signed in learns that a check failed, and not why', async () => {
    world.passTime(30 * MINUTE)
    const answer = await app.request('https://muster.example.org/api/health', {}, world.env)
    const body = await answer.json<Health>()
    expect(answer.status).toBe(503)
    expect([...new Set(Object.values(body.checks))].sort()).toEqual(['failed', 'ok'])
    expect(body.reasons).toBeUndefined()
    expect((await health()).reasons?.cron).toContain('ten minutes')
  })

  it('a cron that has not come for ten minutes is late', async () => {
    world.passTime(9 * MINUTE)
    expect(await alarms()).toEqual({})
    world.passTime(2 * MINUTE)
    expect(await alarms()).toEqual({ cron: 'late' })
    await world.tick(0)
    expect(await alarms()).toEqual({})
  })

  it('a run whose message is sent again for half an hour and never arrives shows that the queue is stalled', async () => {
    const source = await world.source()
    await world.api('POST', `/api/sources/${source}/runs`, {})
    const pass = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute++) {
        world.passTime(MINUTE)
        await world.tick(0)
      }
    }
    await pass(20)
    expect(await alarms()).toEqual({})
    await pass(30)
    expect(await alarms()).toEqual({ queue: 'stalled' })
    await world.drain()
    expect((await health()).checks.queue).toBe('ok')
  })

  it('a step that was given up is an alarm for a day', async () => {
    await deadLetter(world.env, { step: 'notify', notification: 'none' })
    expect(await alarms()).toEqual({ deadLetters: 'some' })
    world.passTime(25 * 60 * MINUTE)
    await world.tick(0)
    expect(await alarms()).toEqual({})
  })

  it('a database without the newest migration is behind', async () => {
    await sql('DELETE FROM d1_migrations WHERE name = ?1', NEWEST_MIGRATION)
    expect(await alarms()).toEqual({ migrations: 'behind' })
    await sql('INSERT INTO d1_migrations (name) VALUES (?1)', NEWEST_MIGRATION)
    expect(await alarms()).toEqual({})
  })

  it('a database that a newer version has migrated is not behind', async () => {
    await sql(`INSERT INTO d1_migrations (name) VALUES ('9999_newer.sql')`)
    expect(await alarms()).toEqual({})
    await sql(`DELETE FROM d1_migrations WHERE name > '9'`)
  })

  it('the address of the example cannot send in a deployment', async () => {
    const sender = async (SENDER: string) => (await healthOf({ ALLOW_LOOPBACK: '0', SENDER })).checks.sender
    expect([await sender('muster@muster.example.org'), await sender('muster@rescue.ca')]).toEqual(['placeholder', 'ok'])
    await world.api('PATCH', '/api/settings', { sender: 'muster@rescue.ca' })
    expect(await sender('muster@muster.example.org')).toBe('ok')
  })

  it('a sender that Email Service refuses is an alarm until the e-mail is sent', async () => {
    await sql(
      `INSERT INTO notification (id, kind, recipients, subject, status, error, created_at, next_at)
      VALUES ('n', 'report', '[]', '', 'pending', 'E_SENDER_NOT_VERIFIED', ?1, 0)`,
      Date.now(),
    )
    expect(await alarms()).toEqual({ sender: 'refused' })
    await sql(`UPDATE notification SET status = 'sent', error = NULL`)
    expect(await alarms()).toEqual({})
  })

  it('a source that fetches by SFTP needs a bridge that answers', async () => {
    const connection = { kind: 'sftp', url: 'sftp://files.example.org/contacts.csv', username: 'a', password: 'b' }
    const source = await world.source({ connection })
    const bridge = async (BRIDGE_URL: string | undefined) =>
      (await healthOf({ BRIDGE_URL, BRIDGE: undefined } as unknown as Partial<Env>)).checks.bridge
    expect([await bridge('http://localhost:1'), await bridge(undefined)]).toEqual(['ok', 'missing'])
    await sql(`UPDATE source SET failing = 'bridge_unavailable' WHERE id = ?1`, source)
    expect(await bridge('http://localhost:1')).toBe('failing')
  })

  it('a database or a storage that does not answer is one alarm', async () => {
    const DB = { prepare: never } as unknown as D1Database
    expect((await healthOf({ DB })).checks).toMatchObject({ database: 'failed', files: 'ok', cron: 'ok' })
    const FILES = { head: async () => never() } as unknown as R2Bucket
    expect((await healthOf({ FILES })).checks).toMatchObject({ database: 'ok', files: 'failed' })
  })
})

function never(): never {
  throw new Error('No D1')
}
