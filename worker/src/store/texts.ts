import type { Env } from '../env.ts'

/** Whether the number, E.164, has opted out by text, and nobody has lifted it since. */
export async function stoppedByText(env: Env, number: string): Promise<boolean> {
  const row = await env.DB.prepare(
    `SELECT 1 FROM opt_out WHERE number = ?1 AND source = '' AND id = '' AND who = 'contact'`,
  )
    .bind(number)
    .first()
  return row !== null
}
