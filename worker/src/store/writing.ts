import { type ContactDetails, detailsWith, readDetails, writeDetails } from '../core/contact.ts'
import type { WrittenContactChange, WrittenRekey } from '../core/plan.ts'
import { searchWords } from '../core/search.ts'
import { type Attached, followingMoves, leaving, listOf } from './consent.ts'
import { counterValue, raise } from './counters.ts'
import { named, type Statement } from './database.ts'
import { NumberChanges, numbersOf } from './numbers.ts'
import { markingRemoved } from './removed.ts'

/** The author of changes to contacts: a run of a source, or a person (`by`). */
export interface Writer {
  run: string | null
  by: string | null
  /**
   * The source that owns the contacts or takes them over; null for a person, whose changes leave the source as it is.
   */
  source: string | null
}

/** A change whose contact has its key. `returns`: the directory had the added contact before and removed it. */
export type KeyedContact = WrittenContactChange & { returns?: boolean }

/** Whose decisions changes of contacts concern: who becomes somebody else, and whose opt-outs count again. */
interface People {
  /** Returns whether the contact with a key becomes somebody else. */
  isSomebodyElse: (key: number) => boolean
  attached: readonly Attached[]
  /** Whether anybody may have opted out. If nobody has, numbers that contacts gain or lose change no status. */
  optOuts: boolean
}

/** The people of changes that touch nothing by which a person is known. */
const SAME_PEOPLE: People = { isSomebodyElse: () => false, attached: [], optOuts: true }

/**
 * Returns the statements that make changes to contacts, for one `write`: contacts with their place in the order of
 * changes, search words, numbers, groups, history, and the SMS statuses that follow. Every change of contacts
 * goes through this function, so that no part is forgotten. `groupIds` has the ID of every group key that the changes
 * name.
 */
export function writeChanges(
  writer: Writer,
  changes: readonly KeyedContact[],
  groupIds: ReadonlyMap<string, number>,
  now: number,
  { isSomebodyElse, attached, optOuts } = SAME_PEOPLE,
): Statement[] {
  const { run, by, source } = writer
  const manual = run === null
  const others = changes.flatMap(({ op, key }) => (op !== 'add' && op !== 'remove' && isSomebodyElse(key) ? [key] : []))
  const returned = changes.flatMap(({ op, key, returns }) => (op === 'add' && returns === true ? [key] : []))
  const rows = new ChangeRows(groupIds, source ?? '', manual)
  for (const change of changes) rows.add(change)
  const { added, addedWords, firstKey, updated, takenOver, rekeyed, removed, moved, words, numbers } = rows
  const gone = [...others, ...removed.map(([key]) => key)]
  const statements = gone.length === 0 ? [] : leaving(listOf(gone))
  statements.push(raise('seq', ':changes', { changes: changes.length }))
  /** The offsets of the places already taken when each list is written; its contacts take the next ones. */
  const taken = {
    added: 1 - changes.length,
    updated: 1 - changes.length + added.length,
    takenOver: 1 - takenOver.length - rekeyed.length - removed.length,
    rekeyed: 1 - rekeyed.length - removed.length,
    removed: 1 - removed.length,
  }
  if (moved.length > 0) statements.push(named(MAKE_WAY, { moved: JSON.stringify(moved) }))
  if (added.length > 0) {
    const history = JSON.stringify([{ at: now, op: 'add', ...(manual ? { by } : { run }) }])
    statements.push(
      named(ADD, {
        added: `{${added.join(',')}}`,
        firstKey,
        taken: taken.added,
        source: source ?? '',
        run,
        now,
        history,
      }),
      named('INSERT INTO contact_search (rowid, words) SELECT :firstKey + key, value FROM json_each(:words)', {
        words: JSON.stringify(addedWords),
        firstKey,
      }),
    )
  }
  if (updated.length > 0) {
    const rest = { taken: taken.updated, run, by, now, source }
    statements.push(named(manual ? UPDATE_MANUALLY : UPDATE, { updated: listed(updated), ...rest }))
  }
  if (takenOver.length > 0) {
    const rest = { taken: taken.takenOver, run, by, now, source }
    statements.push(named(manual ? TAKE_OVER_MANUALLY : TAKE_OVER, { updated: listed(takenOver), ...rest }))
  }
  if (rekeyed.length > 0) {
    statements.push(named(REKEY, { rekeyed: listed(rekeyed), taken: taken.rekeyed, run, by, now, source }))
  }
  if (removed.length > 0) {
    statements.push(
      named(REMOVE, { removed: JSON.stringify(removed), taken: taken.removed, run, by, now, source }),
      markingRemoved('c.key IN (SELECT value->>0 FROM json_each(:removed))', { removed: JSON.stringify(removed) }),
    )
  }
  if (words.length > 0) {
    statements.push(
      // To replace an entry counts as one row written, to delete and insert it as two.
      named('INSERT OR REPLACE INTO contact_search (rowid, words) SELECT value->>0, value->>1 FROM json_each(:words)', {
        words: JSON.stringify(words),
      }),
    )
  }
  const { gained, lost } = optOuts ? numbers : new NumberChanges()
  return [
    ...statements,
    ...numbers.statements(),
    ...followingMoves({ gained, lost, others, returned, attached }, { run, by }, now),
  ]
}

