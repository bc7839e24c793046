import { readDetails, writeDetails } from '../core/contact.ts'
import { HASHED, hashedDetails, hashedId, hashedNumber } from '../core/erased.ts'
import { isSamePerson, isSomebodyElse } from '../core/same-person.ts'
import { emailWord } from '../core/search.ts'
import type { Env } from '../env.ts'
import type { KeyedHash } from '../security/keyed-hash.ts'
import { leaving, listOf, updatingStatuses } from './consent.ts'
import { type ContactRow, contacts } from './contacts.ts'
import { counterValue, raise } from './counters.ts'
import { all, columnsOf, database, guard, named, type Statement, statement } from './database.ts'
import type { DecidedBy } from './decisions.ts'
import { type ErasureRow, erasures, movingNumbers } from './erasures.ts'
import type { JournalEntry } from './journal.ts'
import { NumberChanges, numbersOf } from './numbers.ts'
import { markingRemoved, REMOVED } from './removed.ts'
import { expiringErased } from './retention.ts'

/** The most contacts that are erased together. A person has a few. */
const MOST_CONTACTS = 50
/** The most decisions about them. */
const MOST_DECISIONS = 5000

const COLUMNS = columnsOf(contacts, 'c')

/** Returns contacts by their keys, removed ones included. */
export function contactsByKeys(env: Env, keys: readonly number[]): Promise<ContactRow[]> {
  return all(
    env,
    named(`SELECT ${COLUMNS} FROM json_each(:keys) j CROSS JOIN contact c ON c.key = j.value ORDER BY c.key`, {
      keys: JSON.stringify(keys),
    }),
  )
}

/**
 * Returns the contact with the key, which may have been removed as long as its data is kept. Returns null if there is none,
 * or if the person was erased.
 */
export async function findErasable(env: Env, key: string): Promise<ContactRow | null> {
  if (!/^\d{1,15}$/.test(key)) return null
  const [row] = await contactsByKeys(env, [Number(key)])
  // Of a person who was erased, the row has no ID.
  return row === undefined || (row.removedAt !== null && row.id === '') ? null : row
}

/**
 * Returns a contact and the others that are the same person, with the same name and a number or an e-mail in common:
 * contacts of other sources, and contacts that were removed and whose data is still kept.
 */
export async function contactsOfPerson(env: Env, contact: ContactRow): Promise<ContactRow[]> {
  const person = readDetails(contact.details)
  const numbers = JSON.stringify(numbersOf(person))
  const emails = JSON.stringify(person.emails.map(emailWord))
  const values = JSON.stringify([...person.numbers.map(({ number }) => number), ...person.emails])
  const found = await all<ContactRow>(
    env,
    named(
      `SELECT ${COLUMNS} FROM (
          SELECT h.contact AS key FROM json_each(:numbers) n CROSS JOIN contact_number h ON h.number = n.value
          UNION SELECT c.key FROM ${REMOVED}
            AND EXISTS (SELECT 1 FROM json_each(:values) v WHERE instr(lower(c.details), lower(v.value)))
          UNION SELECT s.rowid FROM json_each(:emails) e CROSS JOIN contact_search s
            WHERE s.contact_search MATCH '"' || e.value || '"'
        ) x CROSS JOIN contact c ON c.key = x.key WHERE c.key <> :key ORDER BY c.key`,
      { numbers, emails, values, key: contact.key },
    ),
  )
  const same = found.filter(({ details }) => isSamePerson(readDetails(details), person))
  return [contact, ...same].slice(0, MOST_CONTACTS).sort((a, b) => a.key - b.key)
}

