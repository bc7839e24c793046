import { describe, expect, it } from 'vitest'
import { decideSms, NO_SMS, type SmsReading, type SmsState, type SmsValues, smsReader } from './sms.ts'

const VALUES: SmsValues = { optedIn: 'Y', optedOut: 'N', emptyMeansOptedIn: false }

describe('the value of the SMS status', () => {
  // Seed: “You can set the specific Opted-In Value and Opted-Out Value to match how that information is stored”
  it.each<[cell: string, values: SmsValues, means: SmsReading['means'], code: string | null]>([
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
    // A placeholder is not empty: nobody who wrote “none” has opted in.
    ['none', { ...VALUES, emptyMeansOptedIn: true }, null, 'placeholder'],
    ['-', { ...VALUES, emptyMeansOptedIn: true }, null, 'placeholder'],
    // Each value may be a list.
    ['sí', { ...VALUES, optedIn: ['Y', 'Sí'] }, 'opted_in', null],
    ['B', { ...VALUES, optedOut: ['A', 'B'] }, 'opted_out', null],
    ['Y', { ...VALUES, optedOut: ['N', 'y'] }, 'opted_in', null],
    ['C', { ...VALUES, optedOut: ['A', 'B'] }, null, 'sms_value_unknown'],
  ])('the SMS cell %j read with the settings %j means %s', (cell, values, means, code) => {
    const reading = smsReader(values)(cell)
    expect(reading.means).toBe(means)
    expect(reading.findings.map((finding) => finding.code)).toEqual(code === null ? [] : [code])
  })
})

/** Returns the cells among `cells` that have the meaning. */
function meaning(means: SmsReading['means'], cells: string, values: Partial<SmsValues>): string {
  const read = smsReader({ ...VALUES, ...values })
  return cells
    .split('|')
    .filter((cell) => read(cell).means === means)
    .join('|')
}

const NO = 'No|no|NO.|FALSE|False|0|Off|n|Nein|Non|Faux|Falsch|Falso'
const YES = 'Yes|yes|YES!|TRUE|1|Y|x|✓|Ja|Oui|Vrai|Sí|Wahr'
const STOP =
  'STOP|Stop.|stop all|Unsubscribed|unsubscribe|CANCEL|End|Quit|Opted Out|opt-out|OPTED_OUT|OptedOut|Do not text|No SMS|Declined|Abgemeldet|Widerrufen|Désabonné|ARRÊT|Désinscrite|Baja|Dado de baja'

describe('common words in a column of the SMS status', () => {
  it('words that say no, and stop words, opt out where the opted-in value says yes', () => {
    for (const values of [{}, { optedIn: 'Yes', optedOut: 'Nope' }, { optedIn: 'Oui', optedOut: 'X' }]) {
      expect(meaning('opted_out', NO, values)).toBe(NO)
      expect(meaning('opted_out', STOP, values)).toBe(STOP)
    }
  })

  it('words that say no, and stop words, opt out as well where the values are no words of yes and no', () => {
    const values = { optedIn: 'Subscribed', optedOut: 'Left' }
    expect(meaning('opted_out', `${NO}|${STOP}`, values)).toBe(`${NO}|${STOP}`)
    expect(meaning(null, YES, values)).toBe(YES)
  })

  it('only a configured value opts in, whatever says yes', () => {
    expect(meaning('opted_in', `${YES}|Subscribed|Opted in|START|OK`, {})).toBe('Y')
    expect(meaning('opted_in', `${NO}|${YES}|${STOP}`, { optedIn: ['Opt-in'], optedOut: ['A'] })).toBe('')
  })

  // A column such as “Do not text”.
  it.each([
    [{ optedIn: 'No', optedOut: 'Yes' }, 'No|no|NO'],
    [{ optedIn: ['N', 'No'], optedOut: 'Y' }, 'No|no|n|NO'],
    [{ optedIn: '0', optedOut: '1' }, '0'],
    [{ optedIn: 'FALSE', optedOut: 'TRUE' }, 'FALSE|False'],
    [{ optedIn: '-', optedOut: 'X' }, ''],
  ])('where %j is set, words that say yes opt out, and words that say no do not', (values, optedIn) => {
    expect(meaning('opted_out', YES, values)).toBe(YES)
    expect(meaning('opted_out', STOP, values)).toBe(STOP)
    expect(meaning('opted_out', NO, values)).toBe('')
    expect(meaning('opted_in', `${NO}|NO`, values)).toBe(optedIn)
  })

  it('a configured value takes precedence over a word, also in another spelling', () => {
    expect(meaning('opted_in', 'Stop|stop', { optedIn: 'Stop' })).toBe('Stop|stop')
    expect(meaning(null, 'Stop.|S-top', { optedIn: 'Stop' })).toBe('Stop.|S-top')
    expect(meaning('opted_out', 'go.|G O', { optedOut: 'Go' })).toBe('go.|G O')
  })

  it('a value that may mean anything is reported and changes nothing', () => {
    for (const cell of [
      'maybe',
      'pending',
      '2',
      '00',
      'Notes',
      'No answer',
      'Norway',
      '?',
      'inactive',
      'nobody',
      'x'.repeat(500),
    ]) {
      expect([cell, smsReader(VALUES)(cell).means]).toEqual([cell, null])
      expect(smsReader(VALUES)(cell).findings.map(({ code }) => code)).toEqual(['sms_value_unknown'])
    }
  })
})

/** Returns an SMS state. `here`: an opt-out was made in Muster at 100. */
const state = (own: SmsState['own'], seen: string | null, here = false, shown = false): SmsState => ({
  own,
  byNumber: false,
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

it('a row with an error opts out, and does not show that the source knows of an opt-out that was made here', () => {
  const shown = { value: 'N', means: 'opted_out' } as const
  const doubtful = { ...shown, doubtful: true } as const
  expect(decideSms(state('opted_in', 'Y'), doubtful, AFTER)).toEqual(state('opted_out', 'N'))
  expect(decideSms(state('opted_out', 'Y', true), shown, AFTER)).toEqual(state('opted_out', 'N', true, true))
  expect(decideSms(state('opted_out', 'Y', true), doubtful, AFTER)).toEqual(state('opted_out', 'N', true))
})
