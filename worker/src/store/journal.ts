import type { Env } from '../env.ts'
import { all, first, named, write } from './database.ts'
import type { About, HereDecision } from './deciding.ts'
import type { ErasureRow } from './erasures.ts'

/*
 * The journals of decisions made here and of erasures: an object in R2 for each, written before the database. A database
 * that was restored to an earlier time gets from them what it lost (design: Consent).
 */

/** An entry of the journal of decisions. */
export interface JournalEntry {
  decision: HereDecision
  /** With whom it was about; null for a text, which is about its number. */
  about: About | null
}

/** A journal, and the names of its entries in the database. */
interface Journal<Entry> {
  prefix: string
  /** The setting with how far the journal has been compared with the database. A restored database has the one of then. */
  position: string
  /** As SQL: which of the names `:names` the database has. */
  known: string
  nameOf: (entry: Entry) => { at: number; name: string }
}

export const DECISIONS: Journal<JournalEntry> = {
  prefix: 'decisions/',
  position: 'journal',
  known: 'SELECT name FROM decision WHERE name IN (SELECT value FROM json_each(:names))',
  nameOf: ({ decision }) => decision,
}

export const ERASURES: Journal<ErasureRow> = {
  prefix: 'erasures/',
  position: 'erasureJournal',
  known: 'SELECT id AS name FROM erasure WHERE id IN (SELECT value FROM json_each(:names))',
  nameOf: ({ at, id }) => ({ at, name: id }),
}

const AT_ONCE = 100

/** Adds an entry, or writes it in place of the same one. */
export async function addToJournal<Entry>(env: Env, journal: Journal<Entry>, entry: Entry): Promise<void> {
  await env.FILES.put(keyOf(journal, entry), JSON.stringify(entry))
}

/** Takes an entry out of a journal. */
export async function takeFromJournal<Entry>(env: Env, journal: Journal<Entry>, entry: Entry): Promise<void> {
  await env.FILES.delete(keyOf(journal, entry))
}

function keyOf<Entry>({ prefix, nameOf }: Journal<Entry>, entry: Entry): string {
  const { at, name } = nameOf(entry)
  return `${prefix}${new Date(at).toISOString()} ${encodeURIComponent(name)}.json`
}

/** Entries in the order of their times, and the position after them; null if there are no more. */
export interface JournalPage<Entry> {
  entries: Entry[]
  position: string
}

/** Reads the entries after a position that were written before a time and that the database does not have. */
export async function missingEntries<Entry>(
  env: Env,
  { prefix, known: knownNames }: Journal<Entry>,
  after: string,
  before: number,
): Promise<JournalPage<Entry> | null> {
  const { objects } = await env.FILES.list({ prefix, limit: AT_ONCE, ...(after && { startAfter: after }) })
  const recent = objects.findIndex(({ uploaded }) => uploaded.getTime() >= before)
  const old = recent === -1 ? objects : objects.slice(0, recent)
  const last = old.at(-1)
  if (last === undefined) return null
  const names = old.map(({ key }) => nameOf(key))
  const rows = await all<{ name: string }>(env, named(knownNames, { names: JSON.stringify(names) }))
  const known = new Set(rows.map(({ name }) => name))
  const entries: Entry[] = []
  for (const { key } of old.filter((_, i) => !known.has(names[i] ?? ''))) {
    const object = await env.FILES.get(key)
    if (object !== null) entries.push(await new Response(object.body).json<Entry>())
  }
  return { entries, position: last.key }
}

function nameOf(key: string): string {
  return decodeURIComponent(key.slice(key.indexOf(' ') + 1, -'.json'.length))
}

/** Returns how far a journal has been compared with the database. */
export async function journalPosition(env: Env, { position }: Journal<never>): Promise<string> {
  return (await stored<string>(env, position)) ?? ''
}

/** Returns when the database was last restored (`npm run restored`), in milliseconds since 1970; 0 if it never was. */
export async function restoredAt(env: Env): Promise<number> {
  return (await stored<number>(env, 'restoredAt')) ?? 0
}

async function stored<T>(env: Env, name: string): Promise<T | null> {
  const row = await first<{ value: string }>(env, named('SELECT value FROM setting WHERE name = :name', { name }))
  return row === null ? null : JSON.parse(row.value)
}

export async function setJournalPosition(env: Env, { position }: Journal<never>, value: string): Promise<void> {
  await write(env, [
    named(
      `INSERT INTO setting (name, value) VALUES (:position, :value) ON CONFLICT DO UPDATE SET value = excluded.value`,
      { position, value: JSON.stringify(value) },
    ),
  ])
}
