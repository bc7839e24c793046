import type * as z from 'zod'
import { ApiError } from './problem.ts'
import { parse } from './route.ts'

/**
 * Applies a JSON merge patch (RFC 7396) to a resource, and returns it parsed. Null resets a member to its default,
 * except if null is a value of the member (a limit that is switched off). Throws `ApiError` 400.
 */
export function parsePatched<S extends z.ZodType>(schema: S, before: unknown, patch: unknown): z.output<S> {
  const merged = mergePatch(before, patch)
  const refused = schema.safeParse(merged).error?.issues ?? []
  for (const { path } of refused) takeAwayNull(merged, path)
  return parse(schema, merged, 'body')
}

/** No resource is nested as deeply. */
const DEEPEST = 20

/** Replaces members of `target` by those of `patch`. Null stays, since its meaning depends on the schema. */
function mergePatch(target: unknown, patch: unknown, depth = 0): unknown {
  if (!isObject(patch)) return patch
  if (depth === DEEPEST) throw new ApiError(400, 'invalid', 'The body is nested too deeply.')
  const merged = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) merged.set(name, mergePatch(merged.get(name), value, depth + 1))
  // A member called `__proto__` becomes a member like any other, and is refused as an unknown one.
  return Object.fromEntries(merged)
}

function takeAwayNull(value: unknown, path: readonly PropertyKey[]): void {
  const [name, ...rest] = path
  if (!isObject(value) || typeof name !== 'string') return
  if (rest.length > 0) takeAwayNull(value[name], rest)
  else if (value[name] === null) delete value[name]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
