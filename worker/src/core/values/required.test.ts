import { expect, test } from 'vitest'
import { requiredBlank } from './required.ts'

test('a required cell that is blank is named, with what to do', () => {
  expect(requiredBlank('number_blank')).toEqual({
    code: 'number_blank',
    message: 'This row has no number. Enter a telephone number with its area code.',
  })
})

test('a required custom field is named by its label', () => {
  expect(requiredBlank('field_blank', 'Major').message).toContain('“Major”')
})
