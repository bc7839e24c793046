import { pathOf } from '../core/attributes.ts'
import type { SmsStatus } from '../core/contact.ts'
import { fieldWord, nameWord, searchPrefixes, searchWords, wordsIn } from '../core/search.ts'
import type { Env } from '../env.ts'
import { type ListedRow, readListed, type StoredRow } from './contacts.ts'
import { all, named, whole } from './database.ts'
import { findGroup } from './groups.ts'

/*
 * Lists of contacts. A page reads the contacts that it gives, and looks at no more than 50,000 others, however large
 * the directory is: each list walks along an index in its order, from the place where the page before ended.
 */

export const CHANNELS = ['sms', 'voice', 'pager', 'email'] as const
export type Channel = (typeof CHANNELS)[number]
/** What a contact can be reached by; `nobody`: by nothing. */
export const REACHES = ['nobody', ...CHANNELS] as const
export type Reach = (typeof REACHES)[number]
export const SORTS = ['name', 'updated'] as const
export type Sort = (typeof SORTS)[number]

export interface ContactFilter {
  search?: string | undefined
  source?: string | undefined
  /** The only sources whose contacts are listed; null for all. */
  sources?: readonly string[] | null | undefined
  /** A group's ID. */
  group?: string | undefined
  smsStatus?: SmsStatus | undefined
  assignedUser?: string | undefined
  reach?: Reach | undefined
  /** Values of custom fields, by their keys. */
  fields?: Readonly<Record<string, string>> | undefined
}

/** The order of a list: by key, by ID within a source, the newest change first, or by name. */
type Order = 'key' | 'id' | Sort

/** The place of a contact in an order: its key, ID, place in the order of changes, or name word; and its key. */
export interface Place {
  order: Order
  at: string | number
  key: number
}

/** A page of a list. It may have fewer contacts than were asked for and still not be the last: `next` is null at the end. */
export interface ListedContacts {
  rows: StoredRow[]
  next: Place | null
  /** The characters that the details of the contacts take. */
  size: number
}

/** How many contacts match a filter: all of them, or those that were counted if there may be more. */
export interface Total {
  count: number
  more: boolean
}

/** What bounds the work for a page. */
export interface Bounds {
  /** How far a list is counted, and sorted. */
  counted: number
  /** The most contacts that a page looks at. */
  walked: number
  /** The most terms of the index by which the beginning of a word is searched. */
  terms: number
  /**
   * Beginnings of words with more entries in the index than this are first looked for in the contacts themselves, of which
   * many have them: the index collects all of the entries before it gives the first.
   */
  entries: number
  /** How many contacts are looked at for them. */
  window: number
  /** A source with no more contacts than this is walked by its IDs, whatever else the filter requires. */
  smallSource: number
}

const BOUNDS: Bounds = { counted: 10_000, walked: 50_000, terms: 64, entries: 10_000, window: 1000, smallSource: 2000 }

/** As SQL: the User ID of the contact's assigned user. */
const ASSIGNED = `json_extract(c.details, '${pathOf('assignedUser')}')`

/** The length of a field's word that may have been cut, for which the value itself is compared as well. */
const LONGEST_WORD = fieldWord('', '-'.repeat(200)).length

/** The words of the index that a filter requires, each list one of them; `reach=sms` also requires a status. */
export const REACH_WORDS: Record<Reach, string[]> = {
  nobody: ['#nobody'],
  sms: ['#mobile'],
  voice: ['#mobile', '#landline'],
  pager: ['#pager'],
  email: ['#email'],
}

/** A beginning of a word that was typed, with the terms of the index that begin so; null if there are too many. */
interface Prefix {
  text: string
  terms: string[] | null
  /** Whether the index has very many entries of it. */
  many: boolean
}

type Values = Record<string, string | number>

