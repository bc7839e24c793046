import * as z from 'zod'
import { ApiError } from './problem.ts'
import { type InputError, unknownMembers } from './unknown.ts'

type Schema = z.ZodType
/** The part of a request that is parsed. */
type Part = 'query' | 'body'

/** The schema of a query or a body without members. */
const NOTHING = z.object({})

/** The query of a webhook, whose sender may add parameters of its own. */
export const anyQuery = z.looseObject({})

/**
 * Parses a query. An empty parameter counts as left out: `?search=&group=` is a form that was left blank. Throws
 * `ApiError` 400 `invalid` that names every wrong, unknown or repeated parameter.
 */
export function parseQuery({ url }: Request, query: Schema = NOTHING): unknown {
  const sent = [...new URL(url).searchParams]
  const given = Object.fromEntries(sent)
  requireKnown(query, undefined, nested(query, sent), 'query')
  if (query !== anyQuery && sent.length > Object.keys(given).length) {
    const path = sent.map(([name]) => name).find((name, index, names) => names.indexOf(name) !== index) ?? ''
    throw invalid('query', [{ path, message: 'Give this parameter once.' }])
  }
  return parse(
    query,
    nested(
      query,
      sent.filter(([, value]) => value !== ''),
    ),
    'query',
  )
}

/** Returns parameters as an object. A parameter `name.KEY` is the member `KEY` of the record `name`, if the query has one. */
function nested(query: Schema, sent: readonly (readonly [string, string])[]): Record<string, unknown> {
  const given: [string, unknown][] = []
  const records = new Map<string, [string, string][]>()
  for (const [name, value] of sent) {
    const dot = name.indexOf('.')
    const record = name.slice(0, dot)
    if (dot === -1 || !hasRecord(query, record)) given.push([name, value])
    else records.set(record, [...(records.get(record) ?? []), [name.slice(dot + 1), value]])
  }
  for (const [name, members] of records) given.push([name, Object.fromEntries(members)])
  return Object.fromEntries(given)
}

function hasRecord(query: Schema, name: string): boolean {
  const member = query instanceof z.ZodObject && Object.hasOwn(query.shape, name) ? query.shape[name] : undefined
  return member instanceof z.ZodOptional && member.unwrap() instanceof z.ZodRecord
}

/**
 * Parses a JSON body. `view`: see `unknownMembers`. `parser`: the schema to parse it with, if the handler needs another
 * than the described one. Throws `ApiError` 400 that names every wrong or unknown member.
 */
export async function parseBody(
  request: Request,
  body: Schema = NOTHING,
  view?: Schema,
  parser: Schema = body,
): Promise<unknown> {
  const sent = await readJson(request)
  requireKnown(body, view, sent, 'body')
  return parse(parser, sent, 'body')
}

/** Throws `ApiError` 400 `invalid` that names the unknown members of `sent` (see `unknownMembers`). */
export function requireKnown(
  schema: Schema,
  view: Schema | undefined,
  sent: unknown,
  part: Part,
  whole: unknown = sent,
): void {
  const errors = unknownMembers(schema, view, sent, whole)
  if (errors.length > 0) throw invalid(part, errors)
}

/** Parses the input. Throws `ApiError` 400 `invalid` that names every wrong member. */
export function parse<S extends Schema>(schema: S, value: unknown, part: Part): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const errors = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  throw invalid(part, errors)
}

/** Returns the error that names what is wrong with a request. */
export function invalid(part: Part, errors: readonly InputError[]): ApiError {
  const detail = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  return new ApiError(400, 'invalid', `The ${part} is not valid. ${detail}`, { errors })
}

/** How deep a body may be nested. The settings of a source have six levels. */
const MOST_NESTED = 50

/** Returns whether the lists and objects of a JSON text are nested more than so many levels deep. */
function isNestedDeeper(text: string, most: number): boolean {
  let depth = 0
  for (let at = 0, quoted = false; at < text.length && depth <= most; at++) {
    const char = text[at]
    if (char === '"') quoted = !quoted
    else if (quoted) at += char === '\\' ? 1 : 0
    else if (char === '[' || char === '{') depth++
    else if (char === ']' || char === '}') depth--
  }
  return depth > most
}

async function readJson(request: Request): Promise<unknown> {
  const text = await request.text()
  // A form of another site can send any text, but not as JSON.
  const type = request.headers.get('Content-Type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (text !== '' && type !== 'application/json' && type !== 'application/merge-patch+json') {
    throw new ApiError(415, 'unsupported_media_type', 'Send the body with “Content-Type: application/json”.')
  }
  // Checking a value follows its nesting, and a megabyte can be nested deeper than the stack of calls.
  if (isNestedDeeper(text, MOST_NESTED)) {
    throw new ApiError(400, 'invalid_json', `The body is nested more than ${MOST_NESTED} levels deep.`)
  }
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    throw new ApiError(400, 'invalid_json', 'The body is not JSON.')
  }
}
