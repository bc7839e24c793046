import { describe, expect, it } from 'vitest'
import { newTotpSecret, stepOf, totpCode, totpUri } from './totp.ts'

/** The secret of RFC 6238, appendix B: the ASCII text 12345678901234567890. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('one-time codes', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('the code at second %i is that of RFC 6238, appendix B', (second, code) => {
    expect(totpCode(SECRET, Math.floor(second / 30))).toBe(code)
  })

  it('a code counts in its half minute and in the ones before and after', () => {
    const code = totpCode(SECRET, 1000)
    const at = (step: number) => stepOf(SECRET, code, step * 30_000 + 12_345)
    expect([998, 999, 1000, 1001, 1002].map(at)).toEqual([null, 1000, 1000, 1000, null])
    expect(stepOf(SECRET, '12345', 0)).toBeNull()
    expect(stepOf(SECRET, '１２３４５６', 0)).toBeNull()
  })

  it('a new secret has 160 random bits in base32, and its address names the account', () => {
    const secret = newTotpSecret()
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(newTotpSecret()).not.toBe(secret)
    expect(totpUri(secret, 'a+b@example.org')).toBe(
      `otpauth://totp/Muster:a%2Bb%40example.org?secret=${secret}&issuer=Muster`,
    )
  })
})
