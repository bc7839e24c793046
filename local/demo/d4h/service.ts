import { type Item, itemsOf } from './answers.ts'
import { checkRequest } from './check.ts'
import type { ListName } from './description.ts'
import { filterOf } from './filter.ts'
import type { D4hTeamData } from './team.ts'

/** The largest number of items that D4H sends on a page, even if a request asks for more. */
const MOST_ON_A_PAGE = 100
const DEFAULT_PAGE = 25

/**
 * Stands in for D4H Team Manager: answers the requests that its description has and refuses all others. It opens no
 * network port, so that it serves a test in workerd as well as the demo.
 */
export class D4hService {
  /** The teams that the token may read. */
  teams: D4hTeamData[]
  token: string
  /** The list for which the token has no permission, or whose module is off. */
  forbidden: ListName | null = null
  /** How many requests are answered in this many seconds; null for no limit. */
  limit: { requests: number; seconds: number } | null = null
  pageSize = MOST_ON_A_PAGE
  /** Answers a request in place of the stand-in, unless it returns null. */
  instead: (request: Request) => Response | Promise<Response> | null = () => null
  /** Every request that arrived, as path and query. */
  readonly requests: string[] = []
  /** How many requests were refused because of the limit. */
  refused = 0
  readonly #now: () => number
  #window: { began: number; requests: number } = { began: 0, requests: 0 }

  constructor(teams: D4hTeamData[], token: string, now: () => number = Date.now) {
    this.teams = teams
    this.token = token
    this.#now = now
  }

  async handle(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url)
    this.requests.push(`${pathname}${search}`)
    const limits = this.#count()
    if (limits.refused !== null) {
      this.refused++
      return refusal(429, 'Too many requests', { ...limits.headers, 'Retry-After': limits.refused })
    }
    const answer = (await this.instead(request)) ?? this.#answer(request)
    for (const [name, value] of Object.entries(limits.headers)) answer.headers.set(name, value)
    return answer
  }

  #answer(request: Request): Response {
    if (request.headers.get('Authorization') !== `Bearer ${this.token}`) return refusal(401, 'Not authenticated')
    const asked = checkRequest(request)
    if ('status' in asked) return refusal(asked.status, asked.reason)
    if (asked.of === 'whoami') return Response.json(this.#whoAmI())
    const team = asked.context === 'team' ? this.teams.find(({ id }) => id === asked.contextId) : undefined
    if (team === undefined) return refusal(403, 'No access to this context')
    if (asked.of === this.forbidden) return refusal(403, 'The module is not enabled, or permission is missing')
    const filter = filterOf(asked.query, team)
    if (filter === null) return refusal(501, 'The stand-in does not know this filter')
    return Response.json(this.#page(itemsOf(team, asked.of).filter(filter), asked.query))
  }

  #whoAmI() {
    const members = this.teams.map(({ id, title }) => ({
      id: id * 1000,
      resourceType: 'Member',
      name: 'Token Owner',
      hasAccess: true,
      permissions: {},
      owner: { id, resourceType: 'Team', title, owner: { id: 4, resourceType: 'Organisation' } },
    }))
    return { account: { id: 1, resourceType: 'Account' }, members, officers: [] }
  }

  #page(found: Item[], query: URLSearchParams) {
    const order = query.get('order') === 'desc' ? -1 : 1
    const sort = query.get('sort') ?? 'id'
    found.sort((a, b) => order * compare(a[sort], b[sort]) || a.id - b.id)
    const page = Number(query.get('page') ?? 0)
    const pageSize = Math.max(1, Math.min(Number(query.get('size') ?? DEFAULT_PAGE), this.pageSize))
    return { results: found.slice(page * pageSize, (page + 1) * pageSize), page, pageSize, totalSize: found.length }
  }

  #count(): { refused: string | null; headers: Record<string, string> } {
    if (this.limit === null) return { refused: null, headers: {} }
    const { requests, seconds } = this.limit
    const now = this.#now()
    if (now - this.#window.began >= seconds * 1000) this.#window = { began: now, requests: 0 }
    this.#window.requests++
    const reset = Math.ceil((this.#window.began + seconds * 1000 - now) / 1000)
    const remaining = Math.max(0, requests - this.#window.requests)
    const headers = {
      'RateLimit-Policy': `${requests};w=${seconds}`,
      RateLimit: `limit=${requests}, remaining=${remaining}, reset=${reset}`,
    }
    return { refused: this.#window.requests > requests ? String(reset) : null, headers }
  }
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}

/** Returns an error in the form that all errors of D4H have. */
function refusal(status: number, message: string, headers: Record<string, string> = {}): Response {
  const code = message.toUpperCase().replace(/[^A-Z]+/g, '_')
  return Response.json({ statusCode: status, code, message }, { status, headers })
}
