import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

/** What the pages share with the Worker; of all else they take only types, which are gone when they are built. */
const SHARED = /^(connections|core|formats)\//

it('The pages load none of the Worker’s code but what they share with it', () => {
  const loaded = globSync('**/*.{ts,tsx}', { cwd: import.meta.dirname }).flatMap((file) => {
    if (file.includes('.test.')) return []
    const text = readFileSync(resolve(import.meta.dirname, file), 'utf8')
    const imports = text.matchAll(/\bimport\s*(type\s)?[^'"]*?['"][./]*worker\/src\/([^'"]+)['"]/g)
    return [...imports].flatMap(([, type, path = '']) => (type === undefined ? [`${file}: ${path}`] : []))
  })
  expect(loaded.length).toBeGreaterThan(0)
  expect(loaded.filter((entry) => !SHARED.test(entry.split(': ')[1] ?? ''))).toEqual([])
})
