import { expect, inject, it } from 'vitest'
import { killAndJudge } from '../bench/kills/killing.ts'
import { isTurnOf } from '../worker/src/testing/sample.ts'

it.runIf(isTurnOf(1))('a system that is killed while it works does all that it should once it runs again', async () => {
  const seed = inject('sample') ?? 1
  const { faults } = await killAndJudge({ times: 3, contacts: 300, seed })
  expect(faults.map((fault) => `npm run kills -- --times 3 --contacts 300 --seed ${seed}: ${fault}`)).toEqual([])
})
