import { expect, it } from 'vitest'
import { FILE_URL, World } from '../testing/world.ts'
import type { SourceView } from './views/source.ts'

const connection = { kind: 'https', url: FILE_URL }

it('a new source without a country and zone gets those of the directory', async () => {
  const world = await World.start()
  await world.api('PATCH', '/api/settings', { defaultCountry: 'CA', defaultTimeZone: 'America/Vancouver' })
  const weekly = { kind: 'weekly', days: ['mon'], times: ['02:30'] }
  const make = (settings: object) =>
    world.api<SourceView>('POST', '/api/sources', { name: 'Staff', connection, ...settings })
  expect(await make({ schedule: weekly })).toMatchObject({
    format: { defaultCountry: 'CA', type: 'auto' },
    schedule: { timeZone: 'America/Vancouver' },
  })
  expect(
    await make({ format: { defaultCountry: 'GB' }, schedule: { ...weekly, timeZone: 'Europe/London' } }),
  ).toMatchObject({
    format: { defaultCountry: 'GB' },
    schedule: { timeZone: 'Europe/London' },
  })
  // The nightly window is Eastern by default (seed: Nightly Import).
  expect(await make({ schedule: { kind: 'nightly' } })).toMatchObject({ schedule: { timeZone: 'America/New_York' } })
})
