import { readDetails } from '../core/contact.ts'
import { RETRIED_FOR } from '../core/retry.ts'
import { isSomebodyElse } from '../core/same-person.ts'
import type { Env } from '../env.ts'
import { type ContactRow, contactsUnder } from '../store/contacts.ts'
import { type Statement, write } from '../store/database.ts'
import {
  type About,
  type ContactDecision,
  decidingAboutAbsent,
  type JointDecision,
  jointly,
  type TextDecision,
} from '../store/deciding.ts'
import { decisions, isOutdated, lastDecision } from '../store/decisions.ts'
import {
  DECISIONS,
  ERASURES,
  type JournalEntry,
  journalPosition,
  missingEntries,
  restoredAt,
  setJournalPosition,
} from '../store/journal.ts'
import { decidingHere } from '../store/sms.ts'
import { eraseAgain } from './erase.ts'
import { requesting, tellableSources } from './sms.ts'
import { sendStep } from './step.ts'

/** A decision is in the journal before it is in the database. For so long it is not missing there, in milliseconds. */
const RECENT = 10 * 60_000

/**
 * Records the decisions of the journal that the database does not have, as after it was restored to an earlier time. Each is
 * recorded once, however often this runs. One that a restore lost had been written to the CRM already, and is not written again.
 * One whose request died had never been written. It may be older than another decision about the same person, which then counts.
 * Returns whether there may be more.
 */
export async function replayDecisions(env: Env, now: number): Promise<boolean> {
  // Whatever was decided before the database was restored is not in it, however recent.
  const restored = await restoredAt(env)
  const before = Math.max(now - RECENT, restored)
  const page = await missingEntries(env, DECISIONS, await journalPosition(env, DECISIONS), before)
  if (page === null) return false
  // After a day a status is given up. Older decisions are those of a restore that nobody has told Muster of.
  const unwritten = Math.max(now - RETRIED_FOR, restored)
  // What this page brings back, as after a restore, comes in its order.
  const last = page.entries.length === 0 ? 0 : await lastDecision(env)
  for (const entry of page.entries) {
    const { at } = entry.decision
    const known = at > restored ? last : 0
    await write(env, await recording(env, entry, known, at > unwritten), decisions.name)
  }
  await setJournalPosition(env, DECISIONS, page.position)
  return true
}

/**
 * Erases the people again whom a restored database has, before anything else is done with it. An erasure that is being made
 * at the same time may come twice. Returns whether there may be more.
 */
export async function replayErasures(env: Env, now: number): Promise<boolean> {
  const page = await missingEntries(env, ERASURES, await journalPosition(env, ERASURES), now)
  if (page === null) return false
  for (const entry of page.entries) await eraseAgain(env, entry)
  await setJournalPosition(env, ERASURES, page.position)
  return true
}

/** Replays a part of the journals, and goes on in another message: a restore may have lost the opt-outs of a month. */
export async function replayStep(env: Env): Promise<void> {
  const now = Date.now()
  if ((await replayErasures(env, now)) || (await replayDecisions(env, now))) await sendStep(env, { step: 'replay' })
}

/** Returns the statements that record an entry of the journal. `last`: the newest decision that was known before. */
async function recording(
  env: Env,
  { decision, about }: JournalEntry,
  last: number,
  tells: boolean,
): Promise<Statement[]> {
  if ('number' in decision) return (await isOutdated(env, decision, null, last)) ? [] : deciding(env, decision, tells)
  if (about === null) return []
  const key = await present(env, decision, about)
  if (key === null) return decidingAboutAbsent(decision, about)
  return (await isOutdated(env, decision, key, last)) ? [] : deciding(env, jointly({ ...decision, key }), tells)
}

/** Returns the statements that record a decision and, if it `tells` the sources, let it be written to them. */
async function deciding(env: Env, decision: TextDecision | JointDecision, tells: boolean): Promise<Statement[]> {
  if (!tells) return decidingHere(decision, [])
  const telling = await tellableSources(env)
  return [...decidingHere(decision, telling.all), ...requesting(telling, decision.at)]
}

/** Returns the key of the contact that a decision was about; null if the person is not in the directory. */
async function present(env: Env, { key }: ContactDecision, about: About): Promise<number | null> {
  const person = readDetails(JSON.stringify(about.details))
  const isPerson = (contact: ContactRow) =>
    contact.removedAt === null && !isSomebodyElse(person, readDetails(contact.details))
  const found = (await contactsUnder(env, key, about)).filter(isPerson)
  return (found.find((contact) => contact.key === key) ?? found[0])?.key ?? null
}
