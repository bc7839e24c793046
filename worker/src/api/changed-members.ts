import { isObject } from './json-object.ts'

/** The longest value that the audit quotes, in characters. */
const LONGEST = 100

/**
 * Returns what a change of a resource really changed, for the audit: a line for each member that differs, such as
 * `limits.removed.percent: 10 → 20`. `secrets`: the paths of the changed secrets, whose values are never quoted.
 */
export function changedMembers(before: unknown, after: unknown, secrets: readonly string[] = []): string[] {
  return [...differences(before, after, ''), ...secrets.map((path) => `${path}: changed`)]
}

/** Returns the names of the secrets that differ. */
export function changedSecrets(before: Record<string, string>, after: Record<string, string>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => before[name] !== after[name])
}

function* differences(before: unknown, after: unknown, path: string): Generator<string> {
  if (isObject(before) && isObject(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      yield* differences(before[name], after[name], path === '' ? name : `${path}.${name}`)
    }
    return
  }
  if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].some(isObject)) {
    yield* changedEntries(before, after, path)
    return
  }
  const [from, to] = [valueText(before), valueText(after)]
  // If they differ only in a part that is not shown, both would read the same.
  yield from === to ? `${path}: changed` : `${path}: ${from} → ${to}`
}

/** Names the entries of a list that one of two versions does not have. */
function* changedEntries(before: readonly unknown[], after: readonly unknown[], path: string): Generator<string> {
  const lacking = (entries: readonly unknown[], other: readonly unknown[]) => {
    const known = new Set(other.map((entry) => JSON.stringify(entry)))
    return entries.filter((entry) => !known.has(JSON.stringify(entry)))
  }
  const [gone, added] = [lacking(before, after), lacking(after, before)]
  for (const entry of gone) yield `${path}: without ${valueText(entry)}`
  for (const entry of added) yield `${path}: with ${valueText(entry)}`
  if (gone.length + added.length === 0) yield `${path}: changed`
}

/** Returns a value on one line. The query of an address is left out, since it may be a secret. */
function valueText(value: unknown): string {
  const text = partText(value)
    .replace(/(\w:\/\/[^\s?]*\?)\S*/g, '$1…')
    .replace(/\s+/g, ' ')
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…`.toWellFormed() : text
}

function partText(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(partText).join(', ')
  if (!isObject(value)) return String(value)
  const parts = Object.entries(value).map(([name, part]) => `${name} ${partText(part)}`)
  return parts.join(', ')
}
