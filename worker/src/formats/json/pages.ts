/** Members that name the next page of a list, or say that there is one; only letters, in lower case. */
const NEXT: ReadonlySet<string> = new Set([
  ...['next', 'nextlink', 'odatanextlink', 'nexturl', 'nexturi', 'nexthref', 'nextrecordsurl'],
  ...['nextpage', 'nextpageurl', 'nextpageuri', 'nextpagelink', 'nextpagetoken', 'nextcursor', 'nexttoken'],
  ...['hasmore', 'hasnext', 'hasnextpage', 'morerecords', 'moreresults'],
])
/** Members whose number, if it is over 1, says that the list has further pages, before or after this one. */
const PAGES: ReadonlySet<string> = new Set(['totalpages', 'pagecount', 'numpages', 'lastpage'])
/** Members that say that the records are not all of them: if they name something, and if they deny something. */
const PARTIAL: ReadonlySet<string> = new Set([
  ...['error', 'errors', 'partial', 'truncated', 'incomplete', 'incompleteresults'],
])
const WHOLE: ReadonlySet<string> = new Set(['done', 'success', 'ok', 'complete', 'last', 'islast', 'islastpage'])
/** Members that count the records of all pages. */
const TOTALS: ReadonlySet<string> = new Set([
  ...['total', 'totalcount', 'totalresults', 'totalrecords', 'totalitems', 'totalelements', 'totalsize'],
  ...['count', 'odatacount'],
])
/** Members in which such a member may be. */
const AROUND: ReadonlySet<string> = new Set(['links', 'paging', 'pagination', 'pageinfo', 'page', 'meta', 'info'])
/** A longer value is not looked at, in characters. */
const LONGEST = 10_000

/** What a member of the object around a list says: that the list goes on elsewhere, or how many records there are in all. */
export type ListNote = { is: 'page' | 'part' } | { is: 'total'; count: number }

/**
 * Returns what a member of the object around a list of records says of the list; null if nothing. `raw` is the member's
 * value as JSON. A list without its end must not remove the contacts that are missing from it.
 */
export function listNote(name: string, raw: string): ListNote | null {
  if (raw.length > LONGEST) return PARTIAL.has(plain(name)) ? { is: 'part' } : null
  // Airtable calls the place of the next page so. Other services name a number, which is where this page begins.
  if (plain(name) === 'offset') return raw.length > 2 && raw.startsWith('"') ? { is: 'page' } : null
  return noteIn(name, JSON.parse(raw))
}

function noteIn(name: string, value: unknown): ListNote | null {
  const key = plain(name)
  if (NEXT.has(key) && isNamed(value)) return { is: 'page' }
  if (PAGES.has(key) && Number(value) > 1) return { is: 'page' }
  if (PARTIAL.has(key) && isNamed(value)) return { is: 'part' }
  if (WHOLE.has(key) && (value === false || value === 'false')) return { is: 'part' }
  if (TOTALS.has(key) && typeof value === 'number') return { is: 'total', count: value }
  if (!AROUND.has(key) || typeof value !== 'object' || value === null) return null
  let found: ListNote | null = null
  // A number of records may be right for one page, so that it says least.
  for (const [inner, one] of Object.entries(value)) {
    const note = noteIn(inner, one)
    if (note !== null && (found === null || found.is === 'total')) found = note
  }
  return found
}

function plain(name: string): string {
  return name.replace(/[^a-z]/gi, '').toLowerCase()
}

/** Returns whether the value names something: `{"href": null}`, `""`, 0 and `"false"` do not. */
function isNamed(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some((part) => isNamed(part))
  return Boolean(value) && value !== 'false'
}
