import { expect, test } from 'vitest'
import { findLookAlikes } from './look-alikes.ts'

async function* missing(...ids: string[]): AsyncGenerator<string> {
  yield* ids
}

test('a new ID that lost its leading zeros looks like the missing one', async () => {
  expect(await findLookAlikes(['7', '8'], missing('007'))).toEqual(new Map([['7', '007']]))
})

test('a new ID that got them back does too', async () => {
  expect(await findLookAlikes(['007'], missing('7'))).toEqual(new Map([['007', '7']]))
})

test('an ID looks like nobody who is not missing', async () => {
  expect(await findLookAlikes(['7'], missing('70', '17'))).toEqual(new Map())
})
