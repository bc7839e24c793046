import type { Env } from '../env.ts'
import { newId } from '../security/random.ts'
import { bytesOf } from './files.ts'

/**
 * Samples: the bytes that a test of a connection has read, kept in R2 for an hour, so that the next test can read them
 * with other settings. They hold people's data and no secrets. Only who may test connections gets an answer from them.
 */

/** How long a sample is kept, in milliseconds. */
const KEPT = 60 * 60_000
const PREFIX = 'samples/'

/** What a test has read, without the bytes. */
interface AboutSample {
  /** The name of the remote file. */
  name: string
  /** When it was last changed, as its server said (ISO 8601). */
  modifiedAt: string | null
  /** The encoding that its server said; null if it said none. */
  charset: string | null
  /** Whether the remote file goes on after these bytes, as far as is known. */
  goesOn: boolean
  /** Whether the bytes are the records of a CRM. */
  records: boolean
}

export interface Sample extends AboutSample {
  bytes: Uint8Array<ArrayBuffer>
}

/** Matches the ID of a sample. */
export const SAMPLE_ID = /^[a-z0-9]{1,40}$/

/** Keeps a sample. Returns its ID. */
export async function keepSample(env: Env, { bytes, ...about }: Sample): Promise<string> {
  const id = newId()
  // Metadata must be ASCII, and of a bounded length.
  const written = encodeURIComponent(JSON.stringify({ ...about, name: about.name.slice(0, 200) }))
  await env.FILES.put(PREFIX + id, bytes, { customMetadata: { about: written } })
  return id
}

/** Returns a sample; null if there is none with the ID, or none that is younger than an hour. */
export async function readSample(env: Env, id: string, now: number): Promise<Sample | null> {
  const object = await env.FILES.get(PREFIX + id)
  if (object === null) return null
  const bytes = new Uint8Array(await bytesOf(object))
  const { about } = object.customMetadata ?? {}
  if (about === undefined || object.uploaded.getTime() <= now - KEPT) return null
  return { ...(JSON.parse(decodeURIComponent(about)) as AboutSample), bytes }
}

/** Deletes all samples that are older than an hour. */
export async function deleteOldSamples(env: Env, now: number): Promise<void> {
  for (let after = ''; ; ) {
    const { objects, truncated } = await env.FILES.list({ prefix: PREFIX, ...(after && { startAfter: after }) })
    const old = objects.filter(({ uploaded }) => uploaded.getTime() <= now - KEPT)
    if (old.length > 0) await env.FILES.delete(old.map(({ key }) => key))
    const last = objects.at(-1)
    if (!truncated || last === undefined) return
    after = last.key
  }
}
