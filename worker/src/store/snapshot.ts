import type { ByteSource } from '../core/bytes.ts'
import type { Env } from '../env.ts'
import type { RunRow } from './schema.ts'

/** The bytes a run fetched, to be read from any place and more than once. */
export function snapshotBytes(env: Env, run: RunRow): ByteSource {
  const { snapshot } = run
  if (snapshot === null) throw new Error('The run has no snapshot')
  return {
    name: snapshot.name,
    size: snapshot.bytes,
    async read(offset = 0, length = snapshot.bytes - offset) {
      const whole = offset === 0 && length >= snapshot.bytes
      const object = await env.FILES.get(snapshot.file, whole ? {} : { range: { offset, length } })
      if (object === null) throw new Error('The snapshot has expired or is missing')
      return object.body
    },
  }
}