/** Returns the IDs of the sources that have or had contacts. */
export async function sourcesOf(env: Env, rows: readonly ContactRow[]): Promise<string[]> {
  const ids = rows.flatMap(({ history, run }): string[] => [
    ...JSON.parse(history).flatMap((entry: { run?: string | null }) => entry.run ?? []),
    ...(run === null ? [] : [run]),
  ])
  const found = await all<{ source: string }>(
    env,
    named('SELECT DISTINCT r.source FROM json_each(:ids) j CROSS JOIN run r ON r.id = j.value', {
      ids: JSON.stringify([...new Set(ids)]),
    }),
  )
  const own = rows.map(({ source }) => source).filter((source) => source !== '' && !source.startsWith('~'))
  return [...new Set([...own, ...found.map(({ source }) => source)])].sort()
}

/** Returns the hashes that are left of contacts. */
export function hashedPeople(hash: KeyedHash, rows: readonly ContactRow[]): ErasureRow['people'] {
  return rows.map(({ source, id, details }) => [
    hashedId(hash, source, id),
    JSON.parse(writeDetails(hashedDetails(hash, readDetails(details)))),
  ])
}

/** The records of decisions about people who are erased, as they are to be. */
interface Blanked {
  /** `[id, about, evidence]` of decisions. */
  decisions: [id: number, about: string | null, evidence: string][]
  /** `[contact, decision, id, person]` of opt-outs that wait for the people, hashed. */
  optOuts: [contact: number, decision: number, id: string, person: string][]
  /** Numbers and their hashes. */
  numbers: Record<string, string>
}

/**
 * Returns the statements that erase contacts, for one `write` with the guard as an expected answer: it fails if one of
 * them has changed since it was read. Erasing them again changes nothing.
 */
export async function erasing(
  env: Env,
  erasure: ErasureRow,
  rows: readonly ContactRow[],
  hash: KeyedHash,
  now: number,
): Promise<Statement[]> {
  const keys = rows.map(({ key }) => key)
  const list = JSON.stringify(keys)
  const present = rows.filter(({ removedAt }) => removedAt === null)
  const numbers = new NumberChanges()
  for (const { key, details } of present) numbers.add(key, numbersOf(readDetails(details)), [])
  const blanked = await blankedRecords(env, rows, hash)
  return [
    guard(
      `(SELECT count(*) FROM json_each(:seqs) j CROSS JOIN contact c ON c.key = j.value->>0 AND c.seq = j.value->>1) = :count`,
      { seqs: JSON.stringify(rows.map(({ key, seq }) => [key, seq])), count: rows.length },
    ),
    ...(present.length === 0 ? [] : leaving(listOf(present.map(({ key }) => key)))),
    ...numbers.statements(),
    named(
      `UPDATE contact_opt_out SET source = '${HASHED}', id = j.value->>2, person = j.value->>3, excepted = '[]'
        FROM json_each(:optOuts) j
        WHERE contact_opt_out.contact = j.value->>0 AND contact_opt_out.decision = j.value->>1 AND contact_opt_out.apart = 1`,
      { optOuts: JSON.stringify(blanked.optOuts) },
    ),
    named(
      `UPDATE decision SET about = j.value->>1, evidence = j.value->>2,
          name = iif(name GLOB 'number *' OR name GLOB 'id *' OR name GLOB 'row *', NULL, name)
        FROM json_each(:decisions) j WHERE decision.id = j.value->>0`,
      { decisions: JSON.stringify(blanked.decisions) },
    ),
    // A number that somebody else has is that person's, too.
    ...movingNumbers(blanked.numbers, 'NOT EXISTS (SELECT 1 FROM contact_number h WHERE h.number = j.key)'),
    raise('seq', ':count', { count: rows.length }),
    named(BLANK, { keys: list, count: rows.length, now }),
    markingRemoved('c.key IN (SELECT value FROM json_each(:keys))', { keys: list }),
    named('DELETE FROM sms_change WHERE contact IN (SELECT value FROM json_each(:keys))', { keys: list }),
    named(
      `UPDATE audit SET detail = NULL WHERE detail IS NOT NULL AND action IN ('sms_opted_in', 'sms_opted_out')
        AND subject IN (SELECT CAST(value AS TEXT) FROM json_each(:keys))`,
      { keys: list },
    ),
    // Plans of these sources are made again. Fingerprints are digests of IDs, so they are read from the directory again.
    named(
      'UPDATE source SET revision = revision + 1, fingerprints = NULL WHERE id IN (SELECT value FROM json_each(:sources))',
      { sources: JSON.stringify(erasure.sources) },
    ),
    ...(rows.some(({ source }) => source === '') ? [raise('manual')] : []),
    statement(database(env).insert(erasures).values(erasure).onConflictDoNothing()),
    ...expiringErased(now),
    raise('erased'),
    ...updatingStatuses(
      {
        sql: `SELECT h.contact AS key FROM json_each(:lost) l CROSS JOIN contact_number h ON h.number = l.key`,
        values: { lost: numbers.lost },
      },
      { run: null, by: null },
      now,
    ),
  ]
}