/** A filter whose words have been looked up in the index. */
export class ContactQuery {
  readonly #filter: ContactFilter
  /** The typed words: one of the lists, with all of its prefixes. */
  readonly #search: Prefix[][]
  /** Words of the index, of each list one. */
  readonly #words: string[][]
  /** The group's key, to test contacts that the index did not give. */
  readonly #groupKey: string | null
  readonly bounds: Bounds
  /** How many contacts match, once they have been counted. */
  total: Promise<Total> | null = null
  /** The first contacts that match a query of many entries, once they have been read. */
  first: Promise<ListedContacts> | null = null
  /** Whether the source is so small that it is walked by its IDs, once that is known. */
  byId: Promise<boolean> | null = null

  private constructor(
    filter: ContactFilter,
    search: Prefix[][],
    words: string[][],
    groupKey: string | null,
    bounds: Bounds,
  ) {
    this.bounds = bounds
    this.#filter = filter
    this.#search = search
    this.#words = words
    this.#groupKey = groupKey
  }

  /** Returns the query for a filter; null if no contact can match it. */
  static async of(env: Env, filter: ContactFilter, bounds = BOUNDS): Promise<ContactQuery | null> {
    const { search, source, sources, group, reach, fields = {} } = filter
    if (source !== undefined && sources != null && !sources.includes(source)) return null
    if (sources?.length === 0) return null
    const words: string[][] = Object.entries(fields).map(([key, value]) => [fieldWord(key, value)])
    let groupKey: string | null = null
    if (group !== undefined) {
      const found = await findGroup(env, group)
      if (found === null) return null
      groupKey = found.key
      words.push([`#${found.id}`])
    }
    if (reach !== undefined) words.push(REACH_WORDS[reach])
    const typed = search === undefined || search.trim() === '' ? [] : searchPrefixes(search)
    if (typed === null) return null
    const only = source === undefined && sources?.length === 1 ? { source: sources[0] } : {}
    return new ContactQuery({ ...filter, ...only }, await withTerms(env, typed, bounds), words, groupKey, bounds)
  }

  get source(): string | undefined {
    return this.#filter.source
  }

  get hasWords(): boolean {
    return this.#words.length > 0 || this.#search.length > 0
  }

  /** Whether a typed prefix has so many entries that the index would be slow. */
  get isBroad(): boolean {
    return this.#search.some((prefixes) => prefixes.some(({ many }) => many))
  }

  /** Whether an index gives contacts in the order of their keys that match a part of the filter. */
  get isNarrow(): boolean {
    const { assignedUser, smsStatus } = this.#filter
    return this.hasWords || assignedUser !== undefined || (smsStatus !== undefined && smsStatus !== 'unknown')
  }

  /** The conditions on the contact `c`, as SQL, besides the words. */
  conditions(): { sql: string[]; values: Values } {
    const { source, sources, smsStatus, assignedUser, reach, fields = {} } = this.#filter
    const sql: string[] = []
    const values: Values = {}
    if (source !== undefined) {
      sql.push('c.source = :source')
      values.source = source
    } else if (sources != null) {
      sql.push('c.source IN (SELECT value FROM json_each(:sources))')
      values.sources = JSON.stringify(sources)
    }
    if (smsStatus !== undefined) {
      sql.push('c.sms_status = :smsStatus')
      values.smsStatus = smsStatus
      // The few who have opted out are told apart without reading each contact that has the words.
      if (smsStatus === 'opted_out' && this.hasWords)
        sql.push(`w.key IN (SELECT o.key FROM contact o WHERE o.sms_status = :smsStatus AND o.sms_status <> 'unknown')`)
    }
    if (assignedUser !== undefined) {
      sql.push(`${ASSIGNED} = :assignedUser`)
      values.assignedUser = assignedUser
    }
    if (reach === 'sms') sql.push(`c.sms_status <> 'opted_out'`)
    for (const [i, [key, value]] of Object.entries(fields).entries()) {
      if (fieldWord(key, value).length < LONGEST_WORD) continue
      sql.push(
        `EXISTS (SELECT 1 FROM json_each(c.details, '${pathOf('fields')}.${key}') f WHERE lower(f.value) = lower(:field${i}))`,
      )
      values[`field${i}`] = value
    }
    return { sql, values }
  }

