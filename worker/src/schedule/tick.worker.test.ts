import { env as bindings } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { Env } from '../env.ts'
import { World } from '../testing/world.ts'
import { tick } from './tick.ts'

/** How many ended runs, sent e-mails and confirmed SMS statuses the directory has. */
const PAST = 5_000
/** How many rows an idle tick may read: the sources, the heads of the queues and a few counters. */
const FEW = 20

const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${PAST})`

/** Gives the source a long history in which everything has ended. */
async function past(source: string): Promise<void> {
  await bindings.DB.batch([
    bindings.DB.prepare(
      `${numbers} INSERT INTO run (id, source, trigger, mode, fetch, status, created_at, finished_at, stale_at, after_import)
        SELECT 'run' || i, ?1, 'schedule', 'apply', 'all', 'succeeded', i, i, i, 'done' FROM n`,
    ).bind(source),
    bindings.DB.prepare(
      `${numbers} INSERT INTO notification (id, run, source, kind, recipients, subject, status, created_at, sent_at)
        SELECT 'mail' || i, 'run' || i, ?1, 'report', '[]', 'Import', iif(i % 10, 'sent', 'failed'), i, i FROM n`,
    ).bind(source),
    bindings.DB.prepare(
      `${numbers} INSERT INTO sms_change (contact, seq, status, at, source, write_back, sent_at)
        SELECT i, i, 'opted_out', i, ?1, 'confirmed', i FROM n`,
    ).bind(source),
  ])
}

/**
 * Returns an environment whose database records its statements, and a function that runs them again and returns the
 * rows that each reads.
 */
function noting(env: Env) {
  interface Made {
    sql: string
    values: unknown[]
    real: D1PreparedStatement
  }
  const statements: Made[] = []
  const known = new WeakMap<D1PreparedStatement, Made>()
  const statement = (sql: string, real: D1PreparedStatement, values: unknown[]): D1PreparedStatement => {
    const made = { sql, values, real }
    const noted = new Proxy(real, {
      get(target, name) {
        if (name === 'bind') return (...bound: unknown[]) => statement(sql, target.bind(...bound), bound)
        const call: unknown = Reflect.get(target, name)
        if (typeof call !== 'function') return call
        statements.push(made)
        return call.bind(target)
      },
    })
    known.set(noted, made)
    return noted
  }
  const DB = new Proxy(env.DB, {
    get(target, name) {
      if (name === 'prepare') return (sql: string) => statement(sql, target.prepare(sql), [])
      if (name !== 'batch') return Reflect.get(target, name)
      return (noted: D1PreparedStatement[]) => {
        const batch = noted.flatMap((one) => known.get(one) ?? [])
        statements.push(...batch)
        return target.batch(batch.map(({ real }) => real))
      }
    },
  })
  async function reads(): Promise<{ sql: string; rows: number }[]> {
    const results: { sql: string; rows: number }[] = []
    for (const { sql, values } of statements) {
      const { meta } = await bindings.DB.prepare(sql)
        .bind(...values)
        .all()
      results.push({ sql, rows: meta.rows_read })
    }
    return results
  }
  return { env: { ...env, DB }, reads }
}

it('an idle tick reads only a few rows after thousands of runs, e-mails and SMS statuses', async () => {
  const world = await World.start()
  const source = await world.source({
    schedule: { kind: 'nightly', from: '01:00', to: '04:00', timeZone: 'America/New_York' },
    freshness: { atLeastEveryHours: 24 },
  })
  await past(source)
  await world.tick(0)
  await world.drain()
  const { env, reads } = noting(world.env)
  await tick(env, world.now)
  expect(world.messages).toEqual([])
  const made = await reads()
  expect(made.length).toBeGreaterThan(8)
  expect(made.filter(({ rows }) => rows > FEW)).toEqual([])
  expect(made.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThan(FEW)
})
