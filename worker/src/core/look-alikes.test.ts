import { expect, test } from 'vitest'
import { findLookAlikes } from './look-alikes.ts'

async function* missing(...ids: string[]): AsyncGenerator<string> {
  yield* ids
}

test('a new ID that lost its leading zeros looks like the missing one', async () => {
  expect(await findLookAlikes(['7', '8'], missing('007'))).toEqual(new Map([['7', '007']]))
})

test('a new ID with leading zeros looks like the missing ID without them', async () => {
  expect(await findLookAlikes(['007'], missing('7'))).toEqual(new Map([['007', '7']]))
})

test('a new ID does not look like missing IDs that a spreadsheet would not turn into it', async () => {
  expect(await findLookAlikes(['7'], missing('70', '17'))).toEqual(new Map())
})
