import { hasKey } from '../core/somebody-else.ts'
import type { Env } from '../env.ts'
import { hex } from '../security/passwords.ts'
import { bytesOf } from './files.ts'
import { damaged } from './plan-chunks.ts'
import type { PlanManifest } from './plan-reading.ts'

/** The most keys that are kept in the run's row, which is written with every applied chunk. */
const MOST_IN_ROW = 200

/** The keys of the contacts that a plan makes somebody else, or the file that has them. */
export type SomebodyElse = number[] | { file: string; sha256: string }

/**
 * Stores the keys of the contacts that a plan makes somebody else, which are in order: a few for the run's row, and many
 * in a file beside the plan's other files. Returns what the plan says of them; null if there are none.
 */
export async function writeSomebodyElse(env: Env, file: string, keys: Float64Array): Promise<SomebodyElse | null> {
  if (keys.length === 0) return null
  if (keys.length <= MOST_IN_ROW) return [...keys]
  const bytes = new Uint8Array(new Float64Array(keys).buffer)
  await env.FILES.put(file, bytes)
  return { file, sha256: await sha256Of(bytes) }
}

/**
 * Returns a test for the keys of the contacts that a plan makes somebody else. Reads a file only if there are many. Throws
 * `Failure` if it is not the file that was written.
 */
export async function becomesSomebodyElse(
  env: Env,
  { somebodyElse }: Pick<PlanManifest, 'somebodyElse'>,
): Promise<(key: number) => boolean> {
  if (somebodyElse === undefined) return () => false
  if (Array.isArray(somebodyElse)) {
    const few = new Set(somebodyElse)
    return (key) => few.has(key)
  }
  const object = await env.FILES.get(somebodyElse.file)
  if (object === null) throw damaged()
  const bytes = new Uint8Array(await bytesOf(object))
  if ((await sha256Of(bytes)) !== somebodyElse.sha256) throw damaged()
  const keys = new Float64Array(bytes.buffer)
  return (key) => hasKey(keys, key)
}

async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}
