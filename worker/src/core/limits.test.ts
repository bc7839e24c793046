import { describe, expect, it } from 'vitest'
import { judge, LIMIT_KEYS, LIMITS, LimitCounts, limitsSchema, type Tally } from './limits.ts'

const DEFAULTS = limitsSchema.parse({})
const QUIET: Tally = {
  first: false,
  contacts: 1000,
  changes: 0,
  removed: 0,
  removedManual: 0,
  updated: 0,
  counted: new LimitCounts().counted,
  blanked: [],
  emptied: [],
  resubscribed: 0,
  optedOut: 0,
  rows: 1000,
  rowsWithErrors: 0,
  afterUndo: false,
  doubts: [],
}
/** Returns a tally of this many contacts that would lose their last number. */
const unreachable = (n: number) => ({ counted: { ...QUIET.counted, unreachable: n } })
const held = (tally: Partial<Tally>, limits = DEFAULTS) =>
  judge({ ...QUIET, ...tally }, limits).map(({ limit }) => limit)

describe('the default limits', () => {
  it.each<[string, Partial<Tally>, Partial<Tally>]>([
    ['removed', { removed: 100 }, { removed: 101 }],
    ['removed', { contacts: 20, removed: 5 }, { contacts: 20, removed: 6 }],
    ['changed', { updated: 750 }, { updated: 751 }],
    ['changed', { contacts: 21, updated: 20 }, { contacts: 21, updated: 21 }],
    [
      'blanked',
      { blanked: [{ label: 'Title', count: 40, of: 100 }] },
      { blanked: [{ label: 'Title', count: 41, of: 100 }] },
    ],
    [
      'blanked',
      { blanked: [{ label: 'Title', count: 20, of: 20 }] },
      { blanked: [{ label: 'Title', count: 21, of: 21 }] },
    ],
    ['unreachable', unreachable(100), unreachable(101)],
    ['unreachable', { contacts: 10, ...unreachable(5) }, { contacts: 10, ...unreachable(6) }],
    ['emptiedGroups', { emptied: [{ name: 'Rope', contacts: 2 }] }, { emptied: [{ name: 'Rope', contacts: 3 }] }],
    ['resubscribed', { resubscribed: 5, optedOut: 5 }, { resubscribed: 6, optedOut: 6 }],
    ['errors', { rowsWithErrors: 500 }, { rowsWithErrors: 501 }],
  ])('a plan is held if %s is over the default, and not if it is at the default (%o)', (limit, at, over) => {
    expect(held(at)).toEqual([])
    expect(held(over)).toEqual([limit])
  })

  it('a plan over several limits has a reason for each, in the order of the limits, with the numbers in words', () => {
    const reasons = judge({ ...QUIET, removed: 600, updated: 900, rowsWithErrors: 999 }, DEFAULTS)
    expect(reasons.map(({ limit }) => limit)).toEqual(['removed', 'changed', 'errors'])
    expect(reasons[0]).toEqual({
      limit: 'removed',
      count: 600,
      of: 1000,
      message: '600 of 1,000 contacts would be removed; the limit is 10 %.',
      parts: ['add', 'update', 'remove'],
    })
  })
})

describe('a file that may not be complete', () => {
  it('its removals wait, whatever the limits, and the sentence says why it is in doubt', () => {
    const off = limitsSchema.parse(Object.fromEntries(LIMIT_KEYS.map((key) => [key, null])))
    const reasons = judge({ ...QUIET, removed: 2, doubts: ['lineBreakGone', 'older'] }, off)
    expect(reasons).toMatchObject([{ limit: 'incomplete', count: 2, of: 1000, parts: ['remove'] }])
    expect(reasons[0]?.message).toMatch(/^2 contacts are missing .* line break .* older than/)
    expect(held({ doubts: ['closingNew'], updated: 3 })).toEqual([])
  })
})

