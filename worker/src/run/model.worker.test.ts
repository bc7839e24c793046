import fc from 'fast-check'
import { describe, it } from 'vitest'
import { emptyStorage } from '../../test/storage.ts'
import { histories } from '../testing/model/histories.ts'
import { Player } from '../testing/model/player.ts'
import { cases } from '../testing/sample.ts'
import { World } from '../testing/world.ts'

describe('whatever happens, with the real D1 and R2', () => {
  it('the directory, the runs and what they wait for are as the model says, in a few histories', async () => {
    const play = fc.asyncProperty(histories, async (history) => {
      await emptyStorage()
      await new Player(await World.start()).play(history)
    })
    // What fails here alone is D1's; a failure is made small in plain Node, where that is fast (model.test.ts).
    await fc.assert(play, { numRuns: cases(12), seed: 1, endOnFailure: true })
  })
})
