import * as z from 'zod'

/** A call that Cloudflare refused, or that did not reach it. */
export class CloudflareError extends Error {
  override readonly name = 'CloudflareError'
  /** The HTTP status; null if no answer came. */
  readonly status: number | null
  /** Cloudflare's own code, such as 7404; null if the answer had none. */
  readonly code: number | null

  constructor(message: string, status: number | null, code: number | null) {
    super(message)
    this.status = status
    this.code = code
  }
}

interface Call<T> {
  /** The permission of an API token that the call needs, by the name that Cloudflare's dashboard shows. */
  right: string
  /** What the result must look like. */
  result: z.ZodType<T>
  query?: Record<string, string>
  /** Sent as JSON. */
  body?: unknown
  headers?: Record<string, string>
}

/** Cloudflare's REST API, https://developers.cloudflare.com/api/, for one token. */
export interface Cloudflare {
  /** Throws `CloudflareError`. */
  call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, call: Call<T>): Promise<T>
  /** Like GET, but returns null if Cloudflare answers with one of the codes in `absent` or with 404. Throws `CloudflareError`. */
  find<T>(path: string, absent: readonly number[], call: Call<T>): Promise<T | null>
}

const envelopeSchema = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })).nullish(),
  result: z.unknown(),
})

/** Cloudflare's codes for a token that may not do what the call asks for. */
const NOT_ALLOWED = new Set([2036, 9109, 10000, 10001])

/**
 * Opens the API with the variables that wrangler reads as well: `CLOUDFLARE_API_TOKEN`, and `CLOUDFLARE_API_BASE_URL` for another
 * address of the API. Throws an `Error` if there is no token.
 */
export function openCloudflare(env: NodeJS.ProcessEnv): Cloudflare {
  const token = env.CLOUDFLARE_API_TOKEN
  const base = env.CLOUDFLARE_API_BASE_URL ?? 'https://api.cloudflare.com/client/v4'
  if (!token) throw new Error('Set CLOUDFLARE_API_TOKEN. docs/deploy.md says which permissions the token needs.')

  const cloudflare: Cloudflare = {
    async call(method, path, { right, result, query, body, headers }) {
      const name = `${method} ${path}`
      const url = `${base}${path}${query === undefined ? '' : `?${new URLSearchParams(query)}`}`
      const answer = await fetch(url, {
        method,
        headers: {
          Authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(60_000),
      }).catch((error: unknown) => {
        throw new CloudflareError(`${name}: no answer from ${new URL(base).host} (${reasonOf(error)})`, null, null)
      })
      const envelope = envelopeSchema.safeParse(await answer.json().catch(() => null))
      if (!envelope.success) throw new CloudflareError(`${name}: HTTP ${answer.status}`, answer.status, null)
      if (!envelope.data.success || !answer.ok) throw refusal(name, right, answer.status, envelope.data.errors?.[0])
      const parsed = result.safeParse(envelope.data.result)
      if (parsed.success) return parsed.data
      throw new CloudflareError(
        `${name}: not the answer that is documented. ${parsed.error.message}`,
        answer.status,
        null,
      )
    },
    async find(path, absent, call) {
      try {
        return await cloudflare.call('GET', path, call)
      } catch (error) {
        const isAbsent = error instanceof CloudflareError && (error.status === 404 || absent.includes(error.code ?? 0))
        if (isAbsent) return null
        throw error
      }
    },
  }
  return cloudflare
}

function refusal(name: string, right: string, status: number, error: { code: number; message: string } | undefined) {
  const code = error?.code ?? null
  const words = error === undefined ? `HTTP ${status}` : `${error.message} [${error.code}]`
  const mayNot = status === 401 || status === 403 || NOT_ALLOWED.has(code ?? 0)
  const advice = mayNot ? `\nThe API token needs the permission "${right}" for this account and domain.` : ''
  return new CloudflareError(`${name}: ${words}${advice}`, status, code)
}

/** Returns why a request got no answer: `fetch` hides it in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
