import type { ContactDetails } from '../core/contact.ts'
import type { Change } from '../core/plan.ts'
import { searchWords } from '../core/search.ts'
import type { Env } from '../env.ts'

/** Who changes contacts: a run of a source, or a person (`by`). */
export interface Writer {
  run: string | null
  by: string | null
  /** The source whose contacts they are; '' for those made by hand. */
  source: string
}

/** A change whose contact has its key; `returns` for an added contact that the directory had and removed. */
export type KeyedChange = Change & { returns?: boolean }

/**
 * The statements that make changes to contacts, for one D1 batch: contacts with their place in the order of changes,
 * search words, memberships, history. Every writer of contacts comes through here, so that none of it is forgotten.
 * `groupIds` has the ID of every group key that the changes name.
 */
export function writeChanges(
  env: Env,
  writer: Writer,
  changes: readonly KeyedChange[],
  groupIds: ReadonlyMap<string, number>,
  now: number,
): D1PreparedStatement[] {
  const rows = new ChangeRows(groupIds)
  for (const change of changes) rows.add(change)
  const bind = (sql: string, value: unknown, ...more: (string | number | null)[]) =>
    env.DB.prepare(sql).bind(JSON.stringify(value), ...more)
  const seq = `(SELECT value FROM counter WHERE name = 'seq') - ${changes.length}`
  const statements = [env.DB.prepare(`UPDATE counter SET value = value + ?1 WHERE name = 'seq'`).bind(changes.length)]
  const actor = [now, writer.run, writer.by] as const
  const { added, updated, removed, dropped, words, left, joined } = rows
  let base = 1
  if (added.length > 0) {
    statements.push(
      bind(
        `INSERT INTO contact (key, source, id, seq, run, details, updated_at, history)
          SELECT value->>0, ?5, value->>1, ${seq} + ${base} + key, ?3, value->>2, ?2,
            json_array(json_object('at', ?2, 'op', 'add', 'run', ?3, 'by', ?4))
          FROM json_each(?1)`,
        added,
        ...actor,
        writer.source,
      ),
    )
  }
  base += added.length
  if (updated.length > 0) {
    statements.push(
      bind(
        `${UPSERT} SELECT value->>0, ?5, value->>1, ${seq} + ${base} + key, ?3, value->>2, ?2,
            json_object('at', ?2, 'run', ?3, 'by', ?4, 'op', value->>3, 'changed', json(value->>4))
          FROM json_each(?1) WHERE true
          ON CONFLICT (key) DO UPDATE SET source = excluded.source, seq = excluded.seq, run = excluded.run,
            details = excluded.details, updated_at = excluded.updated_at, removed_at = NULL, history = ${REMEMBER}
          WHERE source IN (?5, '')`,
        updated,
        ...actor,
        writer.source,
      ),
    )
  }
  base += updated.length
  if (removed.length > 0) {
    statements.push(
      bind(
        `${UPSERT} SELECT value->>0, ?5, value->>1, ${seq} + ${base} + key, ?3, '{}', ?2,
            json_object('at', ?2, 'run', ?3, 'by', ?4, 'op', 'remove')
          FROM json_each(?1) WHERE true
          ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, run = excluded.run, updated_at = excluded.updated_at,
            removed_at = excluded.updated_at, history = ${REMEMBER}
          WHERE source IN (?5, '')`,
        removed,
        ...actor,
        writer.source,
      ),
    )
  }
  if (dropped.length > 0) {
    statements.push(bind('DELETE FROM contact_search WHERE rowid IN (SELECT value FROM json_each(?1))', dropped))
  }
  if (words.length > 0) {
    statements.push(
      bind('INSERT INTO contact_search (rowid, words) SELECT value->>0, value->>1 FROM json_each(?1)', words),
    )
  }
  if (left.length > 0) {
    statements.push(
      bind(
        `DELETE FROM membership WHERE (grouping, contact) IN (SELECT value >> 32, value & 0xffffffff FROM json_each(?1))`,
        left,
      ),
    )
  }
  if (joined.length > 0) {
    statements.push(
      bind(
        `INSERT INTO membership SELECT value >> 32, value & 0xffffffff FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`,
        joined.sort((a, b) => a - b),
      ),
    )
  }
  return statements
}

/**
 * Contacts that are there already are written as an upsert by key: it walks the changes and looks each contact up, where
 * an UPDATE … FROM may walk the contacts and look through the changes for each.
 */
const UPSERT = 'INSERT INTO contact (key, source, id, seq, run, details, updated_at, history)'

/** The newest entry first; the oldest goes when there are many, so that a row stays small. */
const REMEMBER = `'[' || excluded.history || iif(history = '[]', ']',
  ',' || substr(iif(length(history) > 6000, json_remove(history, '$[#-1]'), history), 2))`

/** Changes sorted into what each statement takes. */
class ChangeRows {
  readonly added: [number, string, string][] = []
  readonly updated: [number, string, string, string, string][] = []
  readonly removed: [number, string][] = []
  /** Keys whose search words go, and keys with their new words. */
  readonly dropped: number[] = []
  readonly words: [number, string][] = []
  /** Memberships as one number each: the group's ID in the upper bits, the contact's key in the lower 32. */
  readonly left: number[] = []
  readonly joined: number[] = []
  readonly #groupIds: ReadonlyMap<string, number>

  constructor(groupIds: ReadonlyMap<string, number>) {
    this.#groupIds = groupIds
  }

  add(change: KeyedChange): void {
    const { key, id } = change
    if (change.op === 'remove') {
      this.removed.push([key, id])
      this.dropped.push(key)
      this.#move(key, change.before.groups, [])
      return
    }
    const details = JSON.stringify(change.after)
    if (change.op === 'add' && !change.returns) this.added.push([key, id, details])
    else this.updated.push([key, id, details, change.op, JSON.stringify(change.op === 'update' ? change.changed : [])])
    this.#index(key, id, change.before, change.after)
    this.#move(key, change.before?.groups ?? [], change.after.groups)
  }

  #index(key: number, id: string, before: ContactDetails | null, after: ContactDetails): void {
    const words = searchWords(id, after)
    if (before !== null) {
      if (searchWords(id, before) === words) return
      this.dropped.push(key)
    }
    this.words.push([key, words])
  }

  #move(key: number, before: readonly string[], after: readonly string[]): void {
    for (const group of before) if (!after.includes(group)) this.left.push(this.#pair(group, key))
    for (const group of after) if (!before.includes(group)) this.joined.push(this.#pair(group, key))
  }

  #pair(group: string, key: number): number {
    const id = this.#groupIds.get(group)
    if (id === undefined) throw new Error('A change names a group that the directory does not have')
    return id * 2 ** 32 + key
  }
}
