import { expect, it } from 'vitest'
import { KeptProblems } from './kept-problems.ts'
import type { ReportRow } from './plan-contract.ts'
import type { ProblemCode } from './problem.ts'

const row = (number: number, ...codes: ProblemCode[]): ReportRow => ({
  row: number,
  cells: [],
  problems: codes.map((code) => ({
    row: number,
    id: null,
    name: null,
    column: 'A',
    severity: 'error',
    code,
    message: '',
    value: null,
  })),
})

it('the first rows of each kind of problem are kept, so that a rare problem is never hidden by a common one', () => {
  const kept = new KeptProblems()
  const rows = Array.from({ length: 12_000 }, (_, i) => kept.keeps(row(i, 'name_blank')))
  expect([rows.filter((keeps) => keeps).length, kept.more]).toEqual([10_000, 2000])
  expect(kept.keeps(row(1, 'name_blank', 'id_blank'))).toBe(true)
  expect(kept.keeps(row(2, 'name_blank'))).toBe(false)
})

it('a run keeps at most 100,000 rows with problems, however many kinds there are', () => {
  const kept = new KeptProblems()
  const codes: ProblemCode[] = [
    ...(['id_blank', 'name_blank', 'number_blank', 'groups_blank', 'placeholder', 'excel_error'] as const),
    ...(['email_unreadable', 'number_too_long', 'number_too_short', 'row_too_long', 'row_too_short'] as const),
  ]
  for (const code of codes) for (let i = 0; i < 10_000; i++) kept.keeps(row(i, code))
  expect(kept.more).toBe(10_000)
})
