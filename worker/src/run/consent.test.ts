import fc from 'fast-check'
import { describe, it, vi } from 'vitest'
import { reported } from '../testing/consent/actions.ts'
import { histories } from '../testing/consent/histories.ts'
import { Player } from '../testing/consent/player.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

/**
 * Plays the same histories each time, so that a failure is due to the change under test. CONSENT_HISTORIES=10000 plays
 * 10000 random histories instead, and CONSENT_SEED repeats the histories of a failure.
 */
const COUNT = Number(process.env.CONSENT_HISTORIES ?? 100)
const SEED = process.env.CONSENT_SEED ?? (process.env.CONSENT_HISTORIES === undefined ? '1' : null)

describe('consent', () => {
  it(`nobody is re-subscribed and nobody else is silenced in ${COUNT} histories`, async () => {
    const property = fc.asyncProperty(histories, async (history) => {
      await new Player(await InMemoryMuster.start()).play(history)
    })
    const outcome = await fc.check(property, {
      numRuns: COUNT,
      endOnFailure: process.env.CONSENT_SHRINK === undefined,
      ...(SEED === null ? {} : { seed: Number(SEED) }),
    })
    if (!outcome.failed) return
    const [history] = outcome.counterexample ?? []
    const cause = outcome.errorInstance instanceof Error ? outcome.errorInstance.message : ''
    const played = history === undefined ? '' : reported(history)
    throw new Error(`CONSENT_SEED=${outcome.seed}, after ${outcome.numRuns} histories\n${played}\n${cause}`)
  }, 3_600_000)
})
