import { expect, it } from 'vitest'
import { keeperSentence } from './keeper-sentence.ts'

it('the text for the keeper of the file says what is wrong, where and how to correct it', () => {
  const examples = [
    { row: 12, id: '7', name: 'Ana', value: '555-0103' },
    { row: 14, id: null, name: null, value: '' },
  ]
  const cause = { code: 'number_without_area_code', column: 'Cell', severity: 'error', rows: 312, examples } as const
  expect(keeperSentence({ ...cause, examples, message: 'Add the area code.' }, 'roster.csv')).toBe(
    '312 numbers have no area code in roster.csv, column “Cell”. For example row 12 (Ana): 555-0103; row 14. Add the area code.',
  )
  expect(keeperSentence({ ...cause, rows: 1, examples: [], column: null, message: 'Add it.' }, null)).toBe(
    '1 number has no area code. Add it.',
  )
})
