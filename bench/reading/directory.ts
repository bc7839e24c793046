import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { detailsWith, type NumberType } from '../../worker/src/core/contact.ts'
import { written } from '../../worker/src/core/plan.ts'
import type { Statement } from '../../worker/src/store/database.ts'
import { type KeyedContact, writeChanges } from '../../worker/src/store/writing.ts'

/** The IDs in a filled directory that requests name. */
export interface Filled {
  /** The sources, the largest first. */
  sources: string[]
  /** A group of about 6,000 members, and one of about 100,000. */
  group: number
  largeGroup: number
}

const FIRST = 'Ana Zoë José Renée André Liam Olivia Noah Émile Chloé Björn Aoife Jürgen Priya Wei Fatima Grace'.split(
  ' ',
)
const LAST = "O'Brien Núñez Müller Côté McDonald Okafor García Wong Singh Tremblay Fraser Lévesque Kowalczyk".split(' ')
const SYLLABLES = 'ba del ka ron mi tov sa lin pe gar no vich du mar te son wi ler fo rand'.split(' ')
const ORGANIZATIONS = ['Northern Ridge Rescue', 'Coast Valley Search', "St. Brendan's College", 'École Beau-Rivage']
const GROUPS = 200
const LARGE_GROUP = 'All students'
/** The shares of the directory that the sources have; the last has a hundred contacts. */
const SHARES = [10 / 12, 1 / 12, 1 / 12]
const SMALL = 100
/** How many contacts one transaction writes. */
const CHUNK = 5000

/**
 * Fills the database of a stopped Muster, which has had its migrations, with made-up contacts: a thousandth of them has opted
 * out, a hundredth was removed. The statements are those of an import, so that the directory is what an import would have
 * made. `sources` has the IDs of four sources.
 */
export function fill(state: string, contacts: number, sources: string[]): Filled {
  const db = open(state)
  db.exec('PRAGMA synchronous = OFF')
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  const perform = (statements: readonly Statement[]) => {
    db.exec('BEGIN')
    for (const { sql, values } of statements) {
      const statement = prepared.get(sql) ?? db.prepare(sql)
      prepared.set(sql, statement)
      statement.run(...(values as SQLInputValue[]))
    }
    db.exec('COMMIT')
  }
  const groupIds = new Map<string, number>()
  for (const name of [...Array.from({ length: GROUPS }, (_, i) => `Group ${i}`), LARGE_GROUP]) {
    const { lastInsertRowid } = db
      .prepare('INSERT INTO grouping (key, name) VALUES (?, ?)')
      .run(name.toLowerCase(), name)
    groupIds.set(name.toLowerCase(), Number(lastInsertRowid))
  }
  const now = Date.now()
  let index = 0
  for (const [place, source] of sources.entries()) {
    const share = SHARES[place]
    const end = share === undefined ? contacts : Math.min(contacts - SMALL, Math.round(index + contacts * share))
    while (index < end) {
      const changes: KeyedContact[] = []
      while (index < end && changes.length < CHUNK) {
        const key = ++index
        const after = contactOf(index, contacts)
        const id = `E${String(index).padStart(7, '0')}`
        changes.push(written({ op: 'add', key, id, before: null, after, rows: [] }))
      }
      perform(writeChanges({ run: 'filled', by: null, source }, changes, groupIds, now))
    }
  }
  db.prepare(`UPDATE counter SET value = ? WHERE name = 'key'`).run(contacts)
  optOut(db, now)
  remove(db, perform, sources, now)
  // Import-sized transactions leave many segments; a directory that has lived for a while has few.
  db.exec(`INSERT INTO contact_search (contact_search, rank) VALUES ('merge', 500)`)
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
  return { sources, group: groupIds.get('group 7') ?? 0, largeGroup: groupIds.get(LARGE_GROUP.toLowerCase()) ?? 0 }
}

/** Opens the database file of the local D1. */
function open(state: string): DatabaseSync {
  const files = readdirSync(state, { recursive: true, encoding: 'utf8' })
  const [file] = files.filter((name) => /d1.*[0-9a-f]{64}\.sqlite$/.test(name))
  if (file === undefined) throw new Error(`There is no database in ${state}: ${files.join(', ')}`)
  return new DatabaseSync(join(state, file))
}

function contactOf(index: number, contacts: number) {
  const random = mixed(index)
  const first = FIRST[random % FIRST.length] ?? ''
  const last = nameOf(random >>> 4)
  const type: NumberType = index % 4 === 0 ? 'landline' : 'mobile'
  const groups = [`group ${(random >>> 3) % GROUPS}`]
  if (random % Math.round(contacts / 100_000) === 0) groups.unshift(LARGE_GROUP.toLowerCase())
  return detailsWith({
    name: `${first} ${last}`,
    organization: ORGANIZATIONS[(random >>> 7) % ORGANIZATIONS.length] ?? null,
    numbers:
      index % 50 === 0
        ? []
        : [{ number: `+1604${String(2_000_000 + index)}`, type, description: null, extension: null }],
    emails: index % 20 === 0 ? [] : [`person.${index}@example.org`],
    priority: index % 10 === 0 ? 'high' : 'normal',
    groups: groups.sort(),
    assignedUser: index % 100 === 0 ? `advisor${index % 2000}` : null,
    fields: { cohort: [String(2000 + (random % 26))], campus: [index % 40 === 0 ? 'North' : 'South'] },
  })
}

/** Half of the people have one of a few common names. */
function nameOf(random: number): string {
  if (random % 2 === 0) return LAST[(random >>> 1) % LAST.length] ?? ''
  const syllables = [1, 6, 11, 16].map((shift) => SYLLABLES[(random >>> shift) % SYLLABLES.length])
  const name = syllables.slice(0, 2 + (random % 3)).join('')
  return name.charAt(0).toUpperCase() + name.slice(1)
}

function optOut(db: DatabaseSync, now: number): void {
  db.exec(`INSERT INTO decision (status, how, who, at, contact, evidence)
    SELECT 'opted_out', 'person', 'Admin', ${now}, key, '{}' FROM contact WHERE key % 1000 = 7;
    INSERT INTO contact_opt_out (contact, decision) SELECT contact, id FROM decision;
    UPDATE contact SET sms_status = 'opted_out', sms_own = 'opted_out', sms_by = 'Admin', sms_at = ${now}, sms_here = ${now},
      sms_decision = (SELECT id FROM decision d WHERE d.contact = contact.key) WHERE key % 1000 = 7`)
}

function remove(
  db: DatabaseSync,
  perform: (statements: readonly Statement[]) => void,
  sources: readonly string[],
  now: number,
): void {
  for (const source of sources.slice(0, 2)) {
    const rows = db.prepare('SELECT key, id, details FROM contact WHERE source = ? AND key % 100 = 51').all(source)
    for (let from = 0; from < rows.length; from += CHUNK) {
      const changes = rows.slice(from, from + CHUNK).map(({ key, id, details }): KeyedContact => {
        return { op: 'remove', key: Number(key), id: String(id), before: String(details), after: null, rows: [] }
      })
      perform(writeChanges({ run: 'filled', by: null, source }, changes, new Map(), now))
    }
  }
}

/** Returns a 32-bit number that looks random and is always the same for an index. */
function mixed(index: number): number {
  let value = Math.imul(index, 0x9e3779b1)
  value = Math.imul(value ^ (value >>> 15), 0x85ebca77)
  return (value ^ (value >>> 13)) >>> 0
}
