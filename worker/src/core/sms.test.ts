import { describe, expect, it } from 'vitest'
import { decideSms, NO_SMS, readSms, type SmsReading, type SmsState } from './sms.ts'

const VALUES = { optedIn: 'Y', optedOut: 'N', emptyMeansOptedIn: false }

describe('the value of the SMS status', () => {
  // Seed: “You can set the specific Opted-In Value and Opted-Out Value to match how that information is stored”
  it.each<[cell: string, values: typeof VALUES, means: SmsReading['means'], code: string | null]>([
    ['Y', VALUES, 'opted_in', null],
    ['N', VALUES, 'opted_out', null],
    [' n ', VALUES, 'opted_out', null],
    ['maybe', VALUES, null, 'sms_value_unknown'],
    ['', VALUES, null, null],
    ['n/a', VALUES, null, 'placeholder'],
    ['Opted Out', { ...VALUES, optedOut: 'Opted Out' }, 'opted_out', null],
    // The configured values take precedence over familiar words, and an exact match over one in another case.
    ['none', { ...VALUES, optedOut: 'none' }, 'opted_out', null],
    ['y', { ...VALUES, optedOut: 'y' }, 'opted_out', null],
    ['Y', { ...VALUES, optedOut: 'y' }, 'opted_in', null],
    // Seed: “You can also toggle whether or not an empty contact field is equivalent to an opt in.”
    ['', { ...VALUES, emptyMeansOptedIn: true }, 'opted_in', null],
    ['  ', { ...VALUES, emptyMeansOptedIn: true }, 'opted_in', null],
    ['maybe', { ...VALUES, emptyMeansOptedIn: true }, null, 'sms_value_unknown'],
  ])('the SMS cell %j read with the settings %j means %s', (cell, values, means, code) => {
    const reading = readSms(cell, values)
    expect(reading.means).toBe(means)
    expect(reading.findings.map((finding) => finding.code)).toEqual(code === null ? [] : [code])
  })
})

/** Returns an SMS state. `here`: an opt-out was made in Muster at 100. */
const state = (status: SmsState['status'], seen: string | null, here = false, shown = false): SmsState => ({
  status,
  seen,
  here: here ? 100 : null,
  shown,
})
const says = { Y: 'opted_in', N: 'opted_out', '': null, maybe: null } as const
const BEFORE = 50
const AFTER = 150

describe('the three-way rule', () => {
  it.each<[rule: string, before: SmsState, value: keyof typeof says, fetchedAt: number, after: SmsState]>([
    ['a new contact gets the status in its source', NO_SMS, 'Y', AFTER, state('opted_in', 'Y')],
    ['a new contact may be opted out by its source', NO_SMS, 'N', AFTER, state('opted_out', 'N')],
    ['a blank keeps the stored status', state('opted_out', 'N'), '', AFTER, state('opted_out', '')],
    ['an unknown value keeps the stored status', state('opted_in', 'Y'), 'maybe', AFTER, state('opted_in', 'maybe')],
    ['an opt-out in the source counts', state('opted_in', 'Y'), 'N', AFTER, state('opted_out', 'N')],
    ['a source can take back its own opt-out', state('opted_out', 'N'), 'Y', AFTER, state('opted_in', 'Y')],
    [
      'an unchanged opt-out in the source does not change the status',
      state('opted_in', 'N'),
      'N',
      AFTER,
      state('opted_in', 'N'),
    ],
    [
      'an unchanged opt-in in the source does not undo an opt-out',
      state('opted_out', 'Y'),
      'Y',
      AFTER,
      state('opted_out', 'Y'),
    ],
    [
      'an unchanged value counts while the status is unknown',
      state('unknown', 'Y'),
      'Y',
      AFTER,
      state('opted_in', 'Y'),
    ],
    [
      'an opt-in from before an opt-out made in Muster does not undo it',
      state('opted_out', 'Y', true),
      'Y',
      AFTER,
      state('opted_out', 'Y', true),
    ],
    [
      'a new opt-in does not undo an opt-out that the source has not shown',
      state('opted_out', 'N', true),
      'Y',
      AFTER,
      state('opted_out', 'Y', true),
    ],
    [
      'a source shows an opt-out by its changed value',
      state('opted_out', 'Y', true),
      'N',
      AFTER,
      state('opted_out', 'N', true, true),
    ],
    [
      'a value fetched before the opt-out was made does not show it',
      state('opted_out', 'Y', true),
      'N',
      BEFORE,
      state('opted_out', 'N', true),
    ],
    [
      'an unchanged value of the source shows the opt-out too',
      state('opted_out', 'N', true),
      'N',
      AFTER,
      state('opted_out', 'N', true, true),
    ],
    [
      'a new opt-in counts after the source has shown the opt-out',
      state('opted_out', 'N', true, true),
      'Y',
      AFTER,
      state('opted_in', 'Y'),
    ],
    [
      'a shown opt-out stays shown after a blank',
      state('opted_out', 'N', true, true),
      '',
      AFTER,
      state('opted_out', '', true, true),
    ],
  ])('%s', (_, before, value, fetchedAt, after) => {
    expect(decideSms(before, { value, means: says[value] }, fetchedAt)).toEqual(after)
  })
})
