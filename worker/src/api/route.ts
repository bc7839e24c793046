import type { Context } from 'hono'
import type { z } from 'zod'
import type { Env } from '../env.ts'
import type { Role } from '../security/roles.ts'
import { type Actor, requireActor } from './access.ts'
import { ApiError } from './problem.ts'

type Schema = z.ZodType
/** What a handler may give where its answer is described. */
type Answer<A> = A extends Schema ? z.input<A> | Response | undefined : unknown
type Parsed<S> = S extends Schema ? z.output<S> : undefined

/** What a route's handler gets: the request parsed, and who makes it. */
export interface Call<Q, B> {
  env: Env
  request: Request
  params: Record<string, string>
  query: Parsed<Q>
  body: Parsed<B>
  actor: Actor
  /** Lets work go on after the answer. */
  context: Context<{ Bindings: Env }>
}

/** One route: what it takes, who may call it, and what it does. The API description is made from the same list. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** With parameters as `:name`. */
  path: string
  summary: string
  /** `null`: without sign-in. */
  role: Role | null
  query: Schema | undefined
  body: Schema | undefined
  /** The JSON of a good answer; undefined where there is none, or another format. */
  answer: Schema | undefined
  /** Of a good answer. */
  status: number
  respond: (context: Context<{ Bindings: Env }>) => Promise<Response>
}

const NOBODY: Actor = { kind: 'person', id: '', name: '', email: null, label: '', role: 'viewer' }

/**
 * Defines a route. The handler's value becomes the JSON answer with `status` (200); a `Response` is sent as it is;
 * `undefined` is 204.
 */
export function route<
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
  A extends Schema | undefined = undefined,
>(definition: {
  method: Route['method']
  path: string
  summary: string
  role: Role | null
  query?: Q
  body?: B
  answer?: A
  status?: number
  handle: (call: Call<Q, B>) => Answer<A> | Promise<Answer<A>>
}): Route {
  const { method, path, summary, role, query, body, answer, status = 200, handle } = definition
  return {
    method,
    path,
    summary,
    role,
    query,
    body,
    answer,
    status,
    async respond(context) {
      const request = context.req.raw
      const actor = role === null ? NOBODY : await requireActor(context.env, request, role)
      const parsedQuery = query === undefined ? undefined : parse(query, given(context.req.query()), 'query')
      const parsedBody = body === undefined ? undefined : parse(body, await readJson(request), 'body')
      const result = await handle({
        env: context.env,
        request,
        params: context.req.param(),
        query: parsedQuery as Parsed<Q>,
        body: parsedBody as Parsed<B>,
        actor,
        context,
      })
      if (result instanceof Response) return result
      return result === undefined ? new Response(null, { status: 204 }) : Response.json(result, { status })
    },
  }
}

/** A parameter without a value says nothing: `?search=&group=` is a form that was left blank. */
function given(query: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
}

/** Parses what came; throws `ApiError` 400 `invalid` that names every field that is wrong. */
export function parse<S extends Schema>(schema: S, value: unknown, what: 'query' | 'body'): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const errors = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  const detail = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  throw new ApiError(400, 'invalid', `The ${what} is not valid. ${detail}`, { errors })
}

async function readJson(request: Request): Promise<unknown> {
  const text = await request.text()
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    throw new ApiError(400, 'invalid_json', 'The body is not JSON.')
  }
}
