import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

/**
 * The folders that the pages share with the Worker. From the others the pages import only types, which the build
 * removes.
 */
const SHARED = /^(connections|core|formats|schedule)\//

it('the pages load no code of the Worker except the folders that they share', () => {
  const loaded = globSync('**/*.{ts,tsx}', { cwd: import.meta.dirname }).flatMap((file) => {
    if (file.includes('.test.')) return []
    const text = readFileSync(resolve(import.meta.dirname, file), 'utf8')
    const imports = text.matchAll(/\bimport\s*(type\s)?[^'"]*?['"][./]*worker\/src\/([^'"]+)['"]/g)
    return [...imports].flatMap(([, type, path = '']) => (type === undefined ? [`${file}: ${path}`] : []))
  })
  expect(loaded.length).toBeGreaterThan(0)
  expect(loaded.filter((entry) => !SHARED.test(entry.split(': ')[1] ?? ''))).toEqual([])
})
