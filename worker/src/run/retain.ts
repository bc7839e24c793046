import type { Env } from '../env.ts'
import { listErasures } from '../store/erasures.ts'
import {
  expireContacts,
  expireErased,
  expireRecords,
  expireRuns,
  retentionState,
  setRetentionState,
} from '../store/retention.ts'
import { readSettings } from '../store/settings.ts'
import { deleteUnnamed } from '../store/unnamed-files.ts'
import { blankJournal } from './erase.ts'
import { sendStep } from './step.ts'

const DAY = 24 * 60 * 60_000
/** How often retention runs over all data, in milliseconds. */
const EVERY = 6 * 60 * 60_000
/** The longest time that one message works, in milliseconds, and the most rounds. D1 allows 1,000 queries. */
const WORKS = 20_000
const ROUNDS = 60
/** The most erasures that are looked at again. */
const AT_ONCE = 20

/** Starts or continues retention on a tick, if it is due. */
export async function startRetaining(env: Env, now: number): Promise<void> {
  const { dueAt } = await retentionState(env)
  if (dueAt <= now) await sendStep(env, { step: 'retain', now })
}

/**
 * Deletes data that has been kept long enough (settings: `retentionDays`), or that names people who were erased: runs with their files, removed contacts, old
 * records, and files that crashes left in R2. A message does a bounded part, and the next tick continues after it.
 * `now` is the time of the tick.
 */
export async function retainStep(env: Env, now: number): Promise<void> {
  const { position, dueAt } = await retentionState(env)
  if (dueAt > now) return
  const until = Date.now() + WORKS
  const { retentionDays } = await readSettings(env)
  const before = now - retentionDays * DAY
  await expireErased(env, now)
  // An erasure may have been interrupted after its transaction.
  const recent = (await listErasures(env, '', AT_ONCE)).filter(({ at }) => at > now - DAY)
  for (const erasure of recent) await blankJournal(env, erasure)
  const parts = [
    () => expireRuns(env, before, now),
    // Contacts expire after the runs, since the removal of a contact can be undone until its run expires.
    () => expireContacts(env, before),
    () => expireRecords(env, now),
  ]
  for (const part of parts) {
    for (let round = 0; (await part()) > 0; round++) if (round === ROUNDS || Date.now() > until) return
  }
  let at: string | null = position
  for (let round = 0; at !== null && round < ROUNDS && Date.now() < until; round++)
    at = await deleteUnnamed(env, at, now, before)
  await setRetentionState(env, at === null ? { position: '', dueAt: now + EVERY } : { position: at, dueAt })
}
