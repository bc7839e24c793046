import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { histories } from '../testing/model/histories.ts'
import { Player } from '../testing/model/player.ts'
import { World } from '../testing/world.ts'

describe('whatever happens, with the real D1 and R2', () => {
  it('the directory, the runs and what they wait for are as the model says, in a few histories', async () => {
    const play = fc.asyncProperty(histories, async (history) => {
      await reset()
      await applyD1Migrations(env.DB, env.MIGRATIONS)
      await new Player(await World.start()).play(history)
    })
    // What fails here alone is D1's; a failure is made small in plain Node, where that is fast (model.test.ts).
    await fc.assert(play, { numRuns: 12, seed: 1, endOnFailure: true })
  }, 120_000)
})
