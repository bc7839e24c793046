import { createServer } from 'node:http'
import { listenOn } from '../../local/ports.ts'
import { type Account, Counter } from './account.ts'
import { type Asked, Refusal, ROUTES } from './routes.ts'

/** A stand-in of Cloudflare's API on loopback, with one account. */
export interface StandIn {
  /** For `CLOUDFLARE_API_BASE_URL`. */
  url: string
  account: Account
  counter: Counter
  /** Each call: method, path, query and body, without secrets. */
  calls: string[]
  /** Paths that the token may not use are refused with 403. */
  forbidden: RegExp[]
  /** Breaks the connection off after a call took effect, if it returns true. */
  breaks: ((call: string) => boolean) | null
  stop(): Promise<void>
}

/** The only token that the stand-in takes. */
export const TOKEN = 'stand-in-token'

/** Starts a stand-in on a free port. */
export async function startStandIn(account: Account): Promise<StandIn> {
  const standIn: Omit<StandIn, 'url' | 'stop'> = {
    ...{ account, counter: new Counter(), calls: [], forbidden: [], breaks: null },
  }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const body = await readBody(Buffer.concat(chunks), headers)
    const call = `${request.method} ${decodeURIComponent(url.pathname)}`
    standIn.calls.push(nameOf(call, url.searchParams, headers, body))
    const send = (status: number, envelope: object) => {
      response.writeHead(status, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ messages: [], ...envelope }))
    }
    try {
      // Uploads of Pages carry a token of their own.
      if (headers.get('Authorization') !== `Bearer ${TOKEN}` && !url.pathname.startsWith('/pages/assets/')) {
        throw new Refusal(401, 10000, 'Authentication error')
      }
      if (standIn.forbidden.some((path) => path.test(url.pathname)))
        throw new Refusal(403, 10000, 'Authentication error')
      const { route, params } = routeFor(request.method ?? 'GET', url.pathname)
      const result =
        route({ account, counter: standIn.counter, params, query: url.searchParams, headers, body }) ?? null
      if (standIn.breaks?.(call) === true) return void request.socket.destroy()
      const count = Array.isArray(result) ? result.length : 1
      const info = { page: 1, per_page: 100, count, total_count: count, total_pages: 1 }
      send(200, { success: true, errors: [], result, result_info: info })
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(500, 1, String(error))
      const errors = [{ code: refusal.code, message: refusal.message }]
      send(refusal.status, { success: false, errors, result: null })
    }
  })
  const { port, stop } = await listenOn(server, 0)
  return Object.assign(standIn, { url: `http://127.0.0.1:${port}`, stop })
}

const PATTERNS = Object.entries(ROUTES).map(([name, route]) => {
  const [method, path = ''] = name.split(' ')
  const pattern = new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
  return { method, pattern, route }
})

function routeFor(method: string, path: string): { route: (asked: Asked) => unknown; params: Record<string, string> } {
  for (const { method: own, pattern, route } of PATTERNS) {
    const match = own === method ? pattern.exec(path) : null
    if (match !== null) return { route, params: { ...match.groups } }
  }
  throw new Refusal(404, 7003, `The stand-in does not know ${method} ${path}.`)
}

/** Reads JSON, or the fields of a form; a field that has JSON is read too. */
async function readBody(bytes: Buffer, headers: Headers): Promise<unknown> {
  const type = headers.get('Content-Type') ?? ''
  if (bytes.length === 0) return null
  if (!type.startsWith('multipart/form-data')) return parsed(bytes.toString('utf8'))
  const form = await new Response(new Uint8Array(bytes), { headers: { 'Content-Type': type } }).formData()
  const fields: Record<string, unknown> = {}
  for (const [name, value] of form) {
    fields[name] = typeof value === 'string' ? parsed(value) : { file: value.name, type: value.type }
  }
  return fields
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Returns a call as a golden file has it: without the values of secrets, and without what another commit changes. */
function nameOf(call: string, query: URLSearchParams, headers: Headers, body: unknown): string {
  const jurisdiction = headers.get('cf-r2-jurisdiction')
  const lines = [
    `${call}${query.size === 0 ? '' : `?${query}`}`,
    ...(jurisdiction === null ? [] : [`  cf-r2-jurisdiction: ${jurisdiction}`]),
  ]
  if (body !== null) lines.push(...JSON.stringify(withoutSecrets(body), null, 2).replace(/^/gm, '  ').split('\n'))
  return lines.join('\n')
}

/** Fields that another commit changes. */
const CHANGES = /^(?:commit_\w+|wrangler_config_hash|package_dependencies)$/

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value === 'string')
    return value.length > 300 ? `${value.slice(0, 60)}… (${value.length} characters)` : value
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value)
  if (fields.some(([name, field]) => name === 'type' && field === 'secret_text')) {
    return { ...value, text: '(secret)' }
  }
  return Object.fromEntries(
    fields.flatMap(([name, field]) => (CHANGES.test(name) ? [] : [[name, withoutSecrets(field)]])),
  )
}
