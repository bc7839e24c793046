import { damageKeys } from './values/look-alike.ts'

/**
 * New IDs that look like a known one which is missing from the file: probably the same person after a spreadsheet
 * has damaged the ID, or mended it (design: IDs are never repaired). By new ID, the known one.
 */
export async function findLookAlikes(
  newIds: readonly string[],
  missing: AsyncIterable<string>,
): Promise<Map<string, string>> {
  const filed = new Map<string, string>()
  for await (const id of missing) {
    for (const key of damageKeys(id).filed) {
      // Of several the lowest, so that it does not depend on the order in which they once came.
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

/** Whether an ID can look like another at all; most cannot. */
export function mayLookAlike(id: string): boolean {
  return damageKeys(id).sought.length > 0
}
