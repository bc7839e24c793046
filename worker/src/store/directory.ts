import { freeMemory } from '../core/bytes.ts'
import { DETAIL_PATHS, NUMBER_PATH, NUMBER_TYPE_PATH, readDetails, type SmsStatus } from '../core/contact.ts'
import { DigestCollision } from '../core/contact-rows.ts'
import { KnownContacts } from '../core/known.ts'
import type { Directory, StoredContact } from '../core/plan-contract.ts'
import { numberQuery } from '../core/search.ts'
import type { Env } from '../env.ts'
import { yieldThread } from '../yield-thread.ts'
import { bytesOf } from './files.ts'
import type { SourceRow } from './schema.ts'

/** IDs and keys go to D1 as one bound JSON text of bounded size. */
const PAGE = 2000
/** How many of those who have one number are looked at. */
const MOST_HOLDERS = 20

interface ContactRow {
  key: number
  id: string
  source: string
  removed_at: number | null
  details: string
  sms_status: SmsStatus
  sms_here: number | null
  sms_shown: number
  sms_seen: string | null
}

/** The rows of a query, some thousand at the most; what is made of them waits until others have had the thread. */
async function read<T>(statement: D1PreparedStatement): Promise<T[]> {
  const { results } = await statement.all<T>()
  await yieldThread()
  return results
}

/** The directory as planning reads it, for one source. */
export function directoryOf(env: Env, source: string): Directory {
  const columns = 'c.key, c.id, c.source, c.removed_at, c.details, c.sms_status, c.sms_here, c.sms_shown, c.sms_seen'
  return {
    async byKeys(keys) {
      const results = await read<ContactRow>(
        env.DB.prepare(
          `SELECT ${columns} FROM json_each(?1) j CROSS JOIN contact c ON c.key = j.value AND c.source IN (?2, '')
          ORDER BY c.key`,
        ).bind(JSON.stringify(keys), source),
      )
      return results.map(stored)
    },
    async byIds(ids) {
      const results = await read<ContactRow>(
        env.DB.prepare(
          `SELECT ${columns} FROM json_each(?1) j CROSS JOIN contact c
          ON c.id = j.value AND (c.source = ?2 OR (c.source = '' AND c.removed_at IS NULL))`,
        ).bind(JSON.stringify(ids), source),
      )
      return results.map(stored)
    },
    async byMobileNumbers(numbers) {
      // The search index has each number as a word; a removed contact is not in it.
      const sought = numbers.map((number) => [number, numberQuery(number)])
      const results = await read<{ number: string; id: string; source: string }>(
        env.DB.prepare(
          `SELECT number, id, source FROM (
            SELECT j.value->>0 AS number, c.id, c.source,
              row_number() OVER (PARTITION BY j.key ORDER BY c.id, c.key) AS place
            FROM json_each(?1) j CROSS JOIN contact_search s CROSS JOIN contact c ON c.key = s.rowid
            WHERE s.contact_search MATCH (j.value->>1) AND EXISTS (
              SELECT 1 FROM json_each(c.details, '${DETAIL_PATHS.numbers}') n
              WHERE n.value->>'${NUMBER_PATH}' = j.value->>0 AND n.value->>'${NUMBER_TYPE_PATH}' = 'mobile'))
          WHERE place <= ?2 ORDER BY number, place`,
        ).bind(JSON.stringify(sought), MOST_HOLDERS),
      )
      return results.map(({ number, id, source: owner }) => ({
        number,
        id,
        owner: owner === source ? 'source' : owner === '' ? 'hand' : 'other',
      }))
    },
    async *madeByHand() {
      for (let after = 0; ; ) {
        const results = await read<ContactRow>(
          env.DB.prepare(
            `SELECT ${columns} FROM contact c WHERE c.source = '' AND c.removed_at IS NULL AND c.key > ?1
            ORDER BY c.key LIMIT ?2`,
          ).bind(after, PAGE),
        )
        yield* results.map(stored)
        const last = results.at(-1)
        if (last === undefined || results.length < PAGE) return
        after = last.key
      }
    },
  }
}

