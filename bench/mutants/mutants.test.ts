import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { MUTANTS } from './list.ts'
import { occurrences } from './mutant.ts'

const ROOT = resolve(import.meta.dirname, '../..')

it('there are at least 60 mutants, and each has a name of its own', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(60)
  expect(new Set(MUTANTS.map(({ bug }) => bug)).size).toBe(MUTANTS.length)
})

it('the text of each mutant occurs exactly once, and its tests exist', () => {
  const lost = MUTANTS.filter((mutant) => occurrences(ROOT, mutant) !== 1).map(({ bug }) => bug)
  expect(lost).toEqual([])
  const tests = new Set(MUTANTS.flatMap((mutant) => mutant.tests))
  expect([...tests].filter((test) => !existsSync(join(ROOT, test)))).toEqual([])
})
