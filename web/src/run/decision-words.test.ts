import { describe, expect, it } from 'vitest'
import { questionOf, waitingWords } from './decision-words.ts'

const RUN = {
  waiting: { added: 0, updated: 8, removed: 2 },
  rekeyed: { count: 7 },
}

describe('what a held run says about the decision', () => {
  it('people under new IDs are counted apart from the contacts that change', () => {
    expect(waitingWords(RUN)).toBe('7 under new IDs, 1 to change, 2 to remove')
    expect(waitingWords({ ...RUN, rekeyed: null })).toBe('8 to change, 2 to remove')
  })

  it('the question says what becomes of the people under new IDs, and only where they are decided about', () => {
    expect(questionOf('all', RUN, 'all')).toContain('Everybody under a new ID is moved to it.')
    expect(questionOf('remove', RUN, 'none')).toContain('The people under new IDs become new contacts.')
    expect(questionOf('remove', RUN, 'some')).toContain(
      'the others become new contacts. The rest of what waits is rejected.',
    )
    expect(questionOf('update', RUN, 'all')).not.toContain('new ID')
    expect(questionOf('all', { ...RUN, rekeyed: null }, 'all')).toBe(
      'Contacts: 8 to change, 2 to remove. You can undo it afterwards.',
    )
  })
})