function stored(row: ContactRow): StoredContact {
  return {
    key: row.key,
    id: row.id,
    madeByHand: row.source === '',
    removed: row.removed_at !== null,
    details: readDetails(row.details),
    sms: { status: row.sms_status, here: row.sms_here, shown: row.sms_shown === 1, seen: row.sms_seen },
  }
}

/** What planning starts from: the contacts of a source, and up to which change they are known. */
export interface Known {
  contacts: KnownContacts
  seq: number
  /** Whether the directory may hold contacts that the file's new IDs name: made by hand, or removed. */
  lookUpNew: boolean
  /** Whether anybody at all is in the directory. */
  lookUpNumbers: boolean
}

/**
 * The contacts of a source with the fingerprints that still hold: from the file of the last run that was applied, less
 * whatever another run or a person has changed since; without that file, from the directory.
 */
export async function loadKnown(
  env: Env,
  source: SourceRow,
  settingsHash: string,
  seed: number | null,
): Promise<Known> {
  const { seq, others, anybody } = await standing(env, source.id)
  const file = seed === null ? source.fingerprints : null
  const known = file === null ? null : await readFingerprints(env, file.file, file.firstKey)
  if (file === null || known === null) {
    return { contacts: await scan(env, source.id, seed ?? 0), seq, lookUpNew: others, lookUpNumbers: anybody }
  }
  if (file.settingsHash !== settingsHash) known.clearFingerprints()
  await takeChanges(env, source.id, known, file.seq, file.run)
  return { contacts: known, seq, lookUpNew: others, lookUpNumbers: anybody }
}

async function standing(env: Env, source: string): Promise<{ seq: number; others: boolean; anybody: boolean }> {
  const row = await env.DB.prepare(
    `SELECT (SELECT value FROM counter WHERE name = 'seq') AS seq,
      EXISTS (SELECT 1 FROM contact WHERE source = '') OR
      EXISTS (SELECT 1 FROM contact WHERE source = ?1 AND removed_at IS NOT NULL) AS others,
      EXISTS (SELECT 1 FROM contact) AS anybody`,
  )
    .bind(source)
    .first<{ seq: number; others: number; anybody: number }>()
  return { seq: row?.seq ?? 0, others: row?.others === 1, anybody: row?.anybody === 1 }
}

async function readFingerprints(env: Env, file: string, firstKey: number): Promise<KnownContacts | null> {
  const object = await env.FILES.get(file)
  if (object === null) return null
  const bytes = await bytesOf(object)
  const known = KnownContacts.read(bytes, firstKey)
  freeMemory({ buffer: bytes })
  return known
}

/** What has happened to the source's contacts since the fingerprints were made, other than by that run itself. */
async function takeChanges(env: Env, source: string, known: KnownContacts, seq: number, run: string): Promise<void> {
  for (let after = seq; ; ) {
    const results = await read<Pick<ContactRow, 'key' | 'id' | 'source' | 'removed_at'> & { seq: number }>(
      env.DB.prepare(
        `SELECT key, id, seq, source, removed_at FROM contact WHERE seq > ?1 AND run IS NOT ?2 ORDER BY seq LIMIT ?3`,
      ).bind(after, run, PAGE),
    )
    for (const row of results) {
      const slot = known.find(row.id)
      const live = row.source === source && row.removed_at === null
      if (slot === -1) {
        if (live) known.add(row.id, row.key)
      } else if (live || known.key(slot) === row.key) {
        known.setKey(slot, live ? row.key : 0)
        known.setFingerprint(slot, 0, 0)
      }
    }
    const last = results.at(-1)
    if (last === undefined || results.length < PAGE) return
    after = last.seq
  }
}

async function scan(env: Env, source: string, seed: number): Promise<KnownContacts> {
  const known = new KnownContacts(seed)
  for (let after = ''; ; ) {
    const results = await read<{ key: number; id: string }>(
      env.DB.prepare(
        'SELECT key, id FROM contact WHERE source = ?1 AND removed_at IS NULL AND id > ?2 ORDER BY id LIMIT ?3',
      ).bind(source, after, PAGE * 5),
    )
    for (const { key, id } of results) {
      if (known.find(id) !== -1) throw new DigestCollision()
      known.add(id, key)
    }
    const last = results.at(-1)
    if (last === undefined || results.length < PAGE * 5) return known
    after = last.id
  }
}
