import type { Env } from '../env.ts'
import { newId } from '../security/random.ts'

/** How long a key stands for its run, in milliseconds. */
const LASTS = 24 * 60 * 60_000

/**
 * The ID of the run that a source's `Idempotency-Key` stands for: the same for 24 hours from its first use, even if two
 * requests come at once or one breaks off. The run itself is there only once it has been started. `now`: milliseconds.
 */
export async function runOfKey(env: Env, source: string, key: string, now: number): Promise<string> {
  const [, , found] = await env.DB.batch<{ run: string }>([
    env.DB.prepare('DELETE FROM idempotency WHERE at <= ?1').bind(now - LASTS),
    env.DB.prepare(
      'INSERT INTO idempotency (source, key, run, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING',
    ).bind(source, key, newId(), now),
    env.DB.prepare('SELECT run FROM idempotency WHERE source = ?1 AND key = ?2').bind(source, key),
  ])
  const run = found?.results[0]?.run
  if (run === undefined) throw new Error('A key that was just stored is not there')
  return run
}
