import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { runOfKey } from './requests.ts'

const DAY = 24 * 60 * 60_000

describe('an Idempotency-Key', () => {
  it('an Idempotency-Key belongs to one run of its source, even if two requests arrive at once', async () => {
    const [one, other] = await Promise.all([runOfKey(env, 'a', 'key', 1000), runOfKey(env, 'a', 'key', 1000)])
    expect(one).toBe(other)
    expect(await runOfKey(env, 'b', 'key', 1000)).not.toBe(one)
    expect(await runOfKey(env, 'a', 'another', 1000)).not.toBe(one)
  })

  it('an Idempotency-Key belongs to its run for 24 hours', async () => {
    const first = await runOfKey(env, 'a', 'key', 1000)
    expect(await runOfKey(env, 'a', 'key', 999 + DAY)).toBe(first)
    expect(await runOfKey(env, 'a', 'key', 1000 + DAY)).not.toBe(first)
  })
})