/** The row stays for the feed of changes, with its key and nothing else, until retention deletes it. */
const BLANK = `UPDATE contact SET source = '~' || contact.key, id = '', seq = ${counterValue('seq')} - :count + 1 + j.key, run = NULL,
    details = '[]', sms_status = 'unknown', sms_by = NULL, sms_at = iif(sms_at IS NULL, NULL, :now), sms_in = NULL, sms_own = 'unknown',
    sms_decision = NULL, sms_here = NULL, sms_seen = NULL, sms_shown = 0, updated_at = :now, removed_at = :now, history = '[]'
  FROM json_each(:keys) j WHERE contact.key = j.value`

interface StoredDecision {
  id: number
  number: string | null
  contact: number | null
  about: string | null
  evidence: string
}

interface Person {
  key?: number
  source: string
  id: string
  details?: unknown[] | null
  numbers?: string[]
}

async function blankedRecords(env: Env, rows: readonly ContactRow[], hash: KeyedHash): Promise<Blanked> {
  const keys = JSON.stringify(rows.map(({ key }) => key))
  const numbers = new Set(rows.flatMap(({ details }) => numbersOf(readDetails(details))))
  const found = await all<StoredDecision>(
    env,
    named(
      `SELECT d.id, d.number, d.contact, d.about, d.evidence FROM (
          SELECT id FROM decision WHERE contact IN (SELECT value FROM json_each(:keys))
          UNION SELECT decision FROM decision_holder WHERE contact IN (SELECT value FROM json_each(:keys))
          UNION SELECT decision FROM number_opt_out WHERE number IN (SELECT value FROM json_each(:numbers))
          UNION SELECT decision FROM contact_opt_out WHERE contact IN (SELECT value FROM json_each(:keys))
          UNION SELECT id FROM (SELECT id FROM decision WHERE number IN (SELECT value FROM json_each(:numbers))
            UNION SELECT d.id FROM json_each(:rows) r CROSS JOIN decision d ON d.name >= r.value AND d.name < r.value || '~')) x
        CROSS JOIN decision d ON d.id = x.id LIMIT ${MOST_DECISIONS}`,
      { keys, numbers: JSON.stringify([...numbers]), rows: JSON.stringify(rows.map(namesOfRows)) },
    ),
  )
  const isOurs = (one: Person) =>
    // The row of such a decision named nobody but by its numbers.
    (one.id === '' && one.numbers?.every((number) => numbers.has(number)) === true) ||
    rows.some((row) => {
      if (one.key !== undefined) return one.key === row.key
      const isSame =
        one.details != null && isSamePerson(readDetails(JSON.stringify(one.details)), readDetails(row.details))
      return isSame || (one.source === row.source && one.id === row.id)
    })
  const decisions: Blanked['decisions'] = []
  const about: StoredDecision[] = []
  for (const decision of found) {
    const people: Person | Person[] | null = decision.about === null ? null : JSON.parse(decision.about)
    const isOwn = decision.contact !== null && rows.some(({ key }) => key === decision.contact)
    if (Array.isArray(people)) {
      const others = people.filter((one) => !isOurs(one))
      if (others.length < people.length) about.push(decision)
      decisions.push([decision.id, JSON.stringify(others), decision.evidence])
    } else if (isOwn || (people !== null && isOurs(people))) {
      about.push(decision)
      decisions.push([decision.id, null, '{}'])
    }
  }
  const decided = JSON.stringify(about.map(({ id }) => id))
  const stops = await all<{ number: string }>(
    env,
    named('SELECT DISTINCT number FROM number_opt_out WHERE decision IN (SELECT value FROM json_each(:decided))', {
      decided,
    }),
  )
  for (const { number } of [...stops, ...about]) if (number?.startsWith('+') === true) numbers.add(number)
  return {
    decisions,
    optOuts: await waitingOptOuts(env, rows, hash),
    numbers: Object.fromEntries([...numbers].map((number) => [number, hashedNumber(hash, number)])),
  }
}

