import type { Env } from '../env.ts'

/** After so many wrong passwords in a quarter of an hour an address has to wait. */
const MOST = 10
const WINDOW = 15 * 60_000

/** Whether somebody has lately tried too many wrong passwords for the address. */
export async function mustWait(env: Env, email: string, now: number): Promise<boolean> {
  const row = await env.DB.prepare('SELECT count(*) AS n FROM sign_in_failure WHERE email = ?1 AND at > ?2')
    .bind(email, now - WINDOW)
    .first<{ n: number }>()
  return (row?.n ?? 0) >= MOST
}

/** Notes a wrong password; old notes go on the way. */
export async function noteFailure(env: Env, email: string, now: number): Promise<void> {
  await env.DB.batch([
    env.DB.prepare('DELETE FROM sign_in_failure WHERE at <= ?1').bind(now - WINDOW),
    env.DB.prepare('INSERT INTO sign_in_failure (email, at) VALUES (?1, ?2)').bind(email, now),
  ])
}
