import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sourcePlaces } from './stack.ts'

let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'muster-stack-'))
  // The first character of line 1 is that of src/plan.ts, the first of line 2 the fifth of line 3 there.
  const map = { version: 3, sources: ['src/plan.ts'], names: [], mappings: 'AAAA;AAEI' }
  await writeFile(join(root, 'index.js.map'), JSON.stringify(map))
})

afterAll(() => rm(root, { recursive: true }))

it('a stack trace of the built Worker names files and lines of the sources, in both notations that runtimes use', () => {
  const readable = sourcePlaces(join(root, 'index.js'), root)
  expect(readable(`Error\n    at a (file://${root}/index.js:2:1)\n    at async b (index.js:1:1)`)).toBe(
    'Error\n    at a (src/plan.ts:3:5)\n    at async b (src/plan.ts:1:1)',
  )
})

it('a place that is not in the source map stays as it is, and so does a place in another module', () => {
  const readable = sourcePlaces(join(root, 'index.js'), root)
  expect(readable('at c (worker.js:1:1) index.js')).toBe('at c (worker.js:1:1) index.js')
})

it('a log without stack traces needs no source map', () => {
  expect(sourcePlaces(join(root, 'missing.js'), root)('step plan failed: truncated')).toBe(
    'step plan failed: truncated',
  )
})
