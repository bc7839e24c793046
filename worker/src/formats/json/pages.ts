/** Members that name the next page of a list, or say that there is one; only letters, in lower case. */
const NEXT: ReadonlySet<string> = new Set([
  ...['next', 'nextlink', 'odatanextlink', 'nexturl', 'nexturi', 'nexthref', 'nextrecordsurl'],
  ...['nextpage', 'nextpageurl', 'nextpageuri', 'nextpagelink', 'nextpagetoken', 'nextcursor', 'nexttoken'],
  ...['hasmore', 'hasnext', 'hasnextpage', 'morerecords', 'moreresults'],
])
/** Members in which such a member may be. */
const AROUND: ReadonlySet<string> = new Set(['links', 'paging', 'pagination', 'pageinfo', 'page', 'meta', 'info'])
/** A longer value is not looked at, in characters. */
const LONGEST = 10_000

/**
 * Returns whether a member of the object around a list of records says that the list goes on elsewhere. `raw` is the
 * member's value as JSON. A list without its end must not remove the contacts of the further pages.
 */
export function namesNextPage(name: string, raw: string): boolean {
  const key = plain(name)
  if (raw.length > LONGEST) return false
  if (NEXT.has(key)) return isNamed(JSON.parse(raw))
  // Airtable calls the place of the next page so. Other services name a number, which is where this page begins.
  if (key === 'offset') return raw.length > 2 && raw.startsWith('"')
  if (!AROUND.has(key) || !raw.startsWith('{')) return false
  return Object.entries<unknown>(JSON.parse(raw)).some(([inner, value]) => NEXT.has(plain(inner)) && isNamed(value))
}

function plain(name: string): string {
  return name.replace(/[^a-z]/gi, '').toLowerCase()
}

/** Returns whether the value names something: `{"href": null}`, `""`, 0 and `"false"` do not. */
function isNamed(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some((part) => isNamed(part))
  return Boolean(value) && value !== 'false'
}
