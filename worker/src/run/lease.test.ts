import { expect, it } from 'vitest'
import { Failure } from '../core/failure.ts'
import { failureOf } from '../testing/connections/contract.ts'
import { leased } from './lease.ts'

/** Goes on until its signal ends it. */
const endless = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

it('a fetch that takes too long in all fails as timeout, although it renews its lease', async () => {
  let renewed = 0
  const renew = async () => ++renewed > 0
  const failure = await failureOf(() => leased(renew, endless, { within: 200, renewEvery: 20 }))
  expect(failure.code).toBe('timeout')
  expect(renewed).toBeGreaterThan(1)
})

it('a fetch whose run another message has taken over ends without a failure', async () => {
  expect(await leased(async () => false, endless, { within: 60_000, renewEvery: 10 })).toBeNull()
})

it('a lease that cannot be renewed once does not end a fetch', async () => {
  let asked = 0
  const renew = async () => {
    if (++asked === 1) throw new Error('The database does not answer')
    return true
  }
  const work = async () => {
    while (asked < 3) await new Promise((done) => setTimeout(done, 5))
    return 'fetched'
  }
  expect(await leased(renew, work, { within: 60_000, renewEvery: 10 })).toBe('fetched')
})

it('a failure of the fetch itself stays as it is, and the lease is renewed no more', async () => {
  let renewed = 0
  const renew = async () => ++renewed > 0
  const failing = async () => {
    throw new Failure('empty', 'The file is empty.', 'Check the export.')
  }
  expect((await failureOf(() => leased(renew, failing, { within: 60_000, renewEvery: 5 }))).code).toBe('empty')
  await new Promise((done) => setTimeout(done, 30))
  expect(renewed).toBe(0)
})
