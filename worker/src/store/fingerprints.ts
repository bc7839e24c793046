import { freeMemory } from '../core/bytes.ts'
import { KnownContacts } from '../core/known.ts'
import { readLine } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { randomSeed } from '../security/random.ts'
import { bytesOf } from './files.ts'
import { eachLines } from './lines.ts'
import type { PlanSection } from './plan-reading.ts'
import type { FingerprintFile } from './sources.ts'

/** Reads a file of fingerprints; null if it is not there, is damaged or has another version. */
export async function readFingerprints(
  env: Env,
  { file, firstKey }: Pick<FingerprintFile, 'file' | 'firstKey'>,
): Promise<KnownContacts | null> {
  const object = await env.FILES.get(file)
  if (object === null) return null
  const bytes = await bytesOf(object)
  const known = KnownContacts.read(bytes, firstKey, randomSeed())
  freeMemory({ buffer: bytes })
  return known
}

/**
 * Writes the fingerprints of a plan as they are without the changes of some sections, which were rejected. Their contacts
 * stay known, if they are in the directory, but their rows must be read again. Null if the plan's file cannot be read.
 */
export async function fingerprintsWithout(
  env: Env,
  made: FingerprintFile,
  sections: readonly PlanSection[],
): Promise<FingerprintFile | null> {
  const known = await readFingerprints(env, made)
  if (known === null) return null
  for (const section of sections) {
    for await (const lines of eachLines(env.FILES, section)) for (const line of lines) leaveOut(line, known)
  }
  const file = `${made.file}-without`
  const bytes = known.write()
  known.free()
  await env.FILES.put(file, bytes)
  freeMemory(bytes)
  return { ...made, file }
}

function leaveOut(line: string, known: KnownContacts): void {
  const { op, key, id, ...change } = readLine(line)
  const slot = known.find(id)
  const isManual = 'owner' in change && change.owner !== undefined
  if (op === 'remove') {
    if (slot === -1 && !isManual) known.add(id, key)
    return
  }
  if (slot === -1) return
  // Who was to be added or adopted is not one of the source's contacts.
  if (op === 'add' || isManual) known.setKey(slot, 0)
  known.setFingerprint(slot, 0, 0)
}
