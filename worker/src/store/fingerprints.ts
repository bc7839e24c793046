import { freeMemory } from '../core/bytes.ts'
import { KnownContacts } from '../core/known.ts'
import { type RekeyDecision, readLine } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { randomSeed } from '../security/random.ts'
import { bytesOf } from './files.ts'
import { eachLines } from './lines.ts'
import type { PlanManifest, PlanSection } from './plan-reading.ts'
import { movedBy, readRekey, rekeysOf, reservedKey } from './rekeys.ts'
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
 * Writes the fingerprints of a plan as they are without the changes of some sections, which were rejected, and with the
 * decision about people that come under new IDs. The contacts of rejected changes stay known, if they are in the
 * directory, but their rows must be read again. Null if the plan's file cannot be read.
 */
export async function fingerprintsWithout(
  env: Env,
  plan: PlanManifest & { fingerprints: FingerprintFile },
  rejected: readonly PlanSection[],
  rekey: RekeyDecision | undefined,
): Promise<FingerprintFile | null> {
  const made = plan.fingerprints
  const known = await readFingerprints(env, made)
  if (known === null) return null
  for (const section of rejected) {
    for await (const lines of eachLines(env.FILES, section)) for (const line of lines) leaveOut(line, known)
  }
  const rekeys = rekeysOf(plan)
  if (rekeys !== null && !rejected.includes(rekeys)) {
    for await (const lines of eachLines(env.FILES, rekeys)) for (const line of lines) setApart(line, known, plan, rekey)
  }
  const file = `${made.file}-without`
  const bytes = known.write()
  known.free()
  await env.FILES.put(file, bytes)
  freeMemory(bytes)
  return { ...made, file }
}

/** Gives the ID of a person that is not moved the key of the new contact. The known contact may still be there. */
function setApart(line: string, known: KnownContacts, plan: PlanManifest, rekey: RekeyDecision | undefined): void {
  const { key, id, fromId, owner, otherwise } = readRekey(line)
  if (otherwise === null || movedBy(rekey)({ from: fromId, to: id })) return
  known.setKey(known.find(id), reservedKey(plan, otherwise.number))
  if (!otherwise.removes && owner === undefined) known.add(fromId, key)
}

function leaveOut(line: string, known: KnownContacts): void {
  const change = readLine(line)
  const { op, key, id } = change
  const slot = known.find(id)
  const isManual = 'owner' in change && change.owner !== undefined
  if (op === 'rekey') {
    if (!isManual) known.add(change.fromId, key)
    known.setKey(slot, 0)
    return
  }
  if (op === 'remove') {
    if (slot === -1 && !isManual) known.add(id, key)
    return
  }
  if (slot === -1) return
  // Who was to be added or adopted is not one of the source's contacts.
  if (op === 'add' || isManual) known.setKey(slot, 0)
  known.setFingerprint(slot, 0, 0)
}