  /** Returns the index's query, with the prefixes of many entries or without. Null if it would match everybody. */
  match(withBroad: boolean): string | null {
    const parts = this.#words.map((words) => oneOf(words.map(quoted)))
    const typed = this.#search.map((prefixes) =>
      prefixes
        .filter(({ many }) => withBroad || !many)
        .map(({ text, terms }) => (terms === null ? `${quoted(text)} *` : oneOf(terms.map(quoted)))),
    )
    if (typed.length > 0 && typed.every((prefixes) => prefixes.length > 0))
      parts.push(oneOf(typed.map((prefixes) => `(${prefixes.join(' AND ')})`)))
    return parts.length === 0 ? null : parts.join(' AND ')
  }

  /** Returns whether a contact has the words: what the index says of it. */
  hasAllWords({ id, details }: Pick<StoredRow, 'id' | 'details'>): boolean {
    const groups =
      this.#groupKey !== null && details.groups.includes(this.#groupKey) ? [Number(this.#filter.group)] : []
    const words = wordsIn(searchWords(id, details, groups))
    return (
      this.#words.every((some) => some.some((word) => words.includes(word))) &&
      (this.#search.length === 0 ||
        this.#search.some((prefixes) => prefixes.every(({ text }) => words.some((word) => word.startsWith(text)))))
    )
  }

  /**
   * Returns the walk along an index in an order, as SQL: the keys of contacts and their places, from `:at` and `:key` on,
   * at most `:size`. `match`: the index's query for a walk by keys.
   */
  walk({ order, match = null }: Walk): { sql: string; values: Values } {
    const { assignedUser, smsStatus } = this.#filter
    const along = (at: string, where: string, values: Values = {}, direction = '') => ({
      sql: `SELECT c.key, ${at} AS at FROM contact c WHERE ${where} ORDER BY ${at} ${direction} LIMIT ${whole(':size')}`,
      values,
    })
    switch (order) {
      case 'id':
        return along('c.id', 'c.source = :source AND c.id > :at', { source: this.source ?? '' })
      case 'updated':
        return along('c.seq', 'c.seq < :at', {}, 'DESC')
      case 'name':
        return {
          sql: `SELECT t.doc AS key, t.term AS at FROM contact_term t
            WHERE t.term >= :at AND t.term < '#$' AND (t.term > :at OR t.doc > :key) ORDER BY t.term LIMIT ${whole(':size')}`,
          values: {},
        }
      case 'key':
        if (match !== null)
          return {
            sql: `SELECT s.rowid AS key, s.rowid AS at FROM contact_search s
              WHERE s.contact_search MATCH :match AND s.rowid > ${whole(':at')} ORDER BY s.rowid LIMIT ${whole(':size')}`,
            values: { match },
          }
        if (assignedUser !== undefined)
          // SQLite uses a partial index only for its own condition.
          return along(
            'c.key',
            `${ASSIGNED} = :assignedUser AND ${ASSIGNED} IS NOT NULL AND c.removed_at IS NULL AND c.key > :at`,
            {
              assignedUser,
            },
          )
        if (smsStatus !== undefined && smsStatus !== 'unknown')
          return along('c.key', `c.sms_status = :smsStatus AND c.sms_status <> 'unknown' AND c.key > :at`, {
            smsStatus,
          })
        return along('c.key', 'c.key > :at')
    }
  }
}

