import { expect, it } from 'vitest'
import { Failure } from '../core/failure.ts'
import { concernsRecipient, pauseAfterRefusal, refusalOf } from './refusals.ts'

const MINUTE = 60_000

it.each([
  ['E_RECIPIENT_SUPPRESSED', null, true],
  ['E_RECIPIENT_NOT_ALLOWED', null, true],
  ['E_VALIDATION_ERROR', null, true],
  ['E_DELIVERY_FAILED', 1, true],
  ['E_CONTENT_TOO_LARGE', null, false],
  ['E_RATE_LIMIT_EXCEEDED', 60, false],
  ['E_DAILY_LIMIT_EXCEEDED', 240, false],
  ['E_SENDER_NOT_VERIFIED', 1, false],
  ['E_SOMETHING_NEW', 1, false],
  ['Error', 1, false],
])(
  'after %s an e-mail waits %s minutes for its second attempt, null for ever; the code is about one recipient: %s',
  (...expected) => {
    const [code, minutes, one] = expected
    const pause = pauseAfterRefusal(code, 1)
    expect([pause === null ? null : pause / MINUTE, concernsRecipient(code)]).toEqual([minutes, one])
  },
)

it('the pauses of an outage grow to an hour', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 50].map((attempts) => pauseAfterRefusal('Error', attempts))
  expect(pauses).toEqual([1, 2, 5, 10, 30, 60, 60].map((minutes) => minutes * MINUTE))
})

it('the code of an error is kept if it names nobody, and its text never is', () => {
  const coded = (code: unknown) => Object.assign(new Error('ana@example.org'), { code })
  expect(refusalOf(coded('E_RECIPIENT_SUPPRESSED'))).toBe('E_RECIPIENT_SUPPRESSED')
  expect(refusalOf(coded('E_RECIPIENT ana@example.org'))).toBe('Error')
  expect(refusalOf(coded(550))).toBe('Error')
  expect(refusalOf(new Failure('timeout', 'ana@example.org did not answer.', ''))).toBe('timeout')
  expect(refusalOf('ana@example.org')).toBe('string')
})