/**
 * A contact's place in the order of changes, as SQL. The lists of a batch share the range by which the counter was
 * raised.
 */
const PLACE = `${counterValue('seq')} + :taken + key`

/**
 * New contacts arrive as the members of a JSON object, `"ID": details`, with the keys that follow one another. For a list of
 * both, the database would have to write and take apart each element several times.
 */
const ADD = `INSERT INTO contact (key, source, id, seq, run, details, updated_at, history)
  SELECT :firstKey + rowid, :source, key, ${counterValue('seq')} + :taken + rowid, :run, value, :now, :history
  FROM json_each(:added)`

/**
 * The history with the newest entry first. The oldest entry is dropped when there are many, so that a row stays small.
 */
const HISTORY = `rtrim(excluded.history, ']') || iif(history = '[]', ']',
  ',' || substr(iif(length(history) > 6000, json_remove(history, '$[#-1]'), history), 2))`

/**
 * Existing contacts are written as an upsert by key. It walks the changes and looks up each contact. An UPDATE … FROM
 * may walk the contacts and search the changes for each one.
 */
const UPSERT = 'INSERT INTO contact (key, source, id, seq, run, details, updated_at, history)'

/** A source may change only its own and manual contacts (invariant 3). */
const OWN = `:source IS NULL OR source IN (:source, '')`

/** `owner` is apart, since it costs the index of IDs a change. */
const updating = (owner: string, values: string) =>
  `${UPSERT} SELECT value->>0, coalesce(value->>5, '~'), value->>1, ${PLACE}, :run, value->2, :now,
      json_array(json_object('at', :now, 'run', :run, 'by', :by, 'op', value->>3, 'changed', value->4${values}))
    FROM json_each(:updated) WHERE true
    ON CONFLICT (key) DO UPDATE SET ${owner} seq = excluded.seq, run = excluded.run, details = excluded.details,
      updated_at = excluded.updated_at, removed_at = NULL, history = ${HISTORY}
    WHERE ${OWN}`
const OWNER = 'source = excluded.source,'
/** Only a manual change has its values before and after in the history. The values of an import are in its plan. */
const VALUES = `, 'was', value->6, 'is', value->7`
const UPDATE = updating('', '')
const UPDATE_MANUALLY = updating('', VALUES)
const TAKE_OVER = updating(OWNER, '')
const TAKE_OVER_MANUALLY = updating(OWNER, VALUES)

/** Apart from other updates, since a new ID costs the indexes a change. */
const REKEY = `${UPSERT} SELECT value->>0, coalesce(value->>4, '~'), value->>1, ${PLACE}, :run, value->2, :now,
      json_array(json_object('at', :now, 'run', :run, 'by', :by, 'op', 'rekey', 'changed', value->3, 'from', value->>5))
    FROM json_each(:rekeyed) WHERE true
    ON CONFLICT (key) DO UPDATE SET source = iif(excluded.source = '~', source, excluded.source), id = excluded.id,
      seq = excluded.seq, run = excluded.run, details = excluded.details, updated_at = excluded.updated_at, history = ${HISTORY}
    WHERE ${OWN}`

const REMOVE = `${UPSERT} SELECT value->>0, coalesce(:source, ''), value->>1, ${PLACE}, :run, '[]', :now,
      json_array(json_object('at', :now, 'run', :run, 'by', :by, 'op', 'remove'))
    FROM json_each(:removed) WHERE true
    ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, run = excluded.run, updated_at = excluded.updated_at,
      removed_at = excluded.updated_at, history = ${HISTORY}
    WHERE ${OWN}`

/** Frees the ID of a removed contact for one that moves to its source, or to the manual contacts, under the same ID. */
const MAKE_WAY = `UPDATE contact SET source = '~' || key
  WHERE key IN (SELECT other.key FROM json_each(:moved) j
    CROSS JOIN contact other ON other.source = j.value->>2 AND other.id = j.value->>1
    WHERE other.key <> j.value->>0 AND other.removed_at IS NOT NULL)`

