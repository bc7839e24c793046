import type * as z from 'zod'
import { parse } from './route.ts'

/**
 * A resource after a JSON merge patch (RFC 7396), parsed: null takes a member away, which gives it its default, except
 * where null is a value of its own (a limit that is switched off). Throws `ApiError` 400.
 */
export function parsePatched<S extends z.ZodType>(schema: S, before: unknown, patch: unknown): z.output<S> {
  const merged = mergePatch(before, patch)
  const refused = schema.safeParse(merged).error?.issues ?? []
  for (const { path } of refused) takeAwayNull(merged, path)
  return parse(schema, merged, 'body')
}

/** Members of `patch` replace those of `target`; null stays, for the schema to say what it means there. */
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
