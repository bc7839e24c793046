import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { sourceSettingsSchema } from '../../../worker/src/core/source.ts'

it('each setting of a source has a field in its form', () => {
  const sections = globSync('*.tsx', { cwd: import.meta.dirname }).map((file) =>
    readFileSync(resolve(import.meta.dirname, file), 'utf8'),
  )
  const changed = sections.flatMap((text) => [...text.matchAll(/\bchange\(\{ (\w+)/g)].map(([, setting]) => setting))
  expect(changed).toEqual(expect.arrayContaining(Object.keys(sourceSettingsSchema.shape)))
})
