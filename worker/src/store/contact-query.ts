import { pathOf } from '../core/attributes.ts'
import { CHANNEL_NUMBERS, CHANNELS } from '../core/channels.ts'
import type { SmsStatus } from '../core/contact.ts'
import { fieldWord, searchPrefixes, searchWords, wordsIn } from '../core/search.ts'
import type { Env } from '../env.ts'
import type { StoredRow } from './contacts.ts'
import { all, named, whole } from './database.ts'
import { findGroup } from './groups.ts'

/* What a list of contacts asks the directory: a filter, as words of the search index and conditions on contacts. */

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
export type Order = 'key' | 'id' | Sort

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
  sms: wordsOf('sms'),
  voice: wordsOf('voice'),
  pager: wordsOf('pager'),
  email: ['#email'],
}

function wordsOf(channel: keyof typeof CHANNEL_NUMBERS): string[] {
  return CHANNEL_NUMBERS[channel].map((type) => `#${type}`)
}

/** A beginning of a word that was typed, with the terms of the index that begin so; null if there are too many. */
interface Prefix {
  text: string
  terms: string[] | null
  /** Whether the index has very many entries of it. */
  many: boolean
}

export type Values = Record<string, string | number>

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

  /** Whether so few contacts match that the words' contacts are best looked through in one go. */
  get isSifted(): boolean {
    return this.hasWords && this.#filter.smsStatus === 'opted_out'
  }

  /** How many contacts are looked at to count or to sort those that match. */
  get looked(): number {
    return this.isSifted ? this.bounds.walked : this.bounds.counted
  }

  /**
   * The conditions besides the words, as SQL: on the contact `c`, and on its key in the walk `w`, for which the contact need
   * not be read.
   */
  conditions(): { ofKeys: string[]; ofContacts: string[]; values: Values } {
    const { source, sources, smsStatus, assignedUser, reach, fields = {} } = this.#filter
    const ofKeys: string[] = []
    const ofContacts: string[] = []
    const values: Values = {}
    if (source !== undefined) {
      ofContacts.push('c.source = :source')
      values.source = source
    } else if (sources != null) {
      ofContacts.push('c.source IN (SELECT value FROM json_each(:sources))')
      values.sources = JSON.stringify(sources)
    }
    if (smsStatus !== undefined) {
      if (this.isSifted)
        ofKeys.push(
          `w.key IN (SELECT o.key FROM contact o WHERE o.sms_status = :smsStatus AND o.sms_status <> 'unknown')`,
        )
      else ofContacts.push('c.sms_status = :smsStatus')
      values.smsStatus = smsStatus
    }
    if (assignedUser !== undefined) {
      ofContacts.push(`${ASSIGNED} = :assignedUser`)
      values.assignedUser = assignedUser
    }
    if (reach === 'sms')
      ofKeys.push(`NOT EXISTS (SELECT 1 FROM contact o INDEXED BY contact_sms
        WHERE o.sms_status = 'opted_out' AND o.sms_status <> 'unknown' AND o.key = w.key)`)
    for (const [i, [key, value]] of Object.entries(fields).entries()) {
      if (fieldWord(key, value).length < LONGEST_WORD) continue
      ofContacts.push(
        `EXISTS (SELECT 1 FROM json_each(c.details, '${pathOf('fields')}.${key}') f WHERE lower(f.value) = lower(:field${i}))`,
      )
      values[`field${i}`] = value
    }
    return { ofKeys, ofContacts, values }
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

/**
 * A walk along an index. `match`: the query of the search index that a walk by keys goes along. `within`: the query that the
 * contacts of another walk must match. `tests`: the words of each contact are looked at instead.
 */
export interface Walk {
  order: Order
  match?: string | null
  within?: string | null
  tests?: boolean
}

/** Returns the terms of the index that begin with each typed word. */
async function withTerms(env: Env, typed: readonly string[][], { terms: most, entries }: Bounds): Promise<Prefix[][]> {
  // Others are compared by the index alone, whose letters may be folded in another way than here.
  const plain = [...new Set(typed.flat())]
    .map((text) => [text, wordsIn(text)] as const)
    .filter(([, words]) => /^[a-z0-9]+$/.test(words.join(' ')))
  const texts = plain.map(([, [text = '']]) => text)
  const rows = await termsOf(env, texts, most)
  const termsBy = new Map(texts.map((text) => [text, rows.filter(({ prefix }) => prefix === text)]))
  const many = await withMany(
    env,
    texts.filter((text) => (termsBy.get(text)?.length ?? 0) > most),
    entries,
  )
  const found = new Map<string, Prefix>()
  for (const [typedText, [text = '']] of plain) {
    const terms = (termsBy.get(text) ?? []).map(({ term }) => term)
    found.set(typedText, { text, terms: terms.length <= most ? terms : null, many: many.has(text) })
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

async function termsOf(env: Env, prefixes: readonly string[], most: number) {
  if (prefixes.length === 0) return []
  return all<{ prefix: string; term: string }>(
    env,
    named(TERMS, { prefixes: JSON.stringify(prefixes), end: END, most }),
  )
}

/** Returns the prefixes of which the index has more entries than `most`. */
async function withMany(env: Env, prefixes: readonly string[], most: number): Promise<ReadonlySet<string>> {
  if (prefixes.length === 0) return new Set()
  const rows = await all<{ prefix: string }>(
    env,
    named(
      `SELECT value AS prefix FROM json_each(:prefixes) j WHERE ${most} < (SELECT count(*) FROM
        (SELECT 1 FROM contact_term WHERE term >= j.value AND term < j.value || :end LIMIT ${most + 1}))`,
      { prefixes: JSON.stringify(prefixes), end: END },
    ),
  )
  return new Set(rows.map(({ prefix }) => prefix))
}

function quoted(word: string): string {
  return `"${word}"`
}

function oneOf(queries: readonly string[]): string {
  // A prefix without terms matches nobody, and an empty list is no query.
  if (queries.length === 0) return '"#none"'
  return queries.length === 1 ? String(queries[0]) : `(${queries.join(' OR ')})`
}
