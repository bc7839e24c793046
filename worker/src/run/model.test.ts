import fc from 'fast-check'
import { describe, it, vi } from 'vitest'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { type Action, reported, type Slot } from '../testing/model/actions.ts'
import { histories } from '../testing/model/histories.ts'
import { Player } from '../testing/model/player.ts'
import type { RollPerson } from '../testing/model/roll.ts'
import { cases } from '../testing/sample.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

/**
 * Plays the same histories each time, so that a failure is due to the change under test. MODEL_HISTORIES=5000 plays
 * 5000 random histories instead, MODEL_SEED repeats the histories of a failure, and MODEL_SHRINK=1 makes the failing one smaller.
 */
const COUNT = Number(process.env.MODEL_HISTORIES ?? cases(300))
const SEED = process.env.MODEL_SEED ?? (process.env.MODEL_HISTORIES === undefined ? '1' : null)

describe('the model of Muster', () => {
  it(`the directory, the runs and the reasons why runs are held match the model in ${COUNT} histories`, async () => {
    const property = fc.asyncProperty(histories, async (history) => {
      await new Player(await InMemoryMuster.start()).play(history)
    })
    // A failing history is shown as it is: each step of making it smaller would play it again.
    const outcome = await fc.check(property, {
      numRuns: COUNT,
      endOnFailure: process.env.MODEL_SHRINK === undefined,
      ...(SEED === null ? {} : { seed: Number(SEED) }),
    })
    if (!outcome.failed) return
    const [history] = outcome.counterexample ?? [[]]
    const cause = outcome.errorInstance instanceof Error ? outcome.errorInstance.message : ''
    throw new Error(`MODEL_SEED=${outcome.seed}, after ${outcome.numRuns} histories\n${reported(history)}\n${cause}`)
  }, 3_600_000)

  it('two sources that adopt the same manual contact do so one after the other', async () => {
    await new Player(await InMemoryMuster.start()).play([
      ...TWO_SOURCES,
      { ...imported(0, ANA), meanwhile: { after: 2, action: imported(1, ANA) } },
    ])
  })

  it('an undo that makes a contact manual again waits for a source that is adopting another contact', async () => {
    const undo = { do: 'undo', slot: 0, back: 0, deaths: [], doomed: null } as const
    await new Player(await InMemoryMuster.start()).play([
      ...TWO_SOURCES,
      imported(0, ANA),
      { ...imported(1, BEN), meanwhile: { after: 2, action: undo } },
    ])
  })

  it('a removed manual contact’s opt-out holds for the same person who becomes manual with a deleted source', async () => {
    await new Player(await InMemoryMuster.start()).play([
      { do: 'make', person: ANA },
      { do: 'text', pick: 0, status: 'opted_out' },
      { do: 'remove', pick: 0 },
      { do: 'set', slot: 0, settings: {} },
      imported(0, ANA),
      { do: 'delete source', slot: 0, contacts: 'keep' },
    ])
  })

  it('an opt-out holds for a person’s numbers after the contact got the ID of somebody of the same name and address', async () => {
    const ben = { ...BEN, email: 'a' as const }
    const cleo = { ...BEN, id: 'cleo', name: 'Cleo' }
    await new Player(await InMemoryMuster.start()).play([
      { do: 'make', person: ben },
      { do: 'make', person: cleo },
      { do: 'text', pick: 0, status: 'opted_out' },
      { do: 'set', slot: 0, settings: { limits: 'tight' } },
      imported(0, ANA),
      imported(0, ANA, moved({ ...ben, id: 'hal' }), moved({ ...ben, name: 'Ana', email: '' }), moved(cleo)),
      { do: 'approve', slot: 0, hash: 'right', parts: null, rekey: true, deaths: [] },
    ])
  })

  it('a plan of which a part waits is stale if another source is deleted while the rest is applied', async () => {
    const deletion = { do: 'delete source', slot: 0, contacts: 'remove' } as const
    await new Player(await InMemoryMuster.start()).play([
      { do: 'make', person: ANA },
      { do: 'make', person: BEN },
      { do: 'set', slot: 0, settings: {} },
      { do: 'set', slot: 1, settings: { covers: 'directory' } },
      { ...imported(1, { ...ANA, title: 'Medic' }), meanwhile: { after: 2, action: deletion } },
    ])
  })
})

const ANA: RollPerson = { id: 'ana', name: 'Ana', title: '', email: '', numbers: [1], groups: ['Rope'] }
const BEN: RollPerson = { ...ANA, id: 'ben', name: 'Ben', numbers: [2] }
const TWO_SOURCES: readonly Action[] = [
  { do: 'make', person: ANA },
  { do: 'make', person: BEN },
  { do: 'set', slot: 0, settings: {} },
  { do: 'set', slot: 1, settings: {} },
]

function moved(person: RollPerson): RollPerson {
  return { ...person, moved: true }
}

function imported(slot: Slot, ...people: RollPerson[]): Extract<Action, { do: 'import' }> {
  const roll = { people, without: [] }
  return { do: 'import', slot, trigger: 'manual', mode: 'apply', roll, deaths: [], doomed: null, meanwhile: null }
}