/** Changes sorted by the statement that writes them. Details are already JSON text. */
class ChangeRows {
  /** `"id": details` and search words of new contacts, whose keys follow one another from `firstKey`. */
  readonly added: string[] = []
  readonly addedWords: string[] = []
  firstKey = 0
  /**
   * `[key, id, details, op, changed, source, was, is]`. `was` and `is` are the values before and after a manual change.
   * `source` is the new source of a contact that is taken over, or of one that comes back.
   */
  readonly updated: string[] = []
  readonly takenOver: string[] = []
  /** `[key, id, details, changed, source, fromId]` of contacts that get a new ID. */
  readonly rekeyed: string[] = []
  readonly removed: [number, string][] = []
  /** `[key, id, source]` of contacts that move to another source. */
  readonly moved: [number, string, string][] = []
  /** Keys of other contacts whose search words change, with their new words. */
  readonly words: [number, string][] = []
  readonly numbers = new NumberChanges()
  readonly #groupIds: ReadonlyMap<string, number>
  readonly #source: string
  readonly #manual: boolean

  constructor(groupIds: ReadonlyMap<string, number>, source: string, manual: boolean) {
    this.#groupIds = groupIds
    this.#source = source
    this.#manual = manual
  }

  add(change: KeyedContact): void {
    const { op, key, id, before, after } = change
    if (after === null) {
      this.removed.push([key, id])
      this.#compareNumbers(key, before === null ? null : readDetails(before), null)
      return
    }
    if (change.op === 'rekey') {
      this.#rekey(change, after)
      return
    }
    const isNew = op === 'add' && change.returns !== true
    if (isNew && this.#add(key, id, after)) return
    const changed = op === 'update' ? JSON.stringify(change.changed) : '[]'
    const owner = isNew ? 'source' : change.owner
    const source = owner === undefined ? null : owner === 'hand' ? '' : this.#source
    if (source !== null) this.moved.push([key, id, source])
    const values = this.#manual ? `,${changedValues(change)}` : ''
    const list = source === null ? this.updated : this.takenOver
    list.push(`[${key},${JSON.stringify(id)},${after},"${op}",${changed},${JSON.stringify(source)}${values}]`)
    this.#compare(key, id, before, id, after)
  }

  #rekey({ key, id, fromId, owner, before, changed }: WrittenRekey, after: string): void {
    const source = owner === undefined ? null : owner === 'hand' ? '' : this.#source
    // A removed contact may have the new ID.
    this.moved.push([key, id, source ?? this.#source])
    const [newId, oldId] = [JSON.stringify(id), JSON.stringify(fromId)]
    this.rekeyed.push(`[${key},${newId},${after},${JSON.stringify(changed)},${JSON.stringify(source)},${oldId}]`)
    this.#compare(key, fromId, before, id, after)
  }

  /** Takes the search words and the numbers of an existing contact if they change. */
  #compare(key: number, idBefore: string, before: string | null, id: string, after: string): void {
    const details = readDetails(after)
    const words = this.#words(id, details)
    const detailsBefore = before === null ? null : readDetails(before)
    this.#compareNumbers(key, detailsBefore, details)
    if (detailsBefore === null || this.#words(idBefore, detailsBefore) !== words) this.words.push([key, words])
  }

  /**
   * Adds a new contact to those whose keys follow one another. Returns false for a key after a gap, which a change that
   * waits for a person has left; such a contact is written by its key.
   */
  #add(key: number, id: string, details: string): boolean {
    if (this.added.length === 0) this.firstKey = key
    else if (key !== this.firstKey + this.added.length) return false
    this.added.push(`${JSON.stringify(id)}:${details}`)
    const read = readDetails(details)
    this.addedWords.push(this.#words(id, read))
    this.#compareNumbers(key, null, read)
    return true
  }

  #compareNumbers(key: number, before: ContactDetails | null, after: ContactDetails | null): void {
    this.numbers.add(key, numbersOf(before), numbersOf(after))
  }

  #words(id: string, details: ContactDetails): string {
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

/** Returns the values before and after an update, as JSON; null if they are too long for a row that must stay small. */
function changedValues(change: KeyedContact): string {
  if (change.op !== 'update' || change.before === null || change.after === null) return 'null,null'
  const { changed } = change
  const values = [change.before, change.after].map((text) => {
    const details = Object.entries(readDetails(text))
    return writeDetails(
      detailsWith(Object.fromEntries(details.filter(([name]) => changed.some((one) => one === name)))),
    )
  })
  const text = values.join()
  return text.length > 1500 ? 'null,null' : text
}

function listed(rows: readonly string[]): string {
  return `[${rows.join(',')}]`
}
