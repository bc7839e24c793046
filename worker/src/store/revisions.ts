import type { Env } from '../env.ts'

/** What moves when contacts change, other than their SMS status: a plan is good only while both stand still. */
export interface Revisions {
  source: number
  /** Of the contacts made by hand. */
  hand: number
}

export async function revisions(env: Env, source: string): Promise<Revisions> {
  const row = await env.DB.prepare(
    `SELECT (SELECT revision FROM source WHERE id = ?1) AS source,
      (SELECT value FROM counter WHERE name = 'hand') AS hand`,
  )
    .bind(source)
    .first<{ source: number | null; hand: number | null }>()
  return { source: row?.source ?? 0, hand: row?.hand ?? 0 }
}
