import { expect, it } from 'vitest'
import { CHANNELS, reasonsAgainst } from './channels.ts'
import type { ContactNumber } from './contact.ts'

const number = (type: ContactNumber['type']) => ({ number: '+16045550100', type, description: null, extension: null })

it.each([
  ['a mobile number', [number('mobile')], [[], [], ['no_pager'], ['no_email']]],
  ['a landline', [number('landline')], [['no_mobile'], [], ['no_pager'], ['no_email']]],
  ['a pager', [number('pager')], [['no_mobile'], ['no_number'], [], ['no_email']]],
  ['no number', [], [['no_mobile'], ['no_number'], ['no_pager'], ['no_email']]],
])('a contact with %s is reached by what uses it', (_, numbers, reasons) => {
  expect(CHANNELS.map((channel) => reasonsAgainst(channel, { numbers, emails: [] }, 'unknown'))).toEqual(reasons)
})

it('a contact that has opted out is reached by all but texts', () => {
  const contact = { numbers: [number('mobile')], emails: ['a@example.org'] }
  expect(CHANNELS.map((channel) => reasonsAgainst(channel, contact, 'opted_out'))).toEqual([
    ['opted_out'],
    [],
    ['no_pager'],
    [],
  ])
})
