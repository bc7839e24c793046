import { describe, expect, it } from 'vitest'
import { PARTS } from '../../../worker/src/core/plan.ts'
import { questionsOf } from './decision-words.ts'

const NOTHING = { added: 0, updated: 0, removed: 0 }
const REASON = { limit: 'removed', message: '', count: 1, of: 1, parts: PARTS, examples: [] } as const
const RUN = { rekeyed: null, hold: { reasons: [REASON] }, waiting: { ...NOTHING, removed: 1013 } }

describe('the words of a decision', () => {
  it('the button that removes contacts has their number, and the other one keeps them', () => {
    const { all, reject, parts } = questionsOf(RUN, 'all')
    expect(all).toMatchObject({ button: 'Remove 1,013 contacts', title: 'Remove 1,013 contacts?', danger: true })
    expect(reject).toMatchObject({ button: 'Keep them', title: 'Keep 1,013 contacts?' })
    expect(parts).toEqual([])
  })

  it('several parts can be approved together or one by one', () => {
    const { all, reject, parts } = questionsOf({ ...RUN, waiting: { added: 1, updated: 0, removed: 2 } }, 'all')
    expect([all.button, reject.button]).toEqual(['Apply all 3 changes', 'Reject all'])
    expect(parts.map(({ button }) => button)).toEqual(['Only add 1 contact', 'Only remove 2 contacts'])
    expect(parts[0]?.text).toContain('The other changes that wait are rejected.')
  })

  it('the question says what becomes of the people under new IDs, and only where they are decided about', () => {
    const moving = { ...RUN, rekeyed: { count: 7 }, waiting: { added: 0, updated: 8, removed: 2 } }
    const { all, parts } = questionsOf(moving, 'all')
    expect(all.text).toContain('Everybody under a new ID is moved to it.')
    expect(questionsOf(moving, 'none').all.text).toContain('The people under new IDs become new contacts.')
    expect(parts.map(({ button }) => button)).toEqual(['Only change 1 contact', 'Only remove 2 contacts'])
    expect(parts.map(({ text }) => text.includes('new ID'))).toEqual([false, true])
    expect(questionsOf(RUN, 'all').all.text).not.toContain('new ID')
  })
})
