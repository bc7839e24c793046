import { describe, expect, it } from 'vitest'
import { growth } from '../testing/growth.ts'
import { HEADER } from '../testing/roster.ts'
import type { RowBatch } from './bytes.ts'
import { type CheckRules, checkFile } from './checking.ts'
import { type ContactNumber, detailsWith } from './contact.ts'
import { suggestColumns } from './suggestion.ts'
import { Tallying } from './tallying.ts'
import { undoUpdate } from './undoing.ts'

/** For eight times the size the work is about 8 times as much; quadratic work is 64 times as much. */
const LINEAR = 32

const RULES: CheckRules = {
  mapping: null,
  rows: [],
  defaultCountry: 'US',
  fields: new Map(),
  smsStatus: { optedIn: 'Y', optedOut: 'N', emptyMeansOptedIn: false },
  most: 100,
  seed: 0,
}

/** Reads rows as an import would, and returns what it counted. */
async function read(rows: readonly string[][], header: readonly string[] = HEADER) {
  async function* batches(): AsyncGenerator<RowBatch> {
    for (let at = 0; at <= rows.length; at += 1000) {
      const cells = [...(at === 0 ? [[...header]] : []), ...rows.slice(at, at + 1000)]
      yield { numbers: cells.map((_, i) => at + i + (at === 0 ? 1 : 2)), cells }
    }
  }
  const { counts } = await checkFile(
    async () => ({ type: 'csv', details: {}, batches: batches() }),
    RULES,
    () => undefined,
  )
  return counts
}

type Cells = Partial<Record<(typeof HEADER)[number], string>>
const USUAL: Cells = { ID: 'a1', Name: 'A', Number: '6045550101', 'Number Type': 'mobile', Groups: 'G' }
const row = (cells: Cells) => HEADER.map((name) => ({ ...USUAL, ...cells })[name] ?? '')
const rows = (count: number, cells: (i: number) => Cells) => Array.from({ length: count }, (_, i) => row(cells(i)))
const spelt = (i: number) => [...'expeditionary'].map((c, at) => ((i >> at) & 1 ? c.toUpperCase() : c)).join('')

describe('the work of an import follows the size of its file', () => {
  it.each<[what: string, size: number, sheet: (n: number) => string[][]]>([
    ['rows of one ID that each have an error', 600, (n) => Array.from({ length: n }, () => ['a1', ''])],
    ['rows of one ID that contradict each other', 600, (n) => rows(n, (i) => ({ Name: String(i), Groups: '' }))],
    [
      'rows of one ID, far apart, that each have an error',
      600,
      (n) => Array.from({ length: 2 * n }, (_, i) => [i % 2 === 0 ? 'a1' : `b${i}`, '']),
    ],
    ['different numbers of one ID', 500, (n) => rows(n, (i) => ({ Number: String(6042000000 + i) }))],
    [
      'e-mails in one cell',
      4000,
      (n) => [row({ 'Email Address': Array.from({ length: n }, (_, i) => `${i}@b.ca`).join() })],
    ],
    [
      'groups in one cell',
      10_000,
      (n) => [row({ Groups: Array.from({ length: n }, (_, i) => i.toString(36)).join() })],
    ],
    ['spellings of one group', 900, (n) => Array.from({ length: n }, (_, i) => row({ ID: `a${i}`, Groups: spelt(i) }))],
    ['a total that goes on in dots', 20_000, (n) => [[`${'total'.padEnd(n, '.')}!`, '']]],
    ['one mobile number of many IDs', 900, (n) => Array.from({ length: n }, (_, i) => row({ ID: `a${i}` }))],
  ])('reading %s takes work in proportion to the file', async (_, size, sheet) => {
    expect((await read(sheet(size))).rows).toBe(sheet(size).length)
    expect(await growth(size, (n) => read(sheet(n)))).toBeLessThan(LINEAR)
  })

  it.each<[what: string, size: number, header: (n: number) => string[]]>([
    ['columns that nothing is known of', 500, (n) => Array.from({ length: n }, (_, i) => `c${i.toString(36)}x`)],
    ['columns of one name', 500, (n) => Array.from({ length: n }, () => 'Phone')],
    ['stars', 20_000, (n) => [`${'*'.repeat(n)}x`]],
    ['spaces', 20_000, (n) => [`x${' '.repeat(n)}x`]],
  ])('a header with many %s takes work in proportion to its size', async (_, size, header) => {
    const line = row({})
    expect(await growth(size, (n) => read([line], [...HEADER, ...header(n)]))).toBeLessThan(LINEAR)
    const columns = (n: number) => header(n).map((name) => ({ name, values: ['1'] }))
    expect(
      await growth(size, (n) => suggestColumns(columns(n), 'US', [{ key: 'major', label: 'Major' }])),
    ).toBeLessThan(LINEAR)
  })

  it('a header that ends in many spaces is not read again for each problem', async () => {
    const header = (n: number) => HEADER.map((name) => (name === 'Number' ? `${' '.repeat(n * 100)}Number` : name))
    const wrong = (n: number) => Array.from({ length: n }, (_, i) => row({ ID: `a${i}`, Number: 'none' }))
    expect(await growth(500, (n) => read(wrong(n), header(n)))).toBeLessThan(LINEAR)
  })

  it('a column of long values with a digit in each takes work in proportion to its size', async () => {
    const values = (n: number) => [`${'1'.repeat(n)}@1`]
    expect(await growth(20_000, (n) => suggestColumns([{ name: 'x', values: values(n) }], 'US'))).toBeLessThan(LINEAR)
  })
})

describe('the work of a change follows the number of its values', () => {
  const numbers = (n: number, from: number): ContactNumber[] =>
    Array.from({ length: n }, (_, i) => ({
      number: `+1${from + i}`,
      type: 'mobile',
      description: null,
      extension: null,
    }))

  it('counting a contact that leaves and joins many groups takes work in proportion to the groups', async () => {
    const groups = (n: number, name: string) =>
      detailsWith({ groups: Array.from({ length: n }, (_, i) => `${name}${i}`) })
    const update = (n: number) => ({
      ...{ key: 1, id: 'a', before: groups(n, 'a'), after: groups(n, 'b') },
      ...{ changed: ['groups'] as const, adopted: false },
    })
    expect(await growth(2000, (n) => new Tallying(0).updated(update(n)))).toBeLessThan(LINEAR)
  })

  it('counting a contact that gets other numbers in place of many takes work in proportion to the numbers', async () => {
    const of = (n: number, from: number) => detailsWith({ numbers: numbers(n, from) })
    const update = (n: number) => ({
      ...{ key: 1, id: 'a', before: of(n, 6042000000), after: of(n, 6043000000) },
      ...{ changed: ['numbers'] as const, adopted: false },
    })
    expect(await growth(1000, (n) => new Tallying(0).updated(update(n)))).toBeLessThan(LINEAR)
  })

  it('undoing a change of many numbers takes work in proportion to the numbers', async () => {
    const of = (n: number, from: number) => detailsWith({ numbers: numbers(n, from) })
    expect(await growth(300, (n) => undoUpdate(of(n, 6042000000), of(n, 6043000000), of(n, 6042900000)))).toBeLessThan(
      LINEAR,
    )
  })
})