/** Lists contacts that match, after a place. Without `sort`, in an order that is the same for every page. */
export async function listContacts(
  env: Env,
  query: ContactQuery | null,
  { sort, from = null, limit }: { sort?: Sort | undefined; from?: Place | null; limit: number },
): Promise<ListedContacts> {
  if (query === null) return pageOf([], null)
  const { window } = query.bounds
  if (sort !== undefined) {
    if (query.isNarrow || query.source !== undefined) {
      const { more } = await countContacts(env, query)
      if (!more) return sorted(env, query, sort, from, limit)
    }
    if (!query.hasWords) return walked(env, query, { order: sort }, { from, limit })
    // Of the contacts that come first many may match. The index then need not give all that match.
    const some = await walked(env, query, { order: sort, tests: true }, { from, limit, most: window })
    if (some.next === null || some.rows.length === limit) return some
    return walked(env, query, { order: sort, within: query.match(true) }, { from, limit })
  }
  const order = from?.order ?? ((await isById(env, query)) ? 'id' : 'key')
  if (order === 'id') return walked(env, query, { order, tests: query.hasWords }, { from, limit })
  if (query.isBroad) {
    const some = await (from === null ? firstOf(env, query) : windowOf(env, query, from, limit))
    if (some.next === null || some.rows.length >= limit) return cut(some, limit)
  }
  return walked(env, query, { order, match: query.match(true) }, { from, limit })
}

/** Looks at one window of contacts for prefixes of very many entries. */
function windowOf(env: Env, query: ContactQuery, from: Place | null, limit: number): Promise<ListedContacts> {
  const { window } = query.bounds
  return walked(env, query, { order: 'key', match: query.match(false), tests: true }, { from, limit, most: window })
}

function firstOf(env: Env, query: ContactQuery): Promise<ListedContacts> {
  query.first ??= windowOf(env, query, null, query.bounds.window)
  return query.first
}

/** Returns the first contacts of a page in the order of keys. */
function cut({ rows, next, size }: ListedContacts, limit: number): ListedContacts {
  const last = rows[limit - 1]
  if (last === undefined || (rows.length === limit && next === null)) return { rows, next, size }
  return { rows: rows.slice(0, limit), next: { order: 'key', at: last.key, key: last.key }, size }
}

/** Counts the contacts that match, up to 10,000 of them. */
export function countContacts(env: Env, query: ContactQuery | null): Promise<Total> {
  if (query === null) return Promise.resolve({ count: 0, more: false })
  query.total ??= counted(env, query)
  return query.total
}

async function counted(env: Env, query: ContactQuery): Promise<Total> {
  const { counted: most, smallSource } = query.bounds
  if (query.hasWords && (await isById(env, query))) {
    const { rows } = await walked(env, query, { order: 'id', tests: true }, { from: null, limit: smallSource })
    return { count: rows.length, more: false }
  }
  if (query.isBroad) {
    const { rows, next } = await firstOf(env, query)
    return { count: rows.length, more: next !== null }
  }
  const { sql, values } = query.conditions()
  const isExact = sql.length === 0
  const order = query.isNarrow ? 'key' : query.source !== undefined ? 'id' : isExact ? 'name' : 'key'
  const walk = query.walk({ order, match: query.match(true) })
  // The index has no words of removed contacts.
  const fitting = isExact
    ? `SELECT count(*) AS walked, count(*) AS count FROM (${walk.sql})`
    : `SELECT count(*) AS walked, count(c.key) AS count FROM (${walk.sql}) w LEFT JOIN contact c
        ON c.key = w.key AND c.removed_at IS NULL AND ${sql.join(' AND ')}`
  const [row] = await all<{ walked: number; count: number }>(
    env,
    named(fitting, {
      ...walk.values,
      ...(isExact ? {} : values),
      at: startOf(order).at,
      ...(order === 'name' && { key: 0 }),
      size: most + 1,
    }),
  )
  const { walked: seen = 0, count = 0 } = row ?? {}
  return { count: Math.min(count, most), more: seen > most }
}

/** The place before the first contact. */
function startOf(order: Order): Place {
  const at = { key: 0, id: '', updated: Number.MAX_SAFE_INTEGER, name: '##' }[order]
  return { order, at, key: 0 }
}

/** Returns whether the contacts of the query's source are listed by their IDs. */
function isById(env: Env, query: ContactQuery): Promise<boolean> {
  query.byId ??= isSmall(env, query)
  return query.byId
}

