import { describe, expect, it } from 'vitest'
import { smsReader } from '../sms.ts'
import { suggestColumns } from '../suggestion.ts'

/** Suggests for a column of the SMS status, and reads each value as an import with the suggested settings would. */
function read(header: string, ...values: string[]): Record<string, string | null> | null {
  const [found] = suggestColumns([{ name: header, values }], 'US')
  if (found?.to !== 'smsStatus' || found.smsStatus === undefined) return null
  const reader = smsReader({ ...found.smsStatus, emptyMeansOptedIn: false })
  return Object.fromEntries(values.map((value) => [value, reader(value).means]))
}

const OUT = 'opted_out'
const IN = 'opted_in'

describe('the SMS status is suggested with the values that mean an opt-in and an opt-out', () => {
  it.each<[header: string, out: string, otherwise: string]>([
    ['SMS Opt Out', 'Y', 'N'],
    ['SMS Opt Out', 'Yes', 'No'],
    ['OptedOut', 'TRUE', 'FALSE'],
    ['OptedOut', 'true', 'false'],
    ['SMS_OPT_OUT', '1', '0'],
    ['SMS Opted Out', 'Ja', 'Nein'],
    ['Text opt-out', 'on', 'off'],
    ['Do Not Text', '1', '0'],
    ['Do not SMS', 'Yes', 'No'],
    ['DoNotContact', 'true', 'false'],
    ['Unsubscribed from texts', 'yes', 'no'],
  ])('a yes under “%s” is an opt-out (%s, %s)', (header, out, otherwise) => {
    expect(read(header, out, otherwise, otherwise)).toEqual({ [out]: OUT, [otherwise]: IN })
  })

  it.each<[header: string, optIn: string, otherwise: string]>([
    ['SMS Opt-In', 'Y', 'N'],
    ['opted_in', '1', '0'],
    ['SMS consent', 'TRUE', 'FALSE'],
    ['Accepts SMS Marketing', 'yes', 'no'],
    ['Do you agree to receive text messages?', 'Yes', 'No'],
    ['SMS Subscribed', 'true', 'false'],
  ])('a yes under “%s” is an opt-in (%s, %s)', (header, optIn, otherwise) => {
    expect(read(header, optIn, otherwise, optIn)).toEqual({ [optIn]: IN, [otherwise]: OUT })
  })

  it('words that say it themselves overrule the header', () => {
    const values = { 'Opted out': OUT, 'Opted in': IN, Pending: null }
    expect(read('SMS Opt Out', ...Object.keys(values))).toEqual(values)
    expect(read('SMS Opt-In', ...Object.keys(values))).toEqual(values)
    expect(read('SMS Status', 'Subscribed', 'Unsubscribed')).toEqual({ Subscribed: IN, Unsubscribed: OUT })
    expect(read('SMS Status', 'STOP', 'Active')).toEqual({ STOP: OUT, Active: IN })
  })

  it('the answer that the samples lack is understood as well', () => {
    const settings = (header: string, ...values: string[]) =>
      suggestColumns([{ name: header, values }], 'US')[0]?.smsStatus
    expect(settings('OptedOut', 'false', 'false')).toEqual({ optedIn: 'false', optedOut: 'true' })
    expect(settings('OptedOut', 'FALSE')).toEqual({ optedIn: 'FALSE', optedOut: 'TRUE' })
    expect(settings('SMS Opt Out', 'X')).toEqual({ optedIn: 'N', optedOut: 'X' })
    expect(settings('SMS Opt Out')).toEqual({ optedIn: 'N', optedOut: 'Y' })
    expect(settings('SMS Opt-In')).toEqual({ optedIn: 'Y', optedOut: 'N' })
    expect(settings('SMS Opt-In', 'Yes', 'TRUE', 'no')).toEqual({ optedIn: ['Yes', 'TRUE'], optedOut: 'no' })
    expect(settings('SMS Status', 'Unsubscribed')).toEqual({ optedIn: 'Opted in', optedOut: 'Unsubscribed' })
  })

  it.each([
    ['Unsubscribed from all email', 'Yes', 'No'],
    ['Email Opt Out', '1', '0'],
    ['HASOPTEDOUTOFEMAIL', 'true', 'false'],
    ['Do Not Call', '1', '0'],
    ['Do Not Mail', '1', '0'],
    ['Confirmed Opt-Out Date', '2025-01-10', '2025-02-11'],
    ['OPTIN_TIME', '2025-01-10 10:00', '2025-02-11 11:00'],
    ['SMS Opt-In Source', 'Form', 'Import'],
    ['SMS Opt Out', '2025-01-10', '2025-02-11'],
    ['SMS Status', 'Y', 'N'],
    ['Subscribed', 'Yes', 'No'],
  ])('“%s” with %s and %s is no SMS status', (header, ...values) => {
    expect(read(header, ...values)).toBeNull()
  })
})
