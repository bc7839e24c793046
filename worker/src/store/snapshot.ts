import type { ByteSource } from '../core/bytes.ts'
import type { Env } from '../env.ts'
import { readFile } from './files.ts'
import type { RunRow } from './schema.ts'

/** The bytes a run fetched, to be read from any place and more than once. */
export function snapshotBytes(env: Env, run: RunRow): ByteSource {
  const { snapshot } = run
  if (snapshot === null) throw new Error('The run has no snapshot')
  return {
    name: snapshot.name,
    size: snapshot.bytes,
    read: async (offset = 0, length = snapshot.bytes - offset) => readFile(env.FILES, snapshot, offset, length),
  }
}
