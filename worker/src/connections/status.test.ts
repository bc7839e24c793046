import { expect, it } from 'vitest'
import { retryAfterSeconds } from './status.ts'

const NOW = Date.parse('2026-11-28T00:00:00Z')

it.each([
  ['120', 120],
  ['0', 0],
  ['100000000000', 86_400],
  ['9'.repeat(400), 86_400],
  ['Sat, 28 Nov 2026 00:01:00 GMT', 60],
  ['Fri, 27 Nov 2026 00:00:00 GMT', 0],
  ['Sat, 28 Nov 2099 00:00:00 GMT', 86_400],
  ['soon', null],
  ['', null],
  [null, null],
])('Retry-After %j means a wait of %j seconds, which is never longer than a day', (header, seconds) => {
  expect(retryAfterSeconds(header, NOW)).toBe(seconds)
})
