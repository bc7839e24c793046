import { describe, expect, it } from 'vitest'
import { crowd, csvOf, type Person } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { CauseView, ProblemView, RunView } from './views/run.ts'

type Problems = Page<ProblemView> & { total: { count: number; more: boolean } | null }

/** Rows with problems: two numbers without an area code, an invalid e-mail address, and rows that contradict each other. */
const FILE: Person[] = [
  { ID: 'two', Name: 'Two Rows' },
  { ID: 'short1', Name: 'Ana Short', Number: '555-0101' },
  ...crowd(4),
  { ID: 'mail', Name: 'Mail Less', 'Email Address': 'not an address' },
  { ID: 'two', Name: 'Other Name' },
  { ID: 'short2', Name: 'Ben Short', Number: '555-0102' },
]

async function imported(file: readonly Person[] = FILE) {
  const world = await World.start()
  const source = await world.source({ limits: { errors: null } })
  const run = await world.import(source, csvOf(file))
  const list = (of: RunView, query = '') => world.api<Problems>('GET', `/api/runs/${of.id}/problems?limit=500&${query}`)
  const causes = (of: RunView) => world.api<Page<CauseView>>('GET', `/api/runs/${of.id}/problems/causes`)
  return { world, source, run, list, causes }
}

const shown = ({ items }: Problems) => items.map(({ row, code }) => `${row} ${code}`)

describe('the problems of a run', () => {
  it('problems come in the order of the rows, also those of rows that are apart, and are counted', async () => {
    const { run, list } = await imported()
    const all = await list(run)
    expect(all.items.map(({ row }) => row)).toEqual(all.items.map(({ row }) => row).toSorted((a, b) => a - b))
    expect(shown(all)).toEqual([
      '2 rows_contradict',
      '3 number_without_area_code',
      '8 email_unreadable',
      '9 rows_contradict',
      '10 number_without_area_code',
    ])
    expect(all.total).toEqual({ count: 5, more: false })
    expect(all.items.every((problem) => problem.new)).toBe(true)
  })

  it('a problem is new until a run had it before, wherever its row was', async () => {
    const { world, source, list } = await imported()
    const next = [...crowd(9, {}, 'Q'), ...FILE, { ID: 'short3', Name: 'Cy Short', Number: '555-0103' }]
    const run = await world.import(source, csvOf(next))
    expect(shown(await list(run, 'new=true'))).toEqual(['20 number_without_area_code'])
    expect((await list(run, 'new=false')).items).toHaveLength(5)
    // The same bytes have the same problems, of which none is new.
    const again = await world.import(source, csvOf(next))
    expect(again.status).toBe('unchanged')
    expect((await list(again)).items.map((problem) => problem.new)).toEqual(Array(6).fill(false))
  })

  it('causes say how many rows have a problem and in how many it is new, errors of most rows first', async () => {
    const { world, source, run, causes } = await imported()
    expect((await causes(run)).items).toMatchObject([
      { code: 'rows_contradict', column: 'Name', severity: 'error', rows: 2, newRows: 2 },
      { code: 'number_without_area_code', column: 'Number', severity: 'error', rows: 2, newRows: 2 },
      { code: 'email_unreadable', column: 'Email Address', severity: 'warning', rows: 1, newRows: 1 },
    ])
    const next = await world.import(source, csvOf([...FILE, { ID: 's3', Name: 'Cy Short', Number: '555-0103' }]))
    const { items } = await causes(next)
    expect(items.map(({ rows, newRows }) => [rows, newRows])).toEqual([
      [3, 1],
      [2, 0],
      [1, 0],
    ])
    expect(items[0]).toMatchObject({ message: expect.stringContaining('555-0101'), examples: [{ row: 3 }, {}, {}] })
  })

  it('problems are filtered by cause, and pages of them go on where the last one ended', async () => {
    const { world, run, list } = await imported()
    const found = await list(run, 'code=number_without_area_code&column=Number&severity=error')
    expect(shown(found)).toEqual(['3 number_without_area_code', '10 number_without_area_code'])
    expect(found.total).toBeNull()
    const rows: number[] = []
    let cursor = ''
    do {
      const page = await world.api<Problems>('GET', `/api/runs/${run.id}/problems?limit=1&cursor=${cursor}`)
      rows.push(...page.items.map(({ row }) => row))
      cursor = page.next ?? ''
    } while (cursor !== '')
    expect(rows).toEqual([2, 3, 8, 9, 10])
  })

  it('a run without problems has neither problems nor causes', async () => {
    const { run, list, causes } = await imported(crowd(3))
    expect(await list(run)).toEqual({ items: [], next: null, total: { count: 0, more: false } })
    expect(await causes(run)).toEqual({ items: [], next: null })
  })
})
