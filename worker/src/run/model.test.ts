import fc from 'fast-check'
import { describe, it, vi } from 'vitest'
import { LightMuster } from '../testing/light.ts'
import { told } from '../testing/model/actions.ts'
import { histories } from '../testing/model/histories.ts'
import { Player } from '../testing/model/player.ts'

vi.mock('../connections/bridge.ts', () => ({ SftpBridge: class {} }))

const COUNT = Number(process.env.MODEL_HISTORIES ?? 300)

describe('whatever happens', () => {
  it(`the directory, the runs and what they wait for are as the model says, in ${COUNT} histories`, async () => {
    const property = fc.asyncProperty(histories, async (history) => {
      await new Player(await LightMuster.start()).play(history)
    })
    const seed = process.env.MODEL_SEED
    const outcome = await fc.check(property, { numRuns: COUNT, ...(seed === undefined ? {} : { seed: Number(seed) }) })
    if (!outcome.failed) return
    const [history] = outcome.counterexample ?? [[]]
    const cause = outcome.errorInstance instanceof Error ? outcome.errorInstance.message : ''
    throw new Error(`MODEL_SEED=${outcome.seed}, after ${outcome.numRuns} histories\n${told(history)}\n${cause}`)
  }, 3_600_000)
})
