import { expect, it } from 'vitest'
import { planSettings, sourceSettingsSchema } from './source.ts'

it('the settings that a plan depends on keep their order, which the hashes of past runs have', () => {
  const settings = sourceSettingsSchema.parse({ removal: 'keep', covers: 'directory', limits: { removed: null } })
  const { format, smsStatus } = settings
  expect(planSettings(settings)).toEqual([format, null, smsStatus, 'keep', 'directory'])
})
