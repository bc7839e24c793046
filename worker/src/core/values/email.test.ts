import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { growth } from '../../testing/growth.ts'
import { cases } from '../../testing/sample.ts'
import { readEmails } from './email.ts'

const emails = (cell: string) => {
  const value = readEmails(cell)
  return value.kind === 'value' ? value.value : value.findings.map((finding) => finding.code)
}

describe('an e-mail address', () => {
  test.each([
    ['ana@example.org', 'ana@example.org'],
    [' Ana.OBrien@Example.ORG ', 'Ana.OBrien@example.org'],
    ["o'brien+sar@example.org", "o'brien+sar@example.org"],
    ['Ana O’Brien <ana@example.org>', 'ana@example.org'],
    ['"O’Brien, Ana" <ana@example.org>', 'ana@example.org'],
    ['O’Brien, Ana <ana@example.org>', 'ana@example.org'],
    ['<ana@example.org>', 'ana@example.org'],
    ['mailto:ana@example.org', 'ana@example.org'],
    ['MAILTO:ana@example.org?subject=Hi', 'ana@example.org'],
    ['"ana@example.org"', 'ana@example.org'],
    ['ana@bücher.example', 'ana@bücher.example'],
    ['ana@xn--bcher-kva.example', 'ana@xn--bcher-kva.example'],
    ['josé@example.org', 'josé@example.org'],
    ['what?@example.org', 'what?@example.org'],
    [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
    ['ana@example.org.', 'ana@example.org'],
    ['ana@example.org;', 'ana@example.org'],
    ['ana@example.org,', 'ana@example.org'],
    ['ana@example.org;;', 'ana@example.org'],
    ['ana@example.org (work)', 'ana@example.org'],
    ['ana@example.org (Arbeit)', 'ana@example.org'],
    ['ana@example.org – privat', 'ana@example.org'],
    ['Work: ana@example.org', 'ana@example.org'],
    ['E-mail: ana@example.org', 'ana@example.org'],
    ['(ana@example.org)', 'ana@example.org'],
    ['[ana@example.org](mailto:ana@example.org)', 'ana@example.org'],
    ['[Ana Lee](mailto:ana@example.org)', 'ana@example.org'],
    ['<a href="mailto:ana@example.org">ana@example.org</a>', 'ana@example.org'],
    ['\u201Cana@example.org\u201D'.replace(/[\u201C\u201D]/g, '"'), 'ana@example.org'],
  ])('the cell %j has the e-mail address %s', (cell, email) => expect(emails(cell)).toEqual([email]))

  test.each([
    'ana',
    'ana@',
    '@example.org',
    'ana@example',
    'ana@example.1',
    'ana@example..org',
    'ana@-example.org',
    '.ana@example.org',
    'ana..b@example.org',
    'ana@@example.org',
    'ana@exa_mple.org',
    `${'a'.repeat(65)}@example.org`,
    `ana@${'a'.repeat(64)}.org`,
    'javascript:alert(1)',
  ])('the cell %j has no valid e-mail address', (cell) => expect(emails(cell)).toEqual(['email_unreadable']))

  test('an e-mail address has at most 254 characters', () => {
    const domain = `${'a'.repeat(62)}.`.repeat(3)
    expect(emails(`${'a'.repeat(61)}@${domain}org`)).toHaveLength(1)
    expect(emails(`${'a'.repeat(64)}@${domain}org`)).toEqual(['email_too_long'])
  })
})

describe('several addresses in a cell', () => {
  test.each([
    'a@x.org,b@y.org',
    'a@x.org; b@y.org',
    'a@x.org b@y.org',
    'a@x.org\nb@y.org',
    'a@x.org / b@y.org',
    'a@x.org or b@y.org',
    'a@x.org und b@y.org',
    'a@x.org/b@y.org',
    'a@x.org&b@y.org',
    '["a@x.org","b@y.org"]',
    '{a@x.org,b@y.org}',
    'a@x.org|b@y.org',
    'a@x.org | b@y.org',
    'a@x.org ::: b@y.org',
    'a@x.org/ b@y.org'.replace('/ ', ' / '),
    'a@x.org (home), b@y.org (work)',
    'Work: a@x.org; Home: b@y.org',
    'a@x.org.\nb@y.org.',
    'a@x.org;b@y.org;',
  ])('the cell %j has two e-mail addresses', (cell) => expect(emails(cell)).toEqual(['a@x.org', 'b@y.org']))

  test('several addresses may have names, before them and between them', () => {
    expect(emails('Ana <a@x.org>, "B, C" <b@y.org>; c@z.org, D <d@z.org>')).toEqual([
      'a@x.org',
      'b@y.org',
      'c@z.org',
      'd@z.org',
    ])
  })

  test('an address that occurs several times is kept once, whatever its case', () => {
    expect(emails('Ana@x.org, ana@X.org')).toEqual(['Ana@x.org'])
  })

  test('valid addresses are kept beside an invalid part, which is named', () => {
    const value = readEmails('a@x.org, b(at)y.org')
    expect(value).toMatchObject({ kind: 'value', value: ['a@x.org'], findings: [{ code: 'email_unreadable' }] })
    expect(value.findings[0]?.message).toContain('b(at)y.org')
  })

  test('an address that words beside it refuse is left out', () => {
    expect(readEmails('a@x.org (old); b@y.org')).toMatchObject({ value: ['b@y.org'], findings: [{}] })
    expect(readEmails('a@x.org (wrong)')).toMatchObject({ kind: 'unreadable' })
  })

  test('an unknown word beside an address is named', () => {
    expect(readEmails('a@x.org bounced')).toMatchObject({
      value: ['a@x.org'],
      findings: [{ code: 'email_unreadable' }],
    })
  })

  test('a cell with only invalid addresses is unreadable, with the first ten named', () => {
    expect(readEmails('a@, b@')).toMatchObject({ kind: 'unreadable', findings: [{}, {}] })
    expect(readEmails('word@ '.repeat(100_000)).findings).toHaveLength(10)
  })

  test('a cell of words without an address is one mistake', () => {
    const { kind, findings } = readEmails('not an address')
    expect([kind, findings.map(({ message }) => message)]).toEqual([
      'unreadable',
      [expect.stringContaining('“not an address”')],
    ])
  })
})

test('a cell without an address is blank', () => {
  for (const cell of ['', ' ', ',', '; ,']) expect(readEmails(cell)).toEqual({ kind: 'blank', findings: [] })
  expect(readEmails('n/a')).toMatchObject({ kind: 'blank', findings: [{ code: 'placeholder' }] })
})

test('addresses that were read are read again unchanged, and nothing throws', () => {
  const written = fc.string({
    unit: fc.constantFrom(...'aA@.-<>"\'()[] ,;:?é', 'a@b.ca', 'mailto:', 'İ'),
    maxLength: 16,
  })
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), written, fc.emailAddress()), (cell) => {
      const value = readEmails(cell)
      if (value.kind === 'value') expect(readEmails(value.value.join(', '))).toEqual({ ...value, findings: [] })
    }),
    { numRuns: cases(3000) },
  )
})

test.each(['(', '<', '<>', 'a@', '"', 'a.', ' ', ',', '[', '[](', '.', 'a '])(
  'a cell full of %j is read in linear time',
  async (unit) => {
    expect(await growth(50_000, (length) => readEmails(`x${unit.repeat(length / unit.length)}x`))).toBeLessThan(32)
  },
)
