import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import Papa from 'papaparse'

/*
 * `node bench/plain-node-import.ts DATABASE FILE` brings a directory into step with a CSV file in the template's shape, as a
 * Node program of a hundred lines would: the same checks as Muster's for a plain row, contacts with several rows, groups,
 * search, an upsert of what differs and a delete of what is missing, in one transaction. It has no snapshot, no plan, no
 * limits, no undo, no history and no consent. It prints how many contacts it wrote and how many rows have problems.
 */
const [database = '', path = ''] = process.argv.slice(2)

interface Contact {
  name: string
  organization: string
  title: string
  priority: string
  numbers: { number: string; type: string; description: string }[]
  emails: string[]
  groups: string[]
}

const TYPES = new Set(['mobile', 'landline', 'pager'])
const PRIORITIES = new Set(['high', 'low', ''])
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

const db = new DatabaseSync(database)
db.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS contact (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, details TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS grouping (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS member (contact INTEGER, grouping INTEGER, PRIMARY KEY (contact, grouping)) WITHOUT ROWID;
  CREATE VIRTUAL TABLE IF NOT EXISTS contact_search USING fts5(words, content='', contentless_delete=1);
`)

const { contacts, withErrors, problems } = readContacts(readFileSync(path, 'utf8'))
db.exec('BEGIN IMMEDIATE')
const written = writeContacts(contacts) + deleteMissing(contacts, withErrors)
db.exec('COMMIT')
db.close()
console.log(`${written} contacts written, ${problems} rows with problems`)

/** Reads the contacts of a file by their IDs. `withErrors` are IDs that stay as they are. */
function readContacts(text: string) {
  const contacts = new Map<string, Contact>()
  const withErrors = new Set<string>()
  let problems = 0
  Papa.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: true,
    step({ data }) {
      const id = (data.ID ?? '').trim()
      const contact = readRow(data)
      if (id === '' || contact === null) {
        problems++
        if (id !== '') withErrors.add(id)
        return
      }
      const other = contacts.get(id)
      if (other === undefined) contacts.set(id, contact)
      else if (!merge(other, contact)) withErrors.add(id)
    },
  })
  for (const id of withErrors) contacts.delete(id)
  return { contacts, withErrors, problems }
}

/** Reads and checks a row; null if it has an error. An unreadable e-mail address is left out. */
function readRow(row: Record<string, string>): Contact | null {
  const cell = (name: string) => (row[name] ?? '').trim()
  const number = parsePhoneNumberFromString(cell('Number'), 'US')
  const type = cell('Number Type').toLowerCase()
  const priority = cell('Notification Priority').toLowerCase()
  const groups = cell('Groups')
    .split(/[,;|]/)
    .map((name) => name.trim().replace(/\s+/g, ' '))
    .filter((name) => name !== '')
  if (cell('Name') === '' || number?.isValid() !== true || !TYPES.has(type) || groups.length === 0) return null
  if (!PRIORITIES.has(priority)) return null
  return {
    name: cell('Name'),
    organization: cell('Organization Name'),
    title: cell('Title'),
    priority,
    numbers: [{ number: number.number, type, description: cell('Number Description') }],
    emails: EMAIL.test(cell('Email Address')) ? [cell('Email Address')] : [],
    groups: [...new Set(groups)],
  }
}

/** Adds what another row of the same ID says; false if the two contradict each other. */
function merge(contact: Contact, { numbers, emails, groups, ...one }: Contact): boolean {
  for (const key of ['name', 'organization', 'title', 'priority'] as const) {
    if (contact[key] === '') contact[key] = one[key]
    else if (one[key] !== '' && one[key] !== contact[key]) return false
  }
  for (const number of numbers)
    if (!contact.numbers.some((own) => own.number === number.number)) contact.numbers.push(number)
  contact.emails = [...new Set([...contact.emails, ...emails])]
  contact.groups = [...new Set([...contact.groups, ...groups])]
  return true
}

/** Adds or updates the contacts that differ from the stored ones, and returns their number. */
function writeContacts(contacts: ReadonlyMap<string, Contact>): number {
  const find = db.prepare('SELECT key, details FROM contact WHERE id = ?')
  const add = db.prepare('INSERT INTO contact (id, details) VALUES (?, ?) RETURNING key')
  const update = db.prepare('UPDATE contact SET details = ? WHERE key = ?')
  const index = db.prepare('INSERT INTO contact_search (rowid, words) VALUES (?, ?)')
  const member = db.prepare('INSERT INTO member (contact, grouping) VALUES (?, ?)')
  const groupOf = groupIds()
  let written = 0
  for (const [id, contact] of contacts) {
    const details = JSON.stringify(contact)
    const stored = find.get(id)
    if (stored?.details === details) continue
    let key = Number(stored?.key)
    if (stored === undefined) key = Number(add.get(id, details)?.key)
    else {
      update.run(details, key)
      forget(key)
    }
    index.run(key, wordsOf(id, contact))
    for (const group of new Set(contact.groups.map(groupOf))) member.run(key, group)
    written++
  }
  return written
}

/** Returns a function that gives the ID of a group, which is created if it is new. */
function groupIds(): (name: string) => number {
  const ids = new Map(
    db
      .prepare('SELECT key, id FROM grouping')
      .all()
      .map(({ key, id }) => [key, Number(id)]),
  )
  const add = db.prepare('INSERT INTO grouping (key, name) VALUES (?, ?) RETURNING id')
  return (name) => {
    const key = name.toLowerCase()
    const id = ids.get(key) ?? Number(add.get(key, name)?.id)
    ids.set(key, id)
    return id
  }
}

/** Deletes the contacts that the file does not have, and returns their number. */
function deleteMissing(contacts: ReadonlyMap<string, Contact>, withErrors: ReadonlySet<string>): number {
  const remove = db.prepare('DELETE FROM contact WHERE key = ?')
  let removed = 0
  for (const { key, id } of db.prepare('SELECT key, id FROM contact').all()) {
    if (contacts.has(String(id)) || withErrors.has(String(id))) continue
    forget(Number(key))
    remove.run(Number(key))
    removed++
  }
  return removed
}

/** Takes a contact out of its groups and of the search. */
function forget(key: number): void {
  db.prepare('DELETE FROM contact_search WHERE rowid = ?').run(key)
  db.prepare('DELETE FROM member WHERE contact = ?').run(key)
}

/** Returns what a contact is found by. */
function wordsOf(id: string, { name, organization, title, numbers, emails }: Contact): string {
  return [id, name, organization, title, ...numbers.map(({ number }) => number), ...emails].join(' ')
}
