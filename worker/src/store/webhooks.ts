import type { Env } from '../env.ts'

/** Signatures are remembered for longer than they are valid, in milliseconds. */
const REMEMBERED = 15 * 60_000
const TEXT_REMEMBERED = 30 * 86_400_000

/**
 * The statement that takes note of an inbound text, in the batch that does what it asks for: it fails the batch where the
 * text has come before. Twilio's requests have no time in them, so a message is remembered for a month.
 */
export function takingText(env: Env, id: string, now: number): D1PreparedStatement {
  return env.DB.prepare('INSERT INTO webhook_call (signature, at) VALUES (?1, ?2)').bind(id, now + TEXT_REMEMBERED)
}

/** Takes note of a signature; false when it has been used before. Old ones are forgotten on the way. */
export async function takeSignature(env: Env, signature: string, now: number): Promise<boolean> {
  const [, taken] = await env.DB.batch([
    env.DB.prepare('DELETE FROM webhook_call WHERE at < ?1').bind(now - REMEMBERED),
    env.DB.prepare('INSERT INTO webhook_call (signature, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING').bind(
      signature,
      now,
    ),
  ])
  return taken?.meta.changes === 1
}
