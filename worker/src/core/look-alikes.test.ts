import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KnownContacts } from './known.ts'
import { LookAlikes } from './look-alikes.ts'
import { MemorySpill } from './sorted-records.ts'
import { plainId } from './values/id.ts'
import { damageKeys } from './values/look-alike.ts'

/** Returns the IDs that look like another one. `inFile`: further IDs of the file, each new. */
async function alike(newIds: readonly string[], missing: readonly string[], inFile: readonly string[] = []) {
  const known = new KnownContacts()
  for (const [i, id] of missing.entries()) known.add(id, i + 1)
  for (const [i, id] of [...newIds, ...inFile].entries()) known.markSeen(known.add(id, -i - 1))
  const spill = new MemorySpill(50)
  const lookAlikes = new LookAlikes(spill)
  for (const id of newIds) {
    lookAlikes.add(id)
    await lookAlikes.flush()
  }
  const found = new Map<string, string>()
  for await (const { id, other } of lookAlikes.find(yielded(missing), known)) found.set(id, other)
  expect(spill.size).toBe(0)
  return found
}

async function* yielded(ids: readonly string[]): AsyncGenerator<string> {
  yield* ids
}

test('a new ID that lost its leading zeros looks like the missing one', async () => {
  expect(await alike(['7', '8'], ['007'])).toEqual(new Map([['7', '007']]))
})

test('a new ID with leading zeros looks like the missing ID without them', async () => {
  expect(await alike(['007'], ['7'])).toEqual(new Map([['007', '7']]))
})

test('a new ID does not look like missing IDs that a spreadsheet would not turn into it', async () => {
  expect(await alike(['7'], ['70', '17'])).toEqual(new Map())
})

test.each([
  ['E1\u200B2', 'E12'],
  ['E12', 'E1\u00AD2'],
  ['E1\u200B2', 'E\u200E12'],
  ['A  1', 'A 1'],
  ['A\u00A01', 'A 1'],
  ['ana@example.org', 'Ana@Example.org'],
  ['ANA@example.org', 'Ana@Example.org'],
  ['ana@exam\u200Bple.org', 'Ana@example.org'],
])('the new ID %j looks like the missing ID %j, and the other way round', async (one, other) => {
  expect(await alike([one], [other])).toEqual(new Map([[one, other]]))
  expect(await alike([other], [one])).toEqual(new Map([[other, one]]))
})

test('a new ID with an invisible character looks like the ID without it in the same file', async () => {
  expect(await alike(['E1\u200B2'], [], ['E12'])).toEqual(new Map([['E1\u200B2', 'E12']]))
})

test('IDs that differ by the case of a letter and are no e-mail addresses do not look alike', async () => {
  expect(await alike(['e12', 'A1'], ['E12', 'a1'])).toEqual(new Map())
})

/** Finds look-alikes with everything in memory. */
function findSlowly(newIds: readonly string[], missing: readonly string[], inFile: readonly string[]) {
  const filed = new Map<string, string>()
  const found = new Map<string, string>()
  const addLowest = (ids: Map<string, string>, key: string, id: string) => {
    const other = ids.get(key)
    if (other === undefined || id < other) ids.set(key, id)
  }
  const present = new Set([...missing, ...newIds, ...inFile])
  for (const id of missing) {
    for (const key of damageKeys(id).filed) addLowest(filed, key, id)
    const plain = plainId(id)
    if (plain !== id && (newIds.includes(plain) || inFile.includes(plain))) addLowest(found, plain, id)
  }
  for (const id of newIds) {
    const plain = plainId(id)
    const key = damageKeys(id).sought.find((sought) => filed.has(sought))
    const other = plain !== id && present.has(plain) ? plain : key === undefined ? undefined : filed.get(key)
    if (other !== undefined) found.set(id, other)
  }
  return found
}

test('the same IDs look alike as with everything in memory', async () => {
  const ids =
    '7 07 007 7.0 7,0 1200 1.2E3 1.2E+03 1,200 12E2 3-4 3.4 4-Mar 04-Mar 0304 E12 E1\u200B2 Ana@x.org ana@x.org A\u00A01'
  const id = fc.constantFrom(...ids.split(' '), 'A 1', 'A  1')
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(id), fc.nat(20), fc.nat(20), async (all, one, other) => {
      const [first, second] = [Math.min(one, other), Math.max(one, other)]
      const parts = [all.slice(0, first), all.slice(first, second), all.slice(second)] as const
      expect(await alike(...parts)).toEqual(findSlowly(...parts))
    }),
  )
})
