import type { ParameterOf } from '../../worker/src/api/route.ts'
import type { routes } from '../../worker/src/api/routes.ts'
import type { Page } from '../../worker/src/api/views/answer.ts'
import { type Parts as Address, addressAt } from './address.ts'
import { ApiProblem, problemFrom } from './problem.ts'

/**
 * The input and answer types of each route. The Worker's list of routes is used only as a type: none of its code is
 * loaded.
 */
type Known = NonNullable<(typeof routes)[number]['types']>
type Method = Known['method']
type Of<M extends Method, P> = Extract<Known, { method: M; path: P }>

/** The paths that support a method. */
type PathOf<M extends Method> = Extract<Known, { method: M }>['path']
/** The paths that answer with JSON, not with a file. */
export type ReadPath = Exclude<Extract<Known, { method: 'get' }>, { answer: undefined }>['path']
/** The paths of lists. */
export type ListPath = Extract<Known, { method: 'get'; answer: Page<unknown> }>['path']

/** The type of a successful answer; undefined if the answer has no body. */
export type Answer<M extends Method, P> = Of<M, P>['answer']
/** The type of the items of the list at a path. */
export type Item<P extends ListPath> = Answer<'get', P> extends Page<infer T> ? T : never

interface Parts extends Address {
  body?: unknown
}

/** A part of a call under its name: required unless all of its members are optional. */
type Part<Name extends keyof Parts, T> = [T] extends [undefined]
  ? { [K in Name]?: never }
  : object extends T
    ? { [K in Name]?: T }
    : { [K in Name]: T }

/** A query as a form holds it. A blank parameter is not sent. */
type Query<T> = T extends object ? { [K in keyof T]: T[K] | '' } : undefined

/** The input of a call: the parameters of its path by name, its `query` and its `body`. */
export type Given<M extends Method, P extends string> = Parts &
  Record<ParameterOf<P>, string> &
  Part<'query', Query<Of<M, P>['query']>> &
  Part<'body', Of<M, P>['body']>

/** Gets the resource at a path. Throws `ApiProblem`; an aborted call throws the signal's reason. */
export function get<P extends ReadPath>(path: P, given: Given<'get', P>, signal?: AbortSignal) {
  return call<Answer<'get', P>>('get', path, given, signal)
}

/** Reads the page of a list after `cursor`; an empty cursor reads the first page. Throws as `get` does. */
export function getPage<P extends ListPath>(path: P, given: Given<'get', P>, cursor: string, signal?: AbortSignal) {
  return call<Page<Item<P>>>('get', path, { ...given, query: { ...given.query, cursor } }, signal)
}

/** Reads a list to its end, however long it is. Throws as `get` does. */
export async function getAll<P extends ListPath>(path: P, given: Given<'get', P>, signal?: AbortSignal) {
  const items: Item<P>[] = []
  const most = { ...given, query: { ...given.query, limit: 500 } }
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page<Item<P>> = await getPage(path, most, cursor, signal)
    items.push(...page.items)
    cursor = page.next
  }
  return items
}

/** Posts to a path. Throws `ApiProblem`. */
export function post<P extends PathOf<'post'>>(path: P, given: Given<'post', P>) {
  return call<Answer<'post', P>>('post', path, given)
}

/** Puts at a path. Throws `ApiProblem`. */
export function put<P extends PathOf<'put'>>(path: P, given: Given<'put', P>) {
  return call<Answer<'put', P>>('put', path, given)
}

/**
 * Puts a file at a path. `onSent` gets the bytes that have been sent so far. Throws `ApiProblem`; an aborted upload throws
 * the signal's reason.
 */
