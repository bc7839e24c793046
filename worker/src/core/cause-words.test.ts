import { expect, it } from 'vitest'
import { causeWords } from './cause-words.ts'
import { PROBLEM_CODES } from './problem.ts'

it('the cause of problems is a sentence with their number', () => {
  expect(causeWords('number_without_area_code', 312)).toBe('312 numbers have no area code')
  expect(causeWords('number_without_area_code', 1)).toBe('1 number has no area code')
  expect(causeWords('row_too_long', 12_345)).toBe('12,345 rows are too long')
  expect(causeWords('hidden_sheet', 1)).toBe('A hidden sheet was read')
})

it('every code of a problem has its own words', () => {
  const words = PROBLEM_CODES.map((code) => causeWords(code, 2))
  expect(new Set(words).size).toBe(PROBLEM_CODES.length)
})