describe('the parts of a plan that wait', () => {
  const partsOf = (tally: Partial<Tally>) => judge({ ...QUIET, ...tally }, DEFAULTS).map(({ parts }) => parts)

  it('only removals wait, unless more than half of the contacts would be removed', () => {
    expect(partsOf({ removed: 500 })).toEqual([['remove']])
    expect(partsOf({ removed: 501 })).toEqual([['add', 'update', 'remove']])
    expect(partsOf({ removed: 1000 })).toEqual([['add', 'update', 'remove']])
  })

  it('over a limit on updates, adds and removals do not wait; over the limit on errors, every part waits', () => {
    expect(partsOf({ updated: 900, ...unreachable(900) })).toEqual([['update'], ['update']])
    expect(partsOf({ emptied: [{ name: 'Rope', contacts: 3 }] })).toEqual([['update', 'remove']])
    expect(partsOf({ rowsWithErrors: 900 })).toEqual([['add', 'update', 'remove']])
  })
})

describe('the first applied import of a source', () => {
  const everything: Partial<Tally> = {
    first: true,
    contacts: 10,
    removed: 9,
    updated: 1000,
    ...unreachable(10),
    blanked: [{ label: 'Title', count: 100, of: 100 }],
    emptied: [{ name: 'Rope', contacts: 9 }],
    resubscribed: 9,
  }

  it('a first import is held by no limit except the one on errors', () => {
    expect(held(everything)).toEqual([])
    expect(held({ ...everything, rowsWithErrors: 501 })).toEqual(['errors'])
  })
})

describe('other settings of the limits', () => {
  const off = limitsSchema.parse(Object.fromEntries(LIMIT_KEYS.map((key) => [key, null])))

  it('a plan over every limit is not held if all limits are off', () => {
    expect(
      held(
        {
          removed: 999,
          updated: 999,
          ...unreachable(999),
          resubscribed: 99,
          rowsWithErrors: 1000,
          emptied: [{ name: 'Rope', contacts: 9 }],
          blanked: [{ label: 'Title', count: 99, of: 99 }],
        },
        off,
      ),
    ).toEqual([])
  })

  it('a plan that removes all contacts of a source is always held, even one contact and in a first import', () => {
    expect(held({ removed: 1000 }, off)).toEqual(['removed'])
    expect(held({ contacts: 1, removed: 1, first: true }, off)).toEqual(['removed'])
    expect(held({ contacts: 0, removed: 0 }, off)).toEqual([])
  })

  it('a plan that removes a manual contact is always held', () => {
    expect(held({ removed: 1, removedManual: 1, first: true }, off)).toEqual(['removed'])
    expect(judge({ ...QUIET, removed: 1, removedManual: 1 }, off)[0]?.message).toContain('by hand')
  })

  it('the first plan with changes after an undo is held, and a plan without changes is not', () => {
    expect(held({ afterUndo: true, changes: 3 }, off)).toEqual(['afterUndo'])
    expect(held({ afterUndo: true, changes: 0 }, off)).toEqual([])
    expect(held({ changes: 3 }, off)).toEqual([])
  })

  it('a limit of 0 % holds a plan with a single removal', () => {
    expect(held({ removed: 1 }, limitsSchema.parse({ removed: { percent: 0, atLeast: 1 } }))).toEqual(['removed'])
  })
})

describe('the schema of the limits', () => {
  it('a limit that is left out has its default, and so has a number that is left out', () => {
    expect(DEFAULTS).toEqual(Object.fromEntries(LIMIT_KEYS.map((key) => [key, LIMITS[key].default])))
    const { removed, errors } = limitsSchema.parse({ removed: { percent: 20 }, errors: null })
    expect([removed, errors]).toEqual([{ percent: 20, atLeast: 6 }, null])
  })

  it.each([{ removed: { percent: 101 } }, { removed: { atLeast: 0 } }, { errors: { percent: '5' } }, { errors: 5 }])(
    'the schema refuses an invalid limit (%o)',
    (limits) => {
      expect(limitsSchema.safeParse(limits).success).toBe(false)
    },
  )
})
