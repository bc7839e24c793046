import { Failure } from '../core/failure.ts'
import type { Env } from '../env.ts'
import { hashToken, hex } from '../security/passwords.ts'
import { yieldThread } from '../yield-thread.ts'
import { CHUNK, type Chunk } from './chunks.ts'
import { bytesOf, FileLost, readWhole } from './files.ts'
import { readLines } from './lines.ts'
import { type PlanManifest, type PlanSection, placeIn } from './plan-reading.ts'

/*
 * The chunks of a plan are in a file of their own. The run's row is written with every applied chunk, so it holds only
 * one hash for each section.
 */

/** The chunks of each section of a plan, by the section's file. */
export type PlanChunks = Readonly<Record<string, Chunk[]>>

/** Returns the hash of a section, computed over the list of its chunks. */
export function hashOfChunks(chunks: readonly Chunk[]): Promise<string> {
  return hashToken(JSON.stringify(chunks.map(({ bytes, sha256 }) => [bytes, sha256])))
}

/** Writes the chunks of a plan's sections. */
export async function writeChunks(env: Env, file: string, chunks: PlanChunks): Promise<void> {
  await env.FILES.put(file, JSON.stringify(chunks))
}

/**
 * Reads the chunks of a plan's sections; none for a plan of the first format. Throws `Failure` `plan_damaged` if
 * they are not the chunks that were written.
 */
export async function readChunks(env: Env, plan: PlanManifest): Promise<PlanChunks> {
  if (plan.chunks === undefined) return {}
  const object = await env.FILES.get(plan.chunks)
  if (object === null) throw damaged()
  const chunks = parsed(new TextDecoder().decode(await bytesOf(object)))
  for (const { file, sha256 } of plan.sections) {
    if ((await hashOfChunks(chunks[file] ?? [])) !== sha256) throw damaged()
  }
  return chunks
}

function parsed(text: string): PlanChunks {
  try {
    return JSON.parse(text)
  } catch {
    throw damaged()
  }
}

/** Whole lines of a plan, their section, and the position after them, in bytes over all of its sections. */
export interface PlanLines {
  lines: string[]
  section: PlanSection
  next: number
}

/**
 * Reads the first chunk of a plan from a byte position over all of its sections; null at the end. Sections that are not
 * `taken` are skipped. Throws `Failure` `plan_damaged` if the chunk was changed. A plan of the first format has no chunks
 * and no hashes to check.
 */
export async function readChunk(
  env: Env,
  plan: PlanManifest,
  chunks: PlanChunks,
  position: number,
  taken: (section: PlanSection) => boolean,
): Promise<PlanLines | null> {
  const place = placeIn(plan, position, taken)
  if (place === null) return null
  const { section, start, from } = place
  if (section.sha256 === undefined) {
    const { lines, next } = await readLines(env.FILES, section, from, { bytes: CHUNK })
    return { lines, section, next: start + (next ?? section.bytes) }
  }
  const chunk = chunkAt(chunks[section.file] ?? [], from)
  return { lines: await readChecked(env, section, from, chunk), section, next: start + from + chunk.bytes }
}

/**
 * Reads the rest of a plan from a position, like `readChunk`. Throws `Failure` `plan_damaged` unless all of it is what was
 * written.
 */
export async function checkRest(
  env: Env,
  plan: PlanManifest,
  chunks: PlanChunks,
  position: number,
  taken: (section: PlanSection) => boolean,
): Promise<void> {
  for (let at: number | null = position; at !== null; await yieldThread()) {
    const part: PlanLines | null = await readChunk(env, plan, chunks, at, taken)
    at = part?.next ?? null
  }
}

function chunkAt(chunks: readonly Chunk[], position: number): Chunk {
  let start = 0
  for (const chunk of chunks) {
    if (start === position) return chunk
    start += chunk.bytes
  }
  throw damaged()
}

async function readChecked(env: Env, section: PlanSection, from: number, chunk: Chunk): Promise<string[]> {
  const bytes = await readWhole(env.FILES, section, from, chunk.bytes).catch((error: unknown) => {
    throw error instanceof FileLost ? damaged() : error
  })
  const sha256 = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  if (sha256 !== chunk.sha256) throw damaged()
  // The last byte is the line break of the last line.
  return new TextDecoder().decode(bytes.subarray(0, -1)).split('\n')
}

/** The failure of a plan whose files are not what was written. */
export function damaged(): Failure {
  return new Failure(
    'plan_damaged',
    'The stored list of changes is damaged, so no more of it is applied.',
    'Import again: a new list is made. If it happens once more, tell the operator of Muster.',
  )
}
