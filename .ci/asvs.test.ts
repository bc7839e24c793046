import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')

it('each test and each file that docs/asvs.md names exists', async () => {
  const page = await readFile(resolve(root, 'docs/asvs.md'), 'utf8')
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .map((path) => path.replace(/^worker\/src\//, '').replace(/(?:\.worker)?\.test\.tsx?$/, ''))
  const rows = page.split('\n').filter((line) => /^\| *\d/.test(line))
  const named = rows.flatMap((row) => [...(row.split('|').at(-2) ?? '').matchAll(/`([\w./…-]+\/[\w./…-]+)`/g)])
  const missing = named
    .map(([, name = '']) => name)
    .filter((name) => !files.some((file) => (name.endsWith('…') ? file.startsWith(name.slice(0, -1)) : file === name)))
  expect(named.length).toBeGreaterThan(50)
  expect(missing).toEqual([])
})