async function isSmall(env: Env, query: ContactQuery): Promise<boolean> {
  const { source } = query
  if (source === undefined) return false
  if (!query.isNarrow) return true
  const [row] = await all<{ n: number }>(
    env,
    named(
      `SELECT count(*) AS n FROM (SELECT 1 FROM contact WHERE source = :source LIMIT ${query.bounds.smallSource + 1})`,
      {
        source,
      },
    ),
  )
  return (row?.n ?? 0) <= query.bounds.smallSource
}

/** Sorts the contacts that match, of which there are no more than are counted, and returns those after a place. */
async function sorted(
  env: Env,
  query: ContactQuery,
  sort: Sort,
  from: Place | null,
  limit: number,
): Promise<ListedContacts> {
  const places = (await allPlaces(env, query, sort)).sort(compared)
  const following = from === null ? places : places.filter((place) => compared(place, from) > 0)
  const shown = following.slice(0, limit)
  const rows = await readListed(
    env,
    'json_each(:keys) j CROSS JOIN contact c ON c.key = j.value WHERE c.removed_at IS NULL',
    { keys: JSON.stringify(shown.map(({ key }) => key)) },
    'j.key',
  )
  return pageOf(rows, following.length > shown.length ? (shown.at(-1) ?? null) : null)
}

/** Returns the places in an order of all contacts that match, found as they are counted. */
async function allPlaces(env: Env, query: ContactQuery, sort: Sort): Promise<Place[]> {
  const placed = (key: number, name: string, seq: number): Place => {
    return { order: sort, key, at: sort === 'name' ? (wordsIn(nameWord(name))[0] ?? '') : seq }
  }
  const byId = query.hasWords && (await isById(env, query))
  if (byId || query.isBroad) {
    const { rows } = byId
      ? await walked(env, query, { order: 'id', tests: true }, { from: null, limit: query.bounds.smallSource })
      : await firstOf(env, query)
    return rows.map(({ key, details, seq }) => placed(key, details.name, seq))
  }
  const order = query.isNarrow ? 'key' : 'id'
  const walk = query.walk({ order, match: query.match(true) })
  const { sql, values } = query.conditions()
  const rows = await all<{ key: number; name: string; seq: number }>(
    env,
    named(
      `SELECT c.key, c.details->>'${pathOf('name')}' AS name, c.seq FROM (${walk.sql}) w CROSS JOIN contact c ON c.key = w.key
        WHERE ${['c.removed_at IS NULL', ...sql].join(' AND ')}`,
      { ...walk.values, ...values, at: startOf(order).at, size: query.bounds.counted },
    ),
  )
  return rows.map(({ key, name, seq }) => placed(key, name, seq))
}

function pageOf(listed: readonly ListedRow[], next: Place | null): ListedContacts {
  return { rows: listed.map(({ row }) => row), next, size: listed.reduce((sum, { size }) => sum + size, 0) }
}

function compared(one: Place, other: Place): number {
  if (one.at === other.at) return one.key - other.key
  return one.at < other.at === (one.order === 'name') ? -1 : 1
}

/**
 * A walk along an index. `match`: the query of the search index that a walk by keys goes along. `within`: the query that the
 * contacts of another walk must match. `tests`: the words of each contact are looked at instead.
 */
interface Walk {
  order: Order
  match?: string | null
  within?: string | null
  tests?: boolean
}

