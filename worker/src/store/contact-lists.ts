import { pathOf } from '../core/attributes.ts'
import { nameWord, wordsIn } from '../core/search.ts'
import type { Env } from '../env.ts'
import type { ContactQuery, ListedContacts, Order, Place, Sort, Total, Values, Walk } from './contact-query.ts'
import { type ListedRow, readListed } from './contacts.ts'
import { all, named, whole } from './database.ts'

/*
 * Lists of contacts. A page reads the contacts that it gives, and looks at no more than 50,000 others, however large
 * the directory is: each list walks along an index in its order, from the place where the page before ended.
 */

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
      const { count, more } = await countContacts(env, query)
      if (!more) {
        const page = count > window ? await alongOrder(env, query, sort, from, limit) : null
        return page ?? sorted(env, query, sort, from, limit)
      }
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

/**
 * Returns a page of many contacts that the index finds by walking along their order, whose index is far shorter than the
 * contacts: to sort them, each would be read. Null if the page is not full by then, as if all of their names begin with a Z.
 */
async function alongOrder(
  env: Env,
  query: ContactQuery,
  order: Sort,
  from: Place | null,
  limit: number,
): Promise<ListedContacts | null> {
  if (!query.hasWords || query.isBroad || (await isById(env, query))) return null
  const page = await walked(env, query, { order, within: query.match(true) }, { from, limit })
  return page.next === null || page.rows.length === limit ? page : null
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
  const { ofKeys, ofContacts, values } = query.conditions()
  // The index has no words of removed contacts.
  const isIndexed = ofContacts.length === 0
  const order = query.isNarrow ? 'key' : query.source !== undefined ? 'id' : isIndexed ? 'name' : 'key'
  const walk = query.walk({ order, match: query.match(true) })
  const fits = ofKeys.length === 0 ? 'true' : ofKeys.join(' AND ')
  const fitting = isIndexed
    ? `SELECT count(*) AS walked, coalesce(sum(${fits}), 0) AS count FROM (${walk.sql}) w`
    : `SELECT count(*) AS walked, count(c.key) AS count FROM (${walk.sql}) w LEFT JOIN contact c
        ON c.key = w.key AND c.removed_at IS NULL AND ${[...ofKeys, ...ofContacts].join(' AND ')}`
  const [row] = await all<{ walked: number; count: number }>(
    env,
    named(fitting, {
      ...walk.values,
      ...values,
      at: startOf(order).at,
      ...(order === 'name' && { key: 0 }),
      size: query.looked + 1,
    }),
  )
  const { walked: seen = 0, count = 0 } = row ?? {}
  return { count: Math.min(count, most), more: seen > query.looked || count > most }
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
  const { ofKeys, ofContacts, values } = query.conditions()
  const rows = await all<{ key: number; name: string; seq: number }>(
    env,
    named(
      `SELECT c.key, c.details->>'${pathOf('name')}' AS name, c.seq FROM (${walk.sql}) w CROSS JOIN contact c ON c.key = w.key
        WHERE ${[...ofKeys, 'c.removed_at IS NULL', ...ofContacts].join(' AND ')}`,
      { ...walk.values, ...values, at: startOf(order).at, size: query.looked },
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

/** Walks along an index, part by part, until the page is full, the index ends, or `most` contacts have been looked at. */
async function walked(
  env: Env,
  query: ContactQuery,
  way: Walk,
  { from, limit, most = query.bounds.walked }: { from: Place | null; limit: number; most?: number },
): Promise<ListedContacts> {
  const { order, within = null, tests = false } = way
  const walk = query.walk(way)
  const { ofKeys, ofContacts, values } = query.conditions()
  if (within !== null) {
    ofKeys.push('w.key IN (SELECT s.rowid FROM contact_search s WHERE s.contact_search MATCH :within)')
    values.within = within
  }
  const { window } = query.bounds
  const rows: ListedRow[] = []
  let place = from ?? startOf(order)
  const conditions = [...ofKeys, 'c.removed_at IS NULL', ...ofContacts]
  // The search index, or the list of opt-outs, would be asked for each part again.
  let size =
    within !== null || query.isSifted
      ? most
      : Math.min(most, conditions.length === 1 && !tests ? limit + 1 : Math.max(window / 2, 4 * limit))
  for (let seen = 0; ; size = Math.min(size * 4, most - seen, tests ? window : most)) {
    const places: Values = { at: place.at, ...(order === 'name' && { key: place.key }) }
    const part = await readListed(
      env,
      `(${walk.sql}) w CROSS JOIN contact c ON c.key = w.key
        WHERE ${conditions.join(' AND ')} LIMIT ${whole(':limit')}`,
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