export async function putFile<P extends PathOf<'put'>>(
  path: P,
  given: Given<'put', P>,
  file: Blob,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Answer<'put', P>> {
  // Not `fetch`, which does not tell how much it has sent.
  const request = new XMLHttpRequest()
  await new Promise<void>((resolve, reject) => {
    request.open('PUT', addressAt(path, given))
    request.setRequestHeader('accept', 'application/json')
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = ({ loaded }) => onSent(loaded)
    request.onerror = () => reject(offline())
    request.onabort = () => reject(signal.reason)
    request.onload = () => resolve()
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
  const answer = jsonOf(request.responseText)
  // The file is not sent again by itself: it may be large.
  if (problemFrom(request.status, answer).code === 'unauthorized') await signedInAgain()
  return answered('put', path, request.status, answer)
}

/** Patches the resource at a path. Throws `ApiProblem`. */
export function patch<P extends PathOf<'patch'>>(path: P, given: Given<'patch', P>) {
  return call<Answer<'patch', P>>('patch', path, given)
}

/** Deletes the resource at a path. Throws `ApiProblem`. */
export function del<P extends PathOf<'delete'>>(path: P, given: Given<'delete', P>) {
  return call<Answer<'delete', P>>('delete', path, given)
}

/** Returns the address that a `get` reads, for a link or an event source. */
export function addressOf<P extends PathOf<'get'>>(path: P, given: Given<'get', P>): string {
  return addressAt(path, given)
}

/** The posts that change nothing. */
const TESTS: ReadonlySet<string> = new Set(['/api/sources/test', '/api/sources/:id/test', '/api/notifications/test'])

const written = new Set<() => void>()

/**
 * Calls `listener` after each successful write, because a write may change anything that was read. A test of a connection
 * changes nothing. Returns a function that stops the calls.
 */
export function onWritten(listener: () => void): () => void {
  written.add(listener)
  return () => written.delete(listener)
}

/** Has everything read again: the end of a run changes the directory and its source, as a write does. */
export function readAgain(): void {
  for (const listener of written) listener()
}

let askIdentity: (() => Promise<boolean>) | null = null

/**
 * Calls `ask` where the API wants to know again who the person is. If its promise gives true, the call is made again.
 * Returns a function that stops this.
 */
export function onConfirmIdentity(ask: () => Promise<boolean>): () => void {
  askIdentity = ask
  return () => {
    askIdentity = null
  }
}

let askSession: (() => Promise<boolean>) | null = null
let asking: Promise<boolean> | null = null
/** The paths that are used without a session: what they refuse says nothing about one. */
const SIGN_IN = new Set(['/api/session', '/api/session/second-factor'])

/**
 * Calls `ask` where the API answers that nobody is signed in, once for all calls that it answers so. If its promise gives
 * true, the calls are made again. Returns a function that stops this.
 */
export function onSessionOver(ask: () => Promise<boolean>): () => void {
  askSession = ask
  return () => {
    askSession = null
  }
}

function signedInAgain(): Promise<boolean> {
  asking ??= (askSession?.() ?? Promise.resolve(false)).finally(() => {
    asking = null
  })
  return asking
}

async function call<T>(method: Method, path: string, given: Parts, signal?: AbortSignal): Promise<T> {
  const { body } = given
  const response = await fetch(addressAt(path, given), {
    method: method.toUpperCase(),
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal ?? null,
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error
    throw offline()
  })
  const answer = response.status === 204 ? undefined : jsonOf(await response.text())
  const code = response.ok ? null : problemFrom(response.status, answer).code
  const again =
    (code === 'confirm_identity' && (await askIdentity?.()) === true) ||
    (code === 'unauthorized' && !SIGN_IN.has(path) && (await signedInAgain()))
  if (again) return call(method, path, given, signal)
  return answered<T>(method, path, response.status, answer)
}

/** Returns the body of a successful answer, and tells the listeners of it. Throws `ApiProblem` for a refusal. */
function answered<T>(method: Method, path: string, status: number, answer: unknown): T {
  if (status < 200 || status > 299) {
    throw problemFrom(status, answer)
  }
  // After signing out nothing can be read again.
  const over = method === 'delete' && path === '/api/session'
  if (method !== 'get' && !over && !TESTS.has(path)) readAgain()
  // The one place where JSON gets a type: that of the route's answer.
  return answer as T
}

function offline(): ApiProblem {
  return new ApiProblem(0, 'offline', 'Muster could not be reached. Check your connection and try again.', [], null)
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
