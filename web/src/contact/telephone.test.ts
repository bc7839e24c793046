import { expect, it } from 'vitest'
import { telephone } from './telephone.ts'

it('a telephone number is shown in groups with its extension, and unchanged if it cannot be read', () => {
  expect(telephone({ number: '+16045550100', extension: null })).toBe('+1 604 555 0100')
  expect(telephone({ number: '+442079460123', extension: '12' })).toBe('+44 20 7946 0123 ext. 12')
  expect(telephone({ number: 'ask', extension: null })).toBe('ask')
})
