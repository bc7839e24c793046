import type { Column, ListFile } from '../file.ts'
import type { FloorName, Harm } from '../floors.ts'

/** Returns the rows of each ID that both lists have. */
function pairs(before: ListFile, after: ListFile): { before: readonly string[]; after: readonly string[] }[] {
  const known = before.byId()
  return [...after.byId()].flatMap(([id, row]) => {
    const own = known.get(id)
    return own === undefined ? [] : [{ before: own, after: row }]
  })
}

function count(
  before: ListFile,
  after: ListFile,
  hit: (before: readonly string[], after: readonly string[]) => boolean,
) {
  return pairs(before, after).filter((pair) => hit(pair.before, pair.after)).length
}

/** Counts the IDs that get a value of another person in one of the columns. */
export function passed(before: ListFile, after: ListFile, columns: readonly Column[]): Harm {
  const values = new Map(columns.map((column) => [before.at(column), new Set(before.cells(column))]))
  const hit = count(before, after, (old, row) =>
    [...values].some(([at, all]) => row[at] !== '' && row[at] !== old[at] && all.has(row[at] ?? '')),
  )
  return { limit: 'identity', count: hit, of: before.rows.length }
}

/** Counts the contacts that lose a value or get another one. */
export function changed(before: ListFile, after: ListFile): Harm {
  const hit = count(before, after, (old, row) => old.some((cell, at) => cell !== '' && cell !== row[at]))
  return { limit: 'changed', count: hit, of: before.rows.length }
}

/** Counts the contacts for which a column becomes blank. */
export function blanked(before: ListFile, after: ListFile, column: Column): Harm {
  const at = before.at(column)
  const hit = count(before, after, (old, row) => old[at] !== '' && row[at] === '')
  return { limit: 'blanked', count: hit, of: before.cells(column).filter((cell) => cell !== '').length }
}

/** Counts the contacts that lose all columns that a channel needs. */
export function unreachable(before: ListFile, after: ListFile, columns: readonly Column[]): Harm {
  const reached = (row: readonly string[]) => columns.some((column) => row[before.at(column)] !== '')
  const hit = count(before, after, (old, row) => reached(old) && !reached(row))
  return { limit: 'unreachable', count: hit, of: before.rows.length }
}

/** Counts the contacts that get a number that many others have as well. */
export function sameNumber(before: ListFile, after: ListFile, number: string): Harm {
  const at = before.at('mobile')
  const hit = count(before, after, (old, row) => row[at] === number && old[at] !== number)
  return { limit: 'sameNumber', count: hit, of: before.rows.length }
}

/** Counts the contacts that are no longer in the list. */
export function missing(before: ListFile, after: ListFile, limit: FloorName = 'removed'): Harm {
  const there = after.byId()
  const gone = [...before.byId().keys()].filter((id) => !there.has(id)).length
  return { limit, count: gone, of: before.rows.length }
}

/** Counts the contacts that are new in the list. */
export function added(before: ListFile, after: ListFile): Harm {
  const known = before.byId()
  const more = [...after.byId().keys()].filter((id) => !known.has(id)).length
  return { limit: 'added', count: more, of: before.rows.length }
}

/** Counts the members that each group loses, and the members of an emptied group of whom none is in another group. */
export function groups(before: ListFile, after: ListFile): Harm[] {
  const own = after.byId()
  const at = before.at('groups')
  const members = membersOf(before)
  const next = membersOf(after)
  return [...members].flatMap(([group, ids]): Harm[] => {
    const left = next.get(group)?.size ?? 0
    const adrift = [...ids].every((id) => (own.get(id)?.[at] ?? '') === '')
    return [
      { limit: 'shrunkGroups', count: ids.size - left, of: ids.size },
      ...(left === 0 && adrift ? [{ limit: 'emptiedGroups' as const, count: ids.size, of: ids.size }] : []),
    ]
  })
}

function membersOf(list: ListFile): Map<string, Set<string>> {
  const members = new Map<string, Set<string>>()
  for (const [id, row] of list.byId()) {
    for (const group of (row[list.at('groups')] ?? '').split(', ')) {
      if (group === '') continue
      const key = group.toLowerCase()
      const own = members.get(key) ?? new Set()
      members.set(key, own.add(id))
    }
  }
  return members
}
