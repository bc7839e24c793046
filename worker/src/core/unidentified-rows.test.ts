import { describe, expect, it } from 'vitest'
import { detailsWith } from './contact.ts'
import { KnownContacts } from './known.ts'
import { UnidentifiedRows } from './unidentified-rows.ts'

function withRows(...rows: string[][]): UnidentifiedRows {
  const unidentified = new UnidentifiedRows('CA', new KnownContacts())
  for (const cells of rows) unidentified.add(cells)
  return unidentified
}

const number = (text: string) =>
  detailsWith({ numbers: [{ number: text, type: 'landline', description: null, extension: null }] })
const ana = detailsWith({ ...number('+16045550101'), emails: ['Ana@example.org'] })

describe('a row whose ID is blank or unreadable', () => {
  it.each([
    '(604) 555-0101',
    '+1 604 555 0101 ext. 5',
    '6045550101.0',
    '604-555-0199 / 604-555-0101',
    '604/555-0101',
    'ana@example.org',
    'Ana <ANA@EXAMPLE.ORG>; bo@example.org',
    'ana@home.example, 604-555-0101',
  ])('a row without a readable ID may belong to a contact whose number or e-mail is in the cell %j', (cell) => {
    expect(withRows(['#N/A', 'Ana', cell]).mayBe(ana)).toBe(true)
  })

  it.each(['', '604-555-0102', '2026-05-04', '5550101', 'bo@example.org', 'Ana', '6.04555E+09'])(
    'a row without a readable ID does not belong to a contact if its only other value is the unrelated cell %j',
    (cell) => {
      expect(withRows(['', 'Ana', cell]).mayBe(ana)).toBe(false)
    },
  )

  it('a row without a readable ID is compared with foreign numbers by the default country', () => {
    const unidentified = new UnidentifiedRows('DE', new KnownContacts())
    unidentified.add(['', '030 901820'])
    expect(unidentified.mayBe(number('+4930901820'))).toBe(true)
  })

  it('the rows without a readable ID are too many beyond 10,000 rows, or 200,000 numbers and e-mails', () => {
    expect(withRows(...Array.from({ length: 10_000 }, () => ['', 'Total'])).tooMany).toBe(false)
    expect(withRows(...Array.from({ length: 10_001 }, () => ['', 'Total'])).tooMany).toBe(true)
    expect(withRows(['', 'ana@example.org,'.repeat(1000)]).tooMany).toBe(false)
    expect(withRows(['', '6045550101,'.repeat(200_001)]).tooMany).toBe(true)
  })
})
