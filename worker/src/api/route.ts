import type { Context } from 'hono'
import * as z from 'zod'
import type { BlockReader } from '../core/bytes.ts'
import type { Env } from '../env.ts'
import type { Role } from '../security/roles.ts'
import { type Actor, type Needs, requireActor, requireConfirmed, requireRights } from './access.ts'
import { bodyReader } from './body-reader.ts'
import { parseBody, parseQuery } from './input.ts'
import { ApiError } from './problem.ts'
import { type Recorder, recorder, recordRefusal } from './recording.ts'
import type { RECORDS, RecordedBy } from './records.ts'

type Schema = z.ZodType
/** The value that a handler may return if its answer is described. */
type Answer<A> = A extends Schema ? z.input<A> | Response | undefined : unknown
type Parsed<S> = S extends Schema ? z.output<S> : undefined

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** The names of the parameters in a path: `id` in `/api/runs/:id/changes`. */
export type ParameterOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParameterOf<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** A JSON merge patch (RFC 7396) of a resource: any of its members, null to remove one. Lists are replaced whole. */
type Patch<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Patch<T[K]> | null } : T

/** The form of a body that the handler parses: whole, or a merge patch of the stored resource. */
type Raw = 'whole' | 'patch'

/**
 * `bytes`: the handler reads the request's body itself, which need not be JSON. `stream`: the body may be a large file; the
 * handler gets a reader of its bytes, and bounds their number.
 */
type Form = Raw | 'bytes' | 'stream'

/** The body that a caller sends. */
type Sent<B, R> = B extends Schema ? (R extends 'patch' ? Patch<z.input<B>> : z.input<B>) : undefined

/** The types of a route's requests and answers, for the client that is typed by the list of routes. */
interface Types<M extends Method, P extends string, Q, B, R, A> {
  method: M
  path: P
  query: Q extends Schema ? z.input<Q> : undefined
  body: Sent<B, R>
  answer: A extends Schema ? z.output<A> : undefined
}

/** The input of a route's handler: the parsed request and its actor. */
export interface Call<P extends string, Q, B, R, E = never> {
  env: Env
  request: Request
  params: Record<ParameterOf<P>, string>
  query: Parsed<Q>
  body: R extends 'stream' ? BlockReader : R extends Raw ? Record<string, unknown> : Parsed<B>
  actor: Actor
  /** Records in the audit what the call did. */
  record: Recorder<E>
  /** Keeps work running after the answer is sent. */
  context: Context<{ Bindings: Env }>
}

/** One route: its input, the role it requires, and its handler. The API description is made from the same list. */
export interface Route extends Omit<Needs, 'role'> {
  method: Method
  /** The path, with parameters as `:name`. */
  path: string
  summary: string
  /** The role that a caller needs; `null` requires no sign-in. */
  role: Role | null
  query: Schema | undefined
  body: Schema | undefined
  /** The form of the body, if the handler parses it because that needs the stored resource. */
  raw: Form | undefined
  /** The resource as it reads back. Its members that the body lacks are read-only: they are ignored if they are sent. */
  view: Schema | undefined
  /** The JSON of a successful answer; undefined if it is empty or in another format. */
  answer: Schema | undefined
  /** The status of a successful answer. */
  status: number
  /** Whether a person must have shown lately who they are: always, for some calls, or never. */
  confirms: 'always' | 'sometimes' | ''
  respond: (context: Context<{ Bindings: Env }>) => Promise<Response>
}

/** A route with the types of its calls. The types exist only for the compiler. */
type TypedRoute<T> = Route & { types?: T }

const NOBODY: Actor = {
  kind: 'person',
  id: '',
  name: '',
  email: null,
  label: '',
  role: 'viewer',
  session: null,
  scopes: null,
  sources: null,
  onlyStatus: false,
}

/** The schema of a body that the handler parses. */
const anyObject = z.record(z.string(), z.unknown())

/**
 * Defines a route. The handler's value becomes the JSON answer with `status` (200 by default). A `Response` is sent as
 * it is; `undefined` becomes 204.
 *
 * A query parameter or a member of the body that the schemas lack is refused before the handler is called (invariant
 * 15), also if the route has no query or no body.
 */
export function route<
  M extends Method,
  P extends string,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
  R extends Form | undefined = undefined,
  A extends Schema | undefined = undefined,
>(
  definition: {
    method: M
    path: P
    summary: string
    role: Role | null
    query?: Q
    body?: B
    raw?: R
    view?: Schema
    answer?: A
    status?: number
    /** Whether a person must have shown lately who they are. For `sometimes` the handler calls `requireConfirmed`. */
    confirms?: 'always' | 'sometimes'
    handle: (call: Call<P, Q, B, R, RecordedBy<`${M} ${P}`>>) => Answer<A> | Promise<Answer<A>>
  } & Omit<Needs, 'role'> &
    // A call that changes something records something.
    (M extends 'get' ? unknown : `${M} ${P}` extends keyof typeof RECORDS ? unknown : { isNotIn: 'records.ts' }),
): TypedRoute<Types<M, P, Q, B, R, A>> {
  const { method, path, summary, role, query, body, raw, view, answer, status = 200, handle } = definition
  const { scope, limited, ownRuns, passive, personal, beforeFactor, confirms = '' } = definition
  const isJson = method !== 'get' && raw !== 'bytes' && raw !== 'stream'
  return {
    method,
    path,
    summary,
    role,
    scope,
    limited,
    ownRuns,
    personal,
    query,
    body,
    raw,
    view,
    answer,
    status,
    confirms,
    async respond(context) {
      const { env, req } = context
      const request = req.raw
      const { id, key = '' } = req.param() as { id?: string; key?: string }
      let caller: Actor | null = null
      const withRights = async (role: Role) => {
        const needs = { role, scope, limited, ownRuns, passive, personal, beforeFactor }
        caller = await requireActor(env, request, needs)
        return requireRights(env, caller, needs, id ?? key)
      }
      const answerTo = async (stream: BlockReader | null): Promise<Response> => {
        const actor = role === null ? NOBODY : await withRights(role)
        if (confirms === 'always') requireConfirmed(actor)
        const parsedQuery = parseQuery(request, query)
        const parsedBody = isJson
          ? await parseBody(request, body, view, raw === undefined ? body : anyObject)
          : (stream ?? undefined)
        const result = await handle({
          env,
          request,
          params: req.param() as Record<ParameterOf<P>, string>,
          query: parsedQuery as Parsed<Q>,
          body: parsedBody as Call<P, Q, B, R>['body'],
          actor,
          record: recorder(env, request, caller),
          context,
        })
        if (result instanceof Response) return result
        return result === undefined ? new Response(null, { status: 204 }) : Response.json(result, { status })
      }
      const stream = raw === 'stream' ? bodyReader(request) : null
      try {
        return await answerTo(stream)
      } catch (error) {
        if (error instanceof ApiError) await recordRefusal(env, request, { method, path }, caller, id, error)
        throw error
      } finally {
        await stream?.discard()
      }
    },
  }
}
