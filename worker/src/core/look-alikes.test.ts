import { expect, test } from 'vitest'
import { KnownContacts } from './known.ts'
import { findLookAlikes } from './look-alikes.ts'

/** Returns the IDs that look like another one. `inFile`: further IDs of the file, each new. */
function alike(newIds: readonly string[], missing: readonly string[], inFile: readonly string[] = []) {
  const known = new KnownContacts()
  for (const [i, id] of missing.entries()) known.add(id, i + 1)
  for (const [i, id] of [...newIds, ...inFile].entries()) known.markSeen(known.add(id, -i - 1))
  return findLookAlikes(newIds, yielded(missing), known)
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
