import type { KnownContacts } from './known.ts'
import { plainId } from './values/id.ts'
import { damageKeys } from './values/look-alike.ts'

/**
 * Finds new IDs that look like another ID: one of a known contact that is missing from the file, probably the same
 * person after a spreadsheet has damaged the ID, or restored it; or one of the file itself that differs only by what
 * nobody sees (design: IDs are never repaired). `known` knows all IDs of the file and of the directory. Returns the
 * other IDs by new ID.
 */
export async function findLookAlikes(
  newIds: readonly string[],
  missing: AsyncIterable<string>,
  known: KnownContacts,
): Promise<Map<string, string>> {
  const filed = new Map<string, string>()
  const found = new Map<string, string>()
  for await (const id of missing) {
    for (const key of damageKeys(id).filed) addLowest(filed, key, id)
    const plain = plainId(id)
    if (plain !== id && isAdded(known, plain)) addLowest(found, plain, id)
  }
  for (const id of newIds) {
    const plain = plainId(id)
    const key = damageKeys(id).sought.find((sought) => filed.has(sought))
    const other = plain !== id && isPresent(known, plain) ? plain : key === undefined ? undefined : filed.get(key)
    if (other !== undefined) found.set(id, other)
  }
  return found
}

/** Of several IDs keeps the lowest, so that the result does not depend on the order in which they were imported. */
function addLowest(ids: Map<string, string>, key: string, id: string): void {
  const other = ids.get(key)
  if (other === undefined || id < other) ids.set(key, id)
}

function isAdded(known: KnownContacts, id: string): boolean {
  const slot = known.find(id)
  return slot !== -1 && known.key(slot) < 0
}

/** Returns whether the file or the directory has the ID. */
function isPresent(known: KnownContacts, id: string): boolean {
  const slot = known.find(id)
  return slot !== -1 && (known.seen(slot) || known.key(slot) > 0)
}

/** Returns whether an ID can look like a known one that is missing; most IDs cannot. */
export function mayLookAlike(id: string): boolean {
  return damageKeys(id).sought.length > 0
}
