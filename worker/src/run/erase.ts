import { optOutFileOf } from '../connections/facts.ts'
import { readDetails } from '../core/contact.ts'
import type { Env } from '../env.ts'
import { newId } from '../security/random.ts'
import { type Statement, write } from '../store/database.ts'
import { erasedHash } from '../store/erased-hash.ts'
import {
  blankedEntries,
  contactsByKeys,
  contactsOfPerson,
  erasing,
  findErasable,
  hashedPeople,
  sourcesOf,
} from '../store/erasing.ts'
import { type ErasureRow, erasedPeople, liftingErasure } from '../store/erasures.ts'
import { heldRuns } from '../store/held-runs.ts'
import { addToJournal, DECISIONS, ERASURES, takeFromJournal } from '../store/journal.ts'
import { requestingOptOutFiles } from '../store/opt-out-files.ts'
import { findSource } from '../store/sources.ts'
import { planHeldAgain } from './plan-again.ts'

/** How often an erasure begins again because the contact was changed at the same time. */
const ATTEMPTS = 5

/**
 * Erases the person that a contact is, with all contacts of the person (design: Consent, “Erasing a person”). The contact may
 * have been removed. The hashes that are left are in the journal before the directory changes. Returns null if the contact
 * kept changing, or was erased meanwhile.
 */
export async function erase(
  env: Env,
  key: string,
  { by, reason }: { by: string; reason: string },
  now: number,
): Promise<ErasureRow | null> {
  const hash = await erasedHash(env)
  const id = newId()
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const contact = await findErasable(env, key)
    if (contact === null) return null
    const rows = await contactsOfPerson(env, contact)
    const erasure: ErasureRow = {
      id,
      at: now,
      who: by,
      reason,
      contacts: rows.map((row) => row.key),
      sources: await sourcesOf(env, rows),
      people: hashedPeople(hash, rows),
    }
    await addToJournal(env, ERASURES, erasure)
    const statements = await erasing(env, erasure, rows, hash, now)
    const { failed } = await write(env, [...statements, ...(await telling(env, erasure, now))], 'guard')
    if (failed !== null) continue
    await blankJournal(env, erasure)
    await planAgain(env, erasure, now)
    return erasure
  }
  return null
}

/** Blanks what the journal of decisions has about the person. Doing it again changes nothing. */
export async function blankJournal(env: Env, erasure: ErasureRow): Promise<void> {
  for (const entry of await blankedEntries(env, erasure)) await addToJournal(env, DECISIONS, entry)
}

/** Returns the statements by which the files of opt-outs are written again without the person. */
async function telling(env: Env, { sources }: ErasureRow, now: number): Promise<Statement[]> {
  const found = await Promise.all(sources.map((id) => findSource(env, id)))
  const withFile = found.flatMap((source) =>
    source !== null && optOutFileOf(source.connection) !== null ? source.id : [],
  )
  return withFile.length === 0 ? [] : [requestingOptOutFiles(withFile, now, { atOnce: true })]
}

/** Starts a run for each source whose held plan may name the person. It replaces the held run. */
async function planAgain(env: Env, { sources, who }: ErasureRow, now: number): Promise<void> {
  for (const [source, held] of await heldRuns(env, sources)) {
    const found = await findSource(env, source)
    if (found?.enabled !== true) continue
    await planHeldAgain(env, held, found, { trigger: 'manual', requestedBy: who }, now)
  }
}

/** Erases the people of an erasure again, in a database that was restored to the time before it. */
export async function eraseAgain(env: Env, erasure: ErasureRow): Promise<void> {
  const hash = await erasedHash(env)
  const found = await contactsByKeys(env, erasure.contacts)
  // Another contact may have got a key since the database was restored.
  const rows = found.filter(({ source, id, details }) =>
    erasedPeople(hash, source, [erasure]).has(id, readDetails(details), true),
  )
  const { failed } = await write(env, await erasing(env, erasure, rows, hash, Date.now()), 'guard')
  if (failed !== null) throw new Error('A contact was changed while it was erased again')
}

/** Lifts an erasure: the next import brings the person back. */
export async function lift(env: Env, erasure: ErasureRow): Promise<void> {
  await takeFromJournal(env, ERASURES, erasure)
  await write(env, liftingErasure(erasure.id))
}
