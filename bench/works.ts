import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type FileType, writeRoster } from './files.ts'
import type { State } from './roster.ts'

/** The works to measure, in the order in which one directory goes through them. */
const WORKS = [
  { name: 'first import', state: 'first', etag: '"1"' },
  { name: 'same bytes, 304', state: 'first', etag: '"1"' },
  { name: 'same bytes, sent', state: 'first', etag: '"2"' },
  { name: '1 % changed', state: 'changed', etag: '"3"' },
  { name: '30 % deleted', state: 'thinned', etag: '"4"' },
] as const satisfies { name: string; state: State; etag: string }[]

/** A piece of work by its name. */
export type Work = (typeof WORKS)[number]['name']

/** The names of all works. */
export const ALL_WORKS: readonly Work[] = WORKS.map(({ name }) => name)

/** A version of the remote file. */
export interface Version {
  /** The path of the file on this machine. */
  path: string
  bytes: Uint8Array
  /** The ETag that a web server sends with it. A second request for a version with the same ETag gets a 304. */
  etag: string
}

/** A size to measure: the type of the files, how many contacts they hold, and how often the works are done. */
export interface Size {
  type: FileType
  rows: number
  rounds: number
}

/** Writes the files of a size into a folder, and returns the version that each work loads. */
export async function makeVersions(folder: string, { type, rows }: Size, seed: number): Promise<Map<Work, Version>> {
  const made = new Map<State, { path: string; bytes: Uint8Array }>()
  for (const { state } of WORKS) {
    if (made.has(state)) continue
    const path = join(folder, `${state}.${type}`)
    await writeRoster(path, { type, rows, seed, state })
    made.set(state, { path, bytes: await readFile(path) })
  }
  return new Map(
    WORKS.flatMap(({ name, state, etag }) => {
      const file = made.get(state)
      return file === undefined ? [] : [[name, { ...file, etag }] as const]
    }),
  )
}
