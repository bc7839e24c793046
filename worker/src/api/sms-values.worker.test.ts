import { expect, it } from 'vitest'
import { OPTED_MAPPING, optedFile, reached, setSms, statuses } from '../testing/opted.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { ProblemView } from './views/run.ts'
import type { SourceView } from './views/source.ts'

it('words that mean an opt-out opt out, nothing but the opted-in value opts in, and the rest is reported', async () => {
  const world = await World.start()
  const source = await world.source(OPTED_MAPPING)
  const cells = [
    'Y',
    'N',
    'No',
    'no',
    'FALSE',
    '0',
    'STOP',
    'Opted Out',
    'n ',
    'Yes',
    'TRUE',
    '1',
    '',
    'X',
    'Unsubscribed',
    'N.',
  ]
  const rows = cells.map((sms, i) => ({ id: String.fromCharCode(97 + i), sms }))
  const run = await world.import(source, optedFile(rows))
  const given = await statuses(world)
  expect(rows.map(({ id, sms }) => `${sms}: ${given[id]}`)).toEqual([
    'Y: opted_in',
    'N: opted_out',
    'No: opted_out',
    'no: opted_out',
    'FALSE: opted_out',
    '0: opted_out',
    'STOP: opted_out',
    'Opted Out: opted_out',
    'n : opted_out',
    'Yes: unknown',
    'TRUE: unknown',
    '1: unknown',
    ': unknown',
    'X: unknown',
    'Unsubscribed: opted_out',
    'N.: opted_out',
  ])
  expect(await reached(world)).toEqual(['a', 'j', 'k', 'l', 'm', 'n'])
  const { items } = await world.api<Page<ProblemView>>('GET', `/api/runs/${run.id}/problems`)
  expect(items.map(({ value, severity }) => `${severity} ${value}`)).toEqual(
    ['Yes', 'TRUE', '1', 'X'].map((value) => `warning ${value}`),
  )
})

it('the values of the SMS status may be lists, read back as they were given, and are not a change of the source', async () => {
  const world = await World.start()
  const source = await world.source({ ...OPTED_MAPPING, smsStatus: { optedIn: ['Y', 'Sure'], optedOut: 'N' } })
  const path = `/api/sources/${source}`
  const shown = async () => (await world.api<SourceView>('GET', path)).smsStatus
  expect(await shown()).toEqual({ optedIn: ['Y', 'Sure'], optedOut: 'N', emptyMeansOptedIn: false })
  const file = optedFile([
    { id: 'a', sms: 'Sure' },
    { id: 'b', sms: 'Gone' },
    { id: 'c', sms: 'N' },
  ])
  await world.import(source, file)
  expect(await statuses(world)).toEqual({ a: 'opted_in', b: 'unknown', c: 'opted_out' })
  await setSms(world, 'c', 'opted_in')
  await world.api('PATCH', path, { smsStatus: { optedIn: 'Y', optedOut: ['N', 'Gone', 'Sure'] } })
  expect(await shown()).toEqual({ optedIn: 'Y', optedOut: ['N', 'Gone', 'Sure'], emptyMeansOptedIn: false })
  await world.import(source, file)
  // Only the status that was still unknown follows the new settings.
  expect(await statuses(world)).toEqual({ a: 'opted_in', b: 'opted_out', c: 'opted_in' })
  for (const optedIn of [[], [' '], [1], { a: 1 }]) {
    const refused = await world.request('PATCH', path, { smsStatus: { optedIn } })
    expect(await refused.json()).toMatchObject({
      status: 400,
      errors: [{ path: expect.stringMatching(/^smsStatus\.optedIn/) }],
    })
  }
})
