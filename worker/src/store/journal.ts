import { inArray } from 'drizzle-orm'
import type { Env } from '../env.ts'
import type { About, HereDecision } from './consent.ts'
import { database, first, named, write } from './database.ts'
import { decisions } from './decisions.ts'

/**
 * The journal of decisions made here: an object in R2 for each, written before the database. A database that was restored
 * to an earlier time gets the decisions that it lost from it (design: Consent).
 */
export interface JournalEntry {
  decision: HereDecision
  /** With whom it was about; null for a text, which is about its number. */
  about: About | null
}

const PREFIX = 'decisions/'
const AT_ONCE = 100

/** Adds an entry. Adding it again changes nothing. */
export async function addToJournal(env: Env, entry: JournalEntry): Promise<void> {
  const { at, name } = entry.decision
  await env.FILES.put(`${PREFIX}${new Date(at).toISOString()} ${encodeURIComponent(name)}.json`, JSON.stringify(entry))
}

/** Entries in the order of their times, and the position after them; null if there are no more. */
export interface JournalPage {
  entries: JournalEntry[]
  position: string
}

/** Reads the entries after a position that the database does not have, out of those written before a time. */
export async function missingEntries(env: Env, after: string, before: number): Promise<JournalPage | null> {
  const { objects } = await env.FILES.list({ prefix: PREFIX, limit: AT_ONCE, ...(after && { startAfter: after }) })
  const recent = objects.findIndex(({ uploaded }) => uploaded.getTime() >= before)
  const old = recent === -1 ? objects : objects.slice(0, recent)
  const last = old.at(-1)
  if (last === undefined) return null
  const names = old.map(({ key }) => nameOf(key))
  const rows = await database(env)
    .select({ name: decisions.name })
    .from(decisions)
    .where(inArray(decisions.name, names))
  const known = new Set(rows.map(({ name }) => name))
  const entries: JournalEntry[] = []
  for (const { key } of old.filter((_, i) => !known.has(names[i] ?? ''))) {
    const object = await env.FILES.get(key)
    if (object !== null) entries.push(await object.json<JournalEntry>())
  }
  return { entries, position: last.key }
}

function nameOf(key: string): string {
  return decodeURIComponent(key.slice(key.indexOf(' ') + 1, -'.json'.length))
}

const POSITION = 'journal'

/** Returns how far the journal has been compared with the database. A restored database has the position of then. */
export async function journalPosition(env: Env): Promise<string> {
  const row = await first<{ value: string }>(env, named(`SELECT value FROM setting WHERE name = '${POSITION}'`))
  return row === null ? '' : JSON.parse(row.value)
}

export async function setJournalPosition(env: Env, position: string): Promise<void> {
  await write(env, [
    named(
      `INSERT INTO setting (name, value) VALUES ('${POSITION}', :value) ON CONFLICT DO UPDATE SET value = excluded.value`,
      { value: JSON.stringify(position) },
    ),
  ])
}
