import { expect, test } from 'vitest'
import { requiredBlank } from './required.ts'

test('a required blank cell is named with advice', () => {
  expect(requiredBlank('number_blank')).toEqual({
    code: 'number_blank',
    message: 'This row has no number. Enter a telephone number with its area code.',
  })
})

test('a required blank custom field is named by its label', () => {
  expect(requiredBlank('field_blank', 'Major').message).toContain('“Major”')
})
