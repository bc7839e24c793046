import { expect, it } from 'vitest'
import { planSettings, sourceSettingsSchema } from './source.ts'

it('the settings that a plan depends on keep their order, which the hashes of past runs have', () => {
  const settings = sourceSettingsSchema.parse({ removal: 'keep', covers: 'directory', limits: { removed: null } })
  const { format, smsStatus } = settings
  expect(planSettings(settings)).toEqual([format, null, smsStatus, 'keep', 'directory'])
})

it.each([
  ['cp1250', 'windows-1250'],
  ['Mac', 'macintosh'],
  ['gb2312', 'gbk'],
  ['SJIS', 'shift_jis'],
  ['latin1', 'windows-1252'],
  ['UTF8', 'utf-8'],
  ['koi8-r', 'koi8-r'],
  ['euc-kr', 'euc-kr'],
])('the encoding %s may be set, and is stored as %s', (label, name) => {
  expect(sourceSettingsSchema.parse({ format: { encoding: label } }).format.encoding).toBe(name)
})

it('a setting that is no encoding is refused', () => {
  for (const encoding of ['no-such-thing', '', 'utf-7']) {
    expect(sourceSettingsSchema.safeParse({ format: { encoding } }).success).toBe(false)
  }
})
