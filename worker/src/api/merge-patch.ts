import type * as z from 'zod'
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

/** Replaces members of `target` by those of `patch`. Null stays, since its meaning depends on the schema. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) merged[name] = mergePatch(merged[name], value)
  return merged
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
