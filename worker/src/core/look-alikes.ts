import { damageKeys } from './values/look-alike.ts'

/**
 * Finds new IDs that look like a known ID that is missing from the file: probably the same person after a spreadsheet
 * has damaged the ID, or restored it (design: IDs are never repaired). Returns the known IDs by new ID.
 */
export async function findLookAlikes(
  newIds: readonly string[],
  missing: AsyncIterable<string>,
): Promise<Map<string, string>> {
  const filed = new Map<string, string>()
  for await (const id of missing) {
    for (const key of damageKeys(id).filed) {
      // Of several known IDs the lowest, so that the result does not depend on the order in which they were imported.
      const other = filed.get(key)
      if (other === undefined || id < other) filed.set(key, id)
    }
  }
  const found = new Map<string, string>()
  for (const id of newIds) {
    const key = damageKeys(id).sought.find((sought) => filed.has(sought))
    const known = key === undefined ? undefined : filed.get(key)
    if (known !== undefined) found.set(id, known)
  }
  return found
}

/** Returns whether an ID can look like another at all; most IDs cannot. */
export function mayLookAlike(id: string): boolean {
  return damageKeys(id).sought.length > 0
}
