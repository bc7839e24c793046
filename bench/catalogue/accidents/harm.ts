import type { Column, ListFile } from '../file.ts'
import type { FloorName, Harm } from '../floors.ts'

/** The rows of IDs that both lists have. */
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

/** IDs that get a value of one of the columns which somebody else had. */
export function passed(before: ListFile, after: ListFile, columns: readonly Column[]): Harm {
  const values = new Map(columns.map((column) => [before.at(column), new Set(before.cells(column))]))
  const hit = count(before, after, (old, row) =>
    [...values].some(([at, all]) => row[at] !== '' && row[at] !== old[at] && all.has(row[at] ?? '')),
  )
  return { limit: 'identity', count: hit, of: before.rows.length }
}

/** Contacts of which something is lost or exchanged. */
export function changed(before: ListFile, after: ListFile): Harm {
  const hit = count(before, after, (old, row) => old.some((cell, at) => cell !== '' && cell !== row[at]))
  return { limit: 'changed', count: hit, of: before.rows.length }
}

/** Contacts of which a column becomes blank. */
export function blanked(before: ListFile, after: ListFile, column: Column): Harm {
  const at = before.at(column)
  const hit = count(before, after, (old, row) => old[at] !== '' && row[at] === '')
  return { limit: 'blanked', count: hit, of: before.cells(column).filter((cell) => cell !== '').length }
}

/** Contacts that lose all of the columns which one channel needs. */
export function unreachable(before: ListFile, after: ListFile, columns: readonly Column[]): Harm {
  const reached = (row: readonly string[]) => columns.some((column) => row[before.at(column)] !== '')
  const hit = count(before, after, (old, row) => reached(old) && !reached(row))
  return { limit: 'unreachable', count: hit, of: before.rows.length }
}

/** Contacts that get a cell which as many have as the limit counts. */
export function sameNumber(before: ListFile, after: ListFile, number: string): Harm {
  const at = before.at('mobile')
  const hit = count(before, after, (old, row) => row[at] === number && old[at] !== number)
  return { limit: 'sameNumber', count: hit, of: before.rows.length }
}

/** Contacts that are no longer in the list. */
export function missing(before: ListFile, after: ListFile, limit: FloorName = 'removed'): Harm {
  const there = after.byId()
  const gone = [...before.byId().keys()].filter((id) => !there.has(id)).length
  return { limit, count: gone, of: before.rows.length }
}

/** Contacts that the list has gained. */
export function added(before: ListFile, after: ListFile): Harm {
  const known = before.byId()
  const more = [...after.byId().keys()].filter((id) => !known.has(id)).length
  return { limit: 'added', count: more, of: before.rows.length }
}

/** The groups that would shrink, and those that nobody would be in, nor in any other group. */
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
