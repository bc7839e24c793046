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
    // What the source writes goes before what it looks like, and the exact value before another case of it.
    ['none', { ...VALUES, optedOut: 'none' }, 'opted_out', null],
    ['y', { ...VALUES, optedOut: 'y' }, 'opted_out', null],
    ['Y', { ...VALUES, optedOut: 'y' }, 'opted_in', null],
    // Seed: “You can also toggle whether or not an empty contact field is equivalent to an opt in.”
    ['', { ...VALUES, emptyMeansOptedIn: true }, 'opted_in', null],
    ['  ', { ...VALUES, emptyMeansOptedIn: true }, 'opted_in', null],
    ['maybe', { ...VALUES, emptyMeansOptedIn: true }, null, 'sms_value_unknown'],
  ])('%j read with %j means %s', (cell, values, means, code) => {
    const reading = readSms(cell, values)
    expect(reading.means).toBe(means)
    expect(reading.findings.map((finding) => finding.code)).toEqual(code === null ? [] : [code])
  })
})

/** `here`: an opt-out was made here at 100. */
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
    ['a new contact has the status its source gives', NO_SMS, 'Y', AFTER, state('opted_in', 'Y')],
    ['a new contact may come opted out', NO_SMS, 'N', AFTER, state('opted_out', 'N')],
    ['a blank keeps what is stored', state('opted_out', 'N'), '', AFTER, state('opted_out', '')],
    ['an unknown value keeps what is stored', state('opted_in', 'Y'), 'maybe', AFTER, state('opted_in', 'maybe')],
    ['an opt-out counts', state('opted_in', 'Y'), 'N', AFTER, state('opted_out', 'N')],
    ['the source takes its own opt-out back', state('opted_out', 'N'), 'Y', AFTER, state('opted_in', 'Y')],
    ['the same value is no change', state('opted_in', 'N'), 'N', AFTER, state('opted_in', 'N')],
    ['the same value is none for an opt-out either', state('opted_out', 'Y'), 'Y', AFTER, state('opted_out', 'Y')],
    ['the value counts while nobody has decided', state('unknown', 'Y'), 'Y', AFTER, state('opted_in', 'Y')],
    [
      'an opt-in from before the opt-out made here does not undo it',
      state('opted_out', 'Y', true),
      'Y',
      AFTER,
      state('opted_out', 'Y', true),
    ],
    [
      'nor does a new one, while the source has not shown the opt-out',
      state('opted_out', 'N', true),
      'Y',
      AFTER,
      state('opted_out', 'Y', true),
    ],
    ['the source shows the opt-out', state('opted_out', 'Y', true), 'N', AFTER, state('opted_out', 'N', true, true)],
    [
      'what was fetched before the opt-out was made does not show it',
      state('opted_out', 'Y', true),
      'N',
      BEFORE,
      state('opted_out', 'N', true),
    ],
    [
      'a value that was there all along shows it too',
      state('opted_out', 'N', true),
      'N',
      AFTER,
      state('opted_out', 'N', true, true),
    ],
    ['a new opt-in after that counts', state('opted_out', 'N', true, true), 'Y', AFTER, state('opted_in', 'Y')],
    [
      'what was shown stays shown over a blank',
      state('opted_out', 'N', true, true),
      '',
      AFTER,
      state('opted_out', '', true, true),
    ],
  ])('%s', (_, before, value, fetchedAt, after) => {
    expect(decideSms(before, { value, means: says[value] }, fetchedAt)).toEqual(after)
  })
})
