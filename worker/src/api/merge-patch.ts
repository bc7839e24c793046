import type * as z from 'zod'
import { parse, requireKnown } from './input.ts'
import { isObject } from './json-object.ts'

/**
 * Applies a JSON merge patch (RFC 7396) to a resource, and returns it parsed. Null resets a member to its default,
 * except if null is a value of the member (a limit that is switched off). `view`: see `unknownMembers`. Throws
 * `ApiError` 400, also for a member of another kind of connection than the patched one.
 */
export function parsePatched<S extends z.ZodType>(
  schema: S,
  before: unknown,
  patch: unknown,
  view?: z.ZodType,
): z.output<S> {
  const merged = mergePatch(before, patch)
  requireKnown(schema, view, patch, 'body', merged)
  const refused = schema.safeParse(merged).error?.issues ?? []
  return parse(
    schema,
    refused.reduce((value, { path }) => withoutNull(value, path), merged),
    'body',
  )
}

/**
 * Replaces members of `target` by those of `patch`. Null stays, since its meaning depends on the schema. It goes only as
 * deep as `target`, however deep the patch is.
 */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch) || !isObject(target)) return patch
  const merged = { ...target }
  for (const [name, value] of Object.entries(patch)) merged[name] = mergePatch(merged[name], value)
  return merged
}

/** Returns a value without the member at the path if that member is null. */
function withoutNull(value: unknown, path: readonly PropertyKey[]): unknown {
  const [name, ...rest] = path
  if (!isObject(value) || typeof name !== 'string') return value
  if (rest.length > 0) return { ...value, [name]: withoutNull(value[name], rest) }
  return value[name] === null ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)) : value
}
