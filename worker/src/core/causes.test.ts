import { expect, it } from 'vitest'
import { Causes } from './causes.ts'
import type { Problem } from './problem.ts'

function problem(row: number, code: Problem['code'], column: string | null, severity: Problem['severity'] = 'warning') {
  return { row, id: `p${row}`, name: null, column, severity, code, message: `Message of row ${row}`, value: 'x' }
}

it('problems are counted by code and column: errors first, and a row once for each cause', () => {
  const causes = new Causes()
  const add = (row: number, ...problems: Problem[]) => causes.add({ row, cells: [], problems })
  for (let row = 2; row < 12; row++)
    add(row, problem(row, 'placeholder', 'Title'), problem(row, 'placeholder', 'Title'))
  add(12, problem(12, 'placeholder', 'Name'), problem(12, 'number_blank', 'Number', 'error'))
  expect(causes.all.map(({ code, column, rows }) => [code, column, rows])).toEqual([
    ['number_blank', 'Number', 1],
    ['placeholder', 'Title', 10],
    ['placeholder', 'Name', 1],
  ])
  const [, title] = causes.all
  expect(title?.message).toBe('Message of row 2')
  expect(title?.examples.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6])
})

it('a row is new for a cause if any of its problems of that cause is new', () => {
  const causes = new Causes()
  const one = problem(2, 'placeholder', 'Title')
  causes.add({ row: 2, cells: [], problems: [one, { ...one, new: true }, { ...one, new: true }] })
  causes.add({ row: 3, cells: [], problems: [{ ...one, new: true }] })
  causes.add({ row: 4, cells: [], problems: [one] })
  expect(causes.all).toMatchObject([{ rows: 3, newRows: 2 }])
})

it('a file with very many causes has the first thousand', () => {
  const causes = new Causes()
  for (let i = 0; i < 1500; i++) causes.add({ row: i, cells: [], problems: [problem(i, 'placeholder', `Column ${i}`)] })
  expect(causes.all).toHaveLength(1000)
})