/** Returns how the names of decisions begin that came from rows of a contact's ID (see `sms-import.ts`). */
function namesOfRows({ source, id }: ContactRow): string {
  return `row ${JSON.stringify([source, id]).slice(0, -1)},`
}

/** Returns the opt-outs of the people themselves, as they wait for them to come back. */
async function waitingOptOuts(env: Env, rows: readonly ContactRow[], hash: KeyedHash): Promise<Blanked['optOuts']> {
  const found = await all<{ contact: number; decision: number; apart: 0 | 1; person: string | null; key: number }>(
    env,
    named(
      `SELECT o.contact, o.decision, o.apart, o.person, c.key FROM json_each(:keys) j CROSS JOIN contact c ON c.key = j.value
        CROSS JOIN contact_opt_out o ON o.contact = c.key OR (o.apart = 1 AND o.source = c.source AND o.id = c.id)`,
      { keys: JSON.stringify(rows.map(({ key }) => key)) },
    ),
  )
  return found.flatMap(({ contact, decision, apart, person, key }): Blanked['optOuts'] => {
    const row = rows.find((one) => one.key === key)
    if (row === undefined) return []
    const details = readDetails(row.details)
    // Somebody else may have had the ID before.
    if (apart === 1 && person !== null && isSomebodyElse(readDetails(person), details)) return []
    return [[contact, decision, hashedId(hash, row.source, row.id), writeDetails(hashedDetails(hash, details))]]
  })
}

interface JournalledRow {
  name: string
  status: 'opted_in' | 'opted_out'
  how: DecidedBy
  who: string
  whoId: string | null
  at: number
  number: string | null
  contact: number | null
}

/** Returns the journal's entries of decisions about people who were erased, without anything that tells who they were. */
export async function blankedEntries(env: Env, { contacts: keys, people }: ErasureRow): Promise<JournalEntry[]> {
  const rows = await all<JournalledRow>(
    env,
    named(
      `SELECT d.name, d.status, d.how, d.who, d.who_id AS whoId, d.at, d.number, d.contact FROM (
          SELECT id FROM decision WHERE contact IN (SELECT value FROM json_each(:keys))
          UNION SELECT decision FROM decision_holder WHERE contact IN (SELECT value FROM json_each(:keys))
          UNION SELECT id FROM decision WHERE number >= '${HASHED}' AND number < '$') x
        CROSS JOIN decision d ON d.id = x.id WHERE d.name IS NOT NULL AND d.how <> 'source' LIMIT ${MOST_DECISIONS}`,
      { keys: JSON.stringify(keys) },
    ),
  )
  return rows.flatMap(({ name, status, how, who, whoId, at, number, contact }): JournalEntry[] => {
    // A number that somebody else has stays readable.
    if (how === 'text' && number?.startsWith(HASHED) === true)
      return [{ decision: { name, number, words: '', status, at }, about: null }]
    const [id, details] = people[keys.indexOf(contact ?? -1)] ?? []
    if ((how !== 'person' && how !== 'system') || contact === null || id === undefined || details === undefined)
      return []
    return [
      {
        decision: { name, key: contact, status, how, who, whoId, reason: null, at },
        about: { source: HASHED, id, details },
      },
    ]
  })
}
