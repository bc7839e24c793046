import { pathOf } from '../core/attributes.ts'
import { NUMBER_PATH, NUMBER_TYPE_PATH, readDetails } from '../core/contact.ts'
import { DigestCollision } from '../core/contact-rows.ts'
import { KnownContacts } from '../core/known.ts'
import type { Directory, StoredContact } from '../core/plan-contract.ts'
import type { Env } from '../env.ts'
import { randomSeed } from '../security/random.ts'
import { yieldThread } from '../yield-thread.ts'
import { type ContactRow, contacts } from './contacts.ts'
import { counterValue } from './counters.ts'
import { all, columnsOf, first, named, type Statement } from './database.ts'
import { readFingerprints } from './fingerprints.ts'
import { REMOVED_OF_SOURCE } from './removed.ts'
import type { SourceRow } from './sources.ts'

/** The most IDs or keys in one query. They go to D1 as one bound JSON text, so its size must be bounded. */
const PAGE = 2000
/** The most contacts with the same number that planning reads. */
const MOST_HOLDERS = 20

const PLANNED = [
  'key',
  'id',
  'source',
  'removedAt',
  'details',
  'smsStatus',
  'smsOwn',
  'smsHere',
  'smsShown',
  'smsSeen',
] as const
/** The columns of a contact that planning reads. */
type PlannedRow = Pick<ContactRow, (typeof PLANNED)[number]>

/**
 * Runs a query for at most some thousand rows. Yields the thread to other requests before the caller processes them.
 */
async function read<Row>(env: Env, query: Statement): Promise<Row[]> {
  const rows = await all<Row>(env, query)
  await yieldThread()
  return rows
}

/** Returns the directory as planning for one source reads it. */
export function directoryOf(env: Env, source: string): Directory {
  const columns = columnsOf(contacts, 'c', PLANNED)
  const contactsOf = async (sql: string, values: Record<string, string | number>) =>
    (await read<PlannedRow>(env, named(`SELECT ${columns} FROM ${sql}`, values))).map(stored)
  return {
    byKeys: (keys) =>
      contactsOf(
        `json_each(:keys) j CROSS JOIN contact c ON c.key = j.value AND c.source IN (:source, '') ORDER BY c.key`,
        {
          keys: JSON.stringify(keys),
          source,
        },
      ),
    byIds: (ids) =>
      contactsOf(
        `json_each(:ids) j CROSS JOIN contact c
          ON c.id = j.value AND (c.source = :source OR (c.source = '' AND c.removed_at IS NULL))`,
        { ids: JSON.stringify(ids), source },
      ),
    async byMobileNumbers(numbers) {
      const found = await read<Pick<ContactRow, 'id' | 'source'> & { number: string }>(
        env,
        named(
          `SELECT number, id, source FROM (
              SELECT h.number, c.id, c.source, row_number() OVER (PARTITION BY h.number ORDER BY c.id, c.key) AS place
              FROM json_each(:numbers) j CROSS JOIN contact_number h ON h.number = j.value
                CROSS JOIN contact c ON c.key = h.contact
              WHERE EXISTS (SELECT 1 FROM json_each(c.details, '${pathOf('numbers')}') n
                WHERE n.value->>'${NUMBER_PATH}' = h.number AND n.value->>'${NUMBER_TYPE_PATH}' = 'mobile'))
            WHERE place <= :most ORDER BY number, place`,
          { numbers: JSON.stringify(numbers), most: MOST_HOLDERS },
        ),
      )
      return found.map(({ number, id, source: owner }) => ({
        number,
        id,
        owner: owner === source ? 'source' : owner === '' ? 'hand' : 'other',
      }))
    },
    async *manualContacts() {
      for (let after = 0; ; ) {
        const page = await contactsOf(
          `contact c WHERE c.source = '' AND c.removed_at IS NULL AND c.key > :after ORDER BY c.key LIMIT :limit`,
          { after, limit: PAGE },
        )
        yield* page
        const last = page.at(-1)
        if (last === undefined || page.length < PAGE) return
        after = last.key
      }
    },
  }
}

function stored(row: PlannedRow): StoredContact {
  return {
    key: row.key,
    id: row.id,
    manual: row.source === '',
    removed: row.removedAt !== null,
    details: readDetails(row.details),
    sms: {
      own: row.smsOwn,
      byNumber: row.smsStatus === 'opted_out' && row.smsOwn !== 'opted_out',
      here: row.smsHere,
      shown: row.smsShown === 1,
      seen: row.smsSeen,
    },
  }
}

/** The starting point of a plan: the contacts of a source, and the last change that they include. */
export interface Known {
  contacts: KnownContacts
  seq: number
  /** Whether the directory may hold manual or removed contacts with the file's new IDs. */
  lookUpNew: boolean
  /** Whether the directory has any contacts. */
  lookUpNumbers: boolean
}

/** How digests of IDs are made: the seed of new ones, and whether all are to be new. */
export interface Seeding {
  seed: number
  anew: boolean
}

/**
 * Returns the contacts of a source with the fingerprints that are still valid. They come from the file of the last
 * applied run, without the fingerprints of contacts that another run or a person has changed since. If there is no such
 * file, or with `anew`, the contacts come from the directory, and their digests have the given seed.
 */
