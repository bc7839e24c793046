import { expect, it } from 'vitest'
import { Failure } from '../core/failure.ts'
import { request } from './network.ts'

/**
 * Returns the code that a request in the Workers runtime ends with. The runtime hides most causes, so this must be
 * tested in it.
 */
async function codeOf(address: string): Promise<string> {
  const bounds = { firstByteMs: 5000, signal: new AbortController().signal }
  const error = await request(new URL(address), {}, bounds).catch((reason: unknown) => reason)
  return error instanceof Failure ? error.code : String(error)
}

it.each([
  ['a name that does not exist', 'https://muster.invalid/', 'dns_failed'],
  ['a port on which nothing listens', 'http://127.0.0.1:1/', 'unreachable'],
  ['a secure port on which nothing listens', 'https://127.0.0.1:1/', 'unreachable'],
])('in the Workers runtime, %s gets its own code', async (_, address, code) => {
  expect(await codeOf(address)).toBe(code)
})
