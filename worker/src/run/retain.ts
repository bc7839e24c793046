import type { Env } from '../env.ts'
import { expireContacts, expireRecords, expireRuns, retentionState, setRetentionState } from '../store/retention.ts'
import { readSettings } from '../store/settings.ts'
import { deleteUnnamed } from '../store/unnamed-files.ts'
import { sendStep } from './step.ts'

const DAY = 24 * 60 * 60_000
/** How often everything is looked through, in milliseconds. */
const EVERY = 6 * 60 * 60_000
/** How long one message works, in milliseconds, and how much it does at the most: D1 allows 1,000 queries. */
const WORKS = 20_000
const ROUNDS = 60

/** On a tick: begins with what has expired, or goes on with it. */
export async function startRetaining(env: Env, now: number): Promise<void> {
  const { dueAt } = await retentionState(env)
  if (dueAt <= now) await sendStep(env, { step: 'retain', now })
}

/**
 * Ends what has been kept long enough (settings: `retentionDays`): runs and their files, removed contacts, old records,
 * and what crashes left in R2. A message does a bounded part; the next tick goes on where it ended. `now`: the tick's time.
 */
export async function retainStep(env: Env, now: number): Promise<void> {
  const { position, dueAt } = await retentionState(env)
  if (dueAt > now) return
  const until = Date.now() + WORKS
  const { retentionDays } = await readSettings(env)
  const before = now - retentionDays * DAY
  const parts = [
    () => expireRuns(env, before, now),
    // After the runs, whose removals can be taken back as long as they last.
    () => expireContacts(env, before),
    () => expireRecords(env, now),
  ]
  for (const part of parts) {
    for (let round = 0; (await part()) > 0; round++) if (round === ROUNDS || Date.now() > until) return
  }
  let at: string | null = position
  for (let round = 0; at !== null && round < ROUNDS && Date.now() < until; round++)
    at = await deleteUnnamed(env, at, now)
  await setRetentionState(env, at === null ? { position: '', dueAt: now + EVERY } : { position: at, dueAt })
}