export async function loadKnown(
  env: Env,
  source: SourceRow,
  settingsHash: string,
  { seed, anew }: Seeding,
): Promise<Known> {
  const { seq, others, anybody } = await current(env, source.id)
  const file = anew ? null : source.fingerprints
  const known = file === null ? null : await readFingerprints(env, file)
  if (file === null || known === null) {
    return { contacts: await scan(env, source.id, seed), seq, lookUpNew: others, lookUpNumbers: anybody }
  }
  if (file.settingsHash !== settingsHash) known.clearFingerprints()
  await takeChanges(env, source.id, known, file, seq)
  return { contacts: known, seq, lookUpNew: others, lookUpNumbers: anybody }
}

async function current(env: Env, source: string): Promise<{ seq: number; others: boolean; anybody: boolean }> {
  const row = await first<{ seq: number; others: number; anybody: number }>(
    env,
    named(
      `SELECT ${counterValue('seq')} AS seq,
        EXISTS (SELECT 1 FROM contact WHERE source = '') OR
        EXISTS (SELECT 1 FROM ${REMOVED_OF_SOURCE}) AS others,
        EXISTS (SELECT 1 FROM contact) AS anybody`,
      { source },
    ),
  )
  return { seq: row?.seq ?? 0, others: row?.others === 1, anybody: row?.anybody === 1 }
}

type ChangedRow = Pick<ContactRow, 'key' | 'id' | 'seq' | 'source' | 'removedAt'>

/** Adds the changes to the source's contacts since the fingerprints were made, except those of that run itself. */
async function takeChanges(
  env: Env,
  source: string,
  known: KnownContacts,
  { seq, run }: { seq: number; run: string },
  newest: number,
): Promise<void> {
  /** The slots of contacts that are known by another ID, or are not; -1 for contacts that are gone. */
  const moved = new Map<number, number>()
  // Other sources may have changed far more contacts than this one has.
  const fewer = known.size * 2 < newest - seq
  const changed = fewer ? changesOfSource(env, source, known, { seq, run }) : changesSince(env, { seq, run })
  for await (const row of changed) {
    const slot = known.find(row.id)
    const live = row.source === source && row.removedAt === null
    const differs = slot === -1 || known.key(slot) !== row.key
    // An erased contact no longer says which source or ID it had.
    const mayBeOwn = row.source === source || row.source === '' || row.source.startsWith('~')
    if (differs && mayBeOwn) moved.set(row.key, live ? slot : -1)
    if (slot === -1) {
      if (live) moved.set(row.key, known.add(row.id, row.key))
    } else if (live || known.key(slot) === row.key) {
      known.setKey(slot, live ? row.key : 0)
      known.setFingerprint(slot, 0, 0)
    }
  }
  known.keepOnly(moved)
}

const CHANGED = `${columnsOf(contacts, 'c', ['key', 'id', 'seq', 'source', 'removedAt'])}`
const SINCE = 'c.seq > :seq AND c.run IS NOT :run'

/** Yields every contact that has changed, of whatever source, in the order of the changes. */
async function* changesSince(env: Env, since: { seq: number; run: string }): AsyncGenerator<ChangedRow> {
  for (let { seq } = since; ; ) {
    const rows = await read<ChangedRow>(
      env,
      named(`SELECT ${CHANGED} FROM contact c WHERE ${SINCE} ORDER BY c.seq LIMIT :limit`, {
        ...since,
        seq,
        limit: PAGE,
      }),
    )
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    seq = last.seq
  }
}

/** Yields the contacts that have changed and are, or were known as, contacts of the source. */
async function* changesOfSource(
  env: Env,
  source: string,
  known: KnownContacts,
  since: { seq: number; run: string },
): AsyncGenerator<ChangedRow> {
  const keys = [...known.keys()]
  for (let at = 0; at < keys.length; at += PAGE) {
    yield* await read<ChangedRow>(
      env,
      named(
        `SELECT ${CHANGED} FROM json_each(:keys) j CROSS JOIN contact c ON c.key = j.value
          WHERE ${SINCE} AND c.source <> :source`,
        { ...since, source, keys: JSON.stringify(keys.slice(at, at + PAGE)) },
      ),
    )
  }
  for (let id = ''; ; ) {
    const rows = await read<ChangedRow>(
      env,
      named(
        `SELECT ${CHANGED} FROM contact c INDEXED BY contact_id
          WHERE c.source = :source AND c.id > :id AND ${SINCE} ORDER BY c.id LIMIT :limit`,
        { ...since, source, id, limit: PAGE },
      ),
    )
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    id = last.id
  }
}

async function scan(env: Env, source: string, seed: number): Promise<KnownContacts> {
  const known = new KnownContacts(seed, randomSeed())
  for (let after = ''; ; ) {
    const rows = await read<Pick<ContactRow, 'key' | 'id'>>(
      env,
      named(
        `SELECT key, id FROM contact WHERE source = :source AND removed_at IS NULL AND id > :after
          ORDER BY id LIMIT :limit`,
        { source, after, limit: PAGE * 5 },
      ),
    )
    for (const { key, id } of rows) {
      if (known.find(id) !== -1) throw new DigestCollision()
      known.add(id, key)
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE * 5) return known
    after = last.id
  }
}