/** Walks along an index, part by part, until the page is full, the index ends, or `most` contacts have been looked at. */
async function walked(
  env: Env,
  query: ContactQuery,
  way: Walk,
  { from, limit, most = query.bounds.walked }: { from: Place | null; limit: number; most?: number },
): Promise<ListedContacts> {
  const { order, within = null, tests = false } = way
  const walk = query.walk(way)
  const { sql, values } = query.conditions()
  if (within !== null) {
    sql.push('w.key IN (SELECT s.rowid FROM contact_search s WHERE s.contact_search MATCH :within)')
    values.within = within
  }
  const { window } = query.bounds
  const rows: ListedRow[] = []
  let place = from ?? startOf(order)
  // The search index would be asked for each part again.
  let size =
    within !== null ? most : Math.min(most, sql.length === 0 && !tests ? limit + 1 : Math.max(window / 2, 4 * limit))
  for (let seen = 0; ; size = Math.min(size * 4, most - seen, tests ? window : most)) {
    const places: Values = { at: place.at, ...(order === 'name' && { key: place.key }) }
    const part = await readListed(
      env,
      `(${walk.sql}) w CROSS JOIN contact c ON c.key = w.key
        WHERE ${['c.removed_at IS NULL', ...sql].join(' AND ')} LIMIT ${whole(':limit')}`,
      { ...walk.values, ...values, ...places, size, limit: tests ? size : limit + 1 - rows.length },
      'w.at',
    )
    rows.push(...(tests ? part.filter(({ row }) => query.hasAllWords(row)) : part))
    const last = rows[limit - 1]
    if (rows.length > limit && last !== undefined)
      return pageOf(rows.slice(0, limit), { order, at: last.at, key: last.row.key })
    const [end] = await all<Omit<Place, 'order'>>(
      env,
      named(`SELECT key, at FROM (${walk.sql}) LIMIT 1 OFFSET ${whole(':last')}`, {
        ...walk.values,
        ...places,
        size,
        last: size - 1,
      }),
    )
    if (end === undefined) return pageOf(rows, null)
    place = { order, ...end }
    seen += size
    if (seen >= most) return pageOf(rows, place)
  }
}

/** Returns the terms of the index that begin with each typed word. */
async function withTerms(env: Env, typed: readonly string[][], { terms: most, entries }: Bounds): Promise<Prefix[][]> {
  // Others are compared by the index alone, whose letters may be folded in another way than here.
  const plain = [...new Set(typed.flat())]
    .map((text) => [text, wordsIn(text)] as const)
    .filter(([, words]) => /^[a-z0-9]+$/.test(words.join(' ')))
  const texts = plain.map(([, [text = '']]) => text)
  const rows =
    texts.length === 0
      ? []
      : await all<{ prefix: string; term: string }>(
          env,
          named(TERMS, { prefixes: JSON.stringify(texts), end: END, most }),
        )
  const found = new Map<string, Prefix>()
  for (const [typedText, [text = '']] of plain) {
    const terms = rows.filter(({ prefix }) => prefix === text).map(({ term }) => term)
    const some = terms.length <= most
    found.set(typedText, { text, terms: some ? terms : null, many: !some && (await hasMany(env, text, entries)) })
  }
  return typed.map((words) => words.map((word) => found.get(word) ?? { text: word, terms: null, many: false }))
}

/** Follows every term of the index. */
const END = '\u{10ffff}'

/** The first terms of the index with each prefix: each is a step to the next term, however many contacts have it. */
const TERMS = `WITH RECURSIVE found(prefix, term, nth) AS (
    SELECT value, (SELECT term FROM contact_term WHERE term >= j.value ORDER BY term LIMIT 1), 1 FROM json_each(:prefixes) j
    UNION ALL
    SELECT prefix, (SELECT term FROM contact_term WHERE term >= found.term || char(1) ORDER BY term LIMIT 1), nth + 1
      FROM found WHERE term < prefix || :end AND nth <= :most)
  SELECT prefix, term FROM found WHERE term < prefix || :end`

async function hasMany(env: Env, prefix: string, most: number): Promise<boolean> {
  const [row] = await all<{ n: number }>(
    env,
    named(
      `SELECT count(*) AS n FROM (SELECT 1 FROM contact_term WHERE term >= :prefix AND term < :prefix || :end LIMIT ${most + 1})`,
      { prefix, end: END },
    ),
  )
  return (row?.n ?? 0) > most
}

function quoted(word: string): string {
  return `"${word}"`
}

function oneOf(queries: readonly string[]): string {
  // A prefix without terms matches nobody, and an empty list is no query.
  if (queries.length === 0) return '"#none"'
  return queries.length === 1 ? String(queries[0]) : `(${queries.join(' OR ')})`
}
