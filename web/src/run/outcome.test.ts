import { describe, expect, it } from 'vitest'
import { noChanges, noCounts } from '../../../worker/src/core/counts.ts'
import { outcomeSentences, type ShownRun, waitingNouns } from './outcome.ts'

const NOTHING = noChanges()
const BASE: ShownRun = {
  status: 'succeeded',
  trigger: 'manual',
  applied: NOTHING,
  figures: { met: 0, imported: 0, waiting: 0, left: 0, withErrors: 0, rest: NOTHING },
  counts: noCounts(),
  waiting: null,
  rekeyed: null,
  hold: null,
  undoneBy: null,
}
const sentencesOf = (part: Partial<ShownRun>) => outcomeSentences({ ...BASE, ...part })
const rest = (part: Partial<typeof NOTHING>) => ({ ...BASE.figures, rest: { ...NOTHING, ...part } })

describe('the sentence that the page of a run begins with', () => {
  it('a held run says what is done and what waits', () => {
    const applied = { added: 52, updated: 14, removed: 0 }
    expect(sentencesOf({ status: 'held', applied, waiting: { ...NOTHING, removed: 31 } })).toBe(
      '52 added and 14 changed are done. 31 removals wait.',
    )
    expect(sentencesOf({ status: 'held', waiting: { ...NOTHING, removed: 1 } })).toBe(
      'Nothing has been changed yet. 1 removal waits.',
    )
  })

  it('people under new IDs are named apart from the contacts that change', () => {
    const waiting = { added: 0, updated: 8, removed: 2 }
    expect(waitingNouns({ waiting, rekeyed: { count: 7 } })).toBe('7 new IDs, 1 change and 2 removals')
    expect(waitingNouns({ waiting, rekeyed: null })).toBe('8 changes and 2 removals')
  })

  it('an import says what it did, what was rejected and how many rows it could not read', () => {
    const counts = { ...noCounts(), unchanged: 1994, errors: 8 }
    expect(sentencesOf({ applied: { added: 3, updated: 0, removed: 1 }, counts })).toBe(
      '3 added, 1 removed and 1,994 unchanged. 8 rows could not be read.',
    )
    expect(sentencesOf({ counts: { ...noCounts(), unchanged: 1 } })).toBe(
      'Nothing had to change: 1 contact is the same as before.',
    )
    expect(sentencesOf({ applied: { ...NOTHING, added: 3 }, figures: rest({ removed: 31 }) })).toBe(
      '3 added. 31 removals were rejected.',
    )
  })

  it('a preview, a failure, a rejection and an undo each say what was changed', () => {
    expect(sentencesOf({ status: 'previewed', figures: rest({ added: 2, removed: 1 }) })).toBe(
      'An import would add 2 contacts and remove 1.',
    )
    expect(sentencesOf({ status: 'failed' })).toBe('The import failed, and nothing was changed.')
    expect(sentencesOf({ status: 'failed', applied: { ...NOTHING, added: 5 } })).toBe(
      'The import stopped: 5 added are done.',
    )
    expect(sentencesOf({ status: 'rejected', figures: rest({ removed: 31 }) })).toBe('31 removals were rejected.')
    expect(sentencesOf({ trigger: 'undo', applied: { added: 31, updated: 14, removed: 0 } })).toBe(
      'Taken back: 31 brought back and 14 changed back.',
    )
    expect(sentencesOf({ undoneBy: 'x' })).toBe('This import was undone.')
  })
})
