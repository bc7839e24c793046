import { describe, expect, it } from 'vitest'
import { type ChangeCounts, noChanges, noCounts } from '../../worker/src/core/counts.ts'
import { changeLines, outcome, statusWord, targetWord } from './words.ts'

const counts = { ...noCounts(), rows: 9, matched: 9, added: 3, unchanged: 1994, removed: 1 }
const figures = (rest: Partial<ChangeCounts> = {}) => ({ rest: { ...noChanges(), ...rest } })

describe('the words of a run', () => {
  it('the words of a run say what was done once it is applied, and what would be done before', () => {
    const [all, nothing] = [{ added: 3, updated: 0, removed: 1 }, noChanges()]
    const rest = figures(all)
    expect(outcome({ counts, figures: figures(), applied: all, status: 'succeeded' })).toBe(
      '3 added, 1 removed, 1,994 unchanged',
    )
    expect(outcome({ counts, figures: rest, applied: nothing, status: 'previewed' })).toBe(
      '3 to add, 1 to remove, 1,994 unchanged',
    )
    expect(outcome({ counts, figures: rest, applied: nothing, status: 'rejected' })).toBe(
      '3 not added, 1 not removed, 1,994 unchanged',
    )
  })

  it('the words of a run of which a part waits, or was rejected, say what was done and what was not', () => {
    const applied = { added: 3, updated: 0, removed: 0 }
    const rest = figures({ removed: 1 })
    expect(outcome({ counts, figures: rest, applied, status: 'held' })).toBe('3 added, 1 to remove, 1,994 unchanged')
    expect(outcome({ counts, figures: rest, applied, status: 'rejected' })).toBe(
      '3 added, 1 not removed, 1,994 unchanged',
    )
  })

  it('the words of a successful run name rows with errors', () => {
    expect(statusWord({ status: 'succeeded', trigger: 'manual', undoneBy: null, counts })).toEqual({
      text: 'Imported',
      kind: 'ok',
    })
    expect(
      statusWord({ status: 'succeeded', trigger: 'manual', undoneBy: null, counts: { ...counts, errors: 1 } }),
    ).toEqual({ text: 'Imported, 1 row with errors', kind: 'warning' })
    expect(statusWord({ status: 'succeeded', trigger: 'undo', undoneBy: null, counts }).text).toBe('Undone')
    expect(statusWord({ status: 'succeeded', trigger: 'manual', undoneBy: 'x', counts }).text).toBe('Undone')
  })
})

describe('the words of a target', () => {
  it('the words of a target distinguish a second number and a custom field', () => {
    expect(['id', 'numberType', 'number2', 'field:major'].map(targetWord)).toEqual([
      'ID',
      'Number type',
      'Number 2',
      'major',
    ])
  })
})

describe('the words of the audit', () => {
  it('the words of the audit name settings as people read them, and quote values as they are', () => {
    expect(changeLines('defaultTimeZone: America/Toronto → UTC\nlimits.removed: percent 10 → none')).toEqual([
      'default time zone: America/Toronto → UTC',
      'limits › removed: percent 10 → none',
    ])
    expect(changeLines('connection.url: https://a.org → https://b.org')).toEqual([
      'connection › URL: https://a.org → https://b.org',
    ])
    // The form of entries before 2026-11-27.
    expect(changeLines('name, defaultTimeZone')).toEqual(['name, default time zone'])
  })
})
