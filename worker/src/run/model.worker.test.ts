import fc from 'fast-check'
import { describe, it } from 'vitest'
import { emptyStorage } from '../../test/storage.ts'
import { histories } from '../testing/model/histories.ts'
import { Player } from '../testing/model/player.ts'
import { cases } from '../testing/sample.ts'
import { World } from '../testing/world.ts'

describe('the model of Muster, with the real D1 and R2', () => {
  it('the directory, the runs and the reasons why runs are held match the model in a few histories on the real D1 and R2', async () => {
    const play = fc.asyncProperty(histories, async (history) => {
      await emptyStorage()
      await new Player(await World.start()).play(history)
    })
    // A failure that occurs only here comes from D1. A failure is not shrunk here: model.test.ts does that in plain
    // Node, where it is fast.
    await fc.assert(play, { numRuns: cases(12), seed: 1, endOnFailure: true })
  })
})
