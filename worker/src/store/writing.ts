import { readDetails } from '../core/contact.ts'
import type { WrittenChange } from '../core/plan.ts'
import { searchWords } from '../core/search.ts'
import type { Env } from '../env.ts'

/** Who changes contacts: a run of a source, or a person (`by`). */
export interface Writer {
  run: string | null
  by: string | null
  /** The source that the contacts are or become part of; null for a person, who leaves them where they are. */
  source: string | null
}

/** A change whose contact has its key; `returns` for an added contact that the directory had and removed. */
export type KeyedChange = WrittenChange & { returns?: boolean }

/**
 * The statements that make changes to contacts, for one D1 batch: contacts with their place in the order of changes,
 * search words and groups, history. Every writer of contacts comes through here, so that none of it is forgotten.
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
  const bind = (sql: string, json: string, ...more: (string | number | null)[]) =>
    env.DB.prepare(sql).bind(json, ...more)
  const seq = `(SELECT value FROM counter WHERE name = 'seq') - ${changes.length}`
  const statements = [env.DB.prepare(`UPDATE counter SET value = value + ?1 WHERE name = 'seq'`).bind(changes.length)]
  const actor = [now, writer.run, writer.by] as const
  const { added, updated, removed, dropped, words } = rows
  let base = 1
  if (added.length > 0) {
    statements.push(
      bind(
        `INSERT INTO contact (key, source, id, seq, run, details, updated_at, history)
          SELECT value->>0, ?3, value->>1, ${seq} + ${base} + key, ?4, value->2, ?2, ?5 FROM json_each(?1)`,
        listed(added),
        now,
        writer.source ?? '',
        writer.run,
        JSON.stringify([{ at: now, op: 'add', ...(writer.run === null ? { by: writer.by } : { run: writer.run }) }]),
      ),
    )
  }
  base += added.length
  if (updated.length > 0) {
    statements.push(
      bind(
        `${UPSERT} SELECT value->>0, coalesce(value->>5, ?5, ''), value->>1, ${seq} + ${base} + key, ?3, value->2, ?2,
            json_array(json_object('at', ?2, 'run', ?3, 'by', ?4, 'op', value->>3, 'changed', value->4))
          FROM json_each(?1) WHERE true
          ON CONFLICT (key) DO UPDATE SET source = iif(?5 IS NULL, source, excluded.source), seq = excluded.seq, run = excluded.run,
            details = excluded.details, updated_at = excluded.updated_at, removed_at = NULL, history = ${REMEMBER}
          WHERE ?5 IS NULL OR source IN (?5, '')`,
        listed(updated),
        ...actor,
        writer.source,
      ),
    )
  }
  base += updated.length
  if (removed.length > 0) {
    statements.push(
      bind(
        `${UPSERT} SELECT value->>0, coalesce(?5, ''), value->>1, ${seq} + ${base} + key, ?3, '[]', ?2,
            json_array(json_object('at', ?2, 'run', ?3, 'by', ?4, 'op', 'remove'))
          FROM json_each(?1) WHERE true
          ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, run = excluded.run, updated_at = excluded.updated_at,
            removed_at = excluded.updated_at, history = ${REMEMBER}
          WHERE ?5 IS NULL OR source IN (?5, '')`,
        JSON.stringify(removed),
        ...actor,
        writer.source,
      ),
    )
  }
  if (dropped.length > 0) {
    statements.push(
      bind('DELETE FROM contact_search WHERE rowid IN (SELECT value FROM json_each(?1))', JSON.stringify(dropped)),
    )
  }
  if (words.length > 0) {
    statements.push(
      bind(
        'INSERT INTO contact_search (rowid, words) SELECT value->>0, value->>1 FROM json_each(?1)',
        JSON.stringify(words),
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
const REMEMBER = `rtrim(excluded.history, ']') || iif(history = '[]', ']',
  ',' || substr(iif(length(history) > 6000, json_remove(history, '$[#-1]'), history), 2))`

/** Changes sorted into what each statement takes; what holds details is JSON text already. */
class ChangeRows {
  /** `[key, id, details]` */
  readonly added: string[] = []
  /** `[key, id, details, op, changed, source]`, with the source that has it from now on where it is not the writer's */
  readonly updated: string[] = []
  readonly removed: [number, string][] = []
  /** Keys whose search words go, and keys with their new words. */
  readonly dropped: number[] = []
  readonly words: [number, string][] = []
  readonly #groupIds: ReadonlyMap<string, number>

  constructor(groupIds: ReadonlyMap<string, number>) {
    this.#groupIds = groupIds
  }

  add(change: KeyedChange): void {
    const { op, key, id, before, after } = change
    if (after === null) {
      this.removed.push([key, id])
      this.dropped.push(key)
      return
    }
    const row = `${key},${JSON.stringify(id)},${after}`
    if (op === 'add' && !change.returns) this.added.push(`[${row}]`)
    else {
      const changed = op === 'update' ? JSON.stringify(change.changed) : '[]'
      this.updated.push(`[${row},"${op}",${changed},${change.owner === 'hand' ? '""' : 'null'}]`)
    }
    this.#index(key, id, before, after)
  }

  #index(key: number, id: string, before: string | null, after: string): void {
    const words = this.#words(id, after)
    if (before !== null) {
      if (this.#words(id, before) === words) return
      this.dropped.push(key)
    }
    this.words.push([key, words])
  }

  #words(id: string, text: string): string {
    const details = readDetails(text)
    return searchWords(
      id,
      details,
      details.groups.map((group) => this.#groupId(group)),
    )
  }

  #groupId(group: string): number {
    const id = this.#groupIds.get(group)
    if (id === undefined) throw new Error('A change names a group that the directory does not have')
    return id
  }
}

function listed(rows: readonly string[]): string {
  return `[${rows.join(',')}]`
}
