import { describe, expect, it } from 'vitest'
import type { Finding } from './limits/examples.ts'
import type { LosingGroup } from './limits/groups.ts'
import type { Tally } from './limits/tally.ts'
import { judge, LIMIT_KEYS, LIMITS, limitsSchema } from './limits.ts'

const DEFAULTS = limitsSchema.parse({})
const found = (count: number): Finding => ({ count, examples: [] })
const NONE = found(0)
const NOBODY_ELSE: Tally['identity'] = {
  found: NONE,
  others: 0,
  passed: { names: 0, numbers: 0, emails: 0 },
  adopted: { count: 0, others: NONE },
  complete: true,
}
const QUIET: Tally = {
  first: false,
  contacts: 1000,
  changes: 0,
  removed: NONE,
  removedManual: 0,
  removedByRules: [],
  removedBefore: 0,
  added: NONE,
  changed: { ...NONE, most: null },
  rekeyed: NONE,
  blanked: [],
  unreachable: { numbers: NONE, mobiles: NONE, emails: NONE },
  groups: [],
  identity: NOBODY_ELSE,
  garbled: NONE,
  resubscribed: { all: NONE, here: NONE, returning: false },
  optedOut: 0,
  sameNumber: { most: [], numbers: new Map() },
  rows: 1000,
  rowsWithErrors: 0,
  firstCause: null,
  afterUndo: false,
  records: false,
  doubts: [],
  lastRow: 1001,
}
const removed = (n: number) => ({ removed: found(n) })
const changed = (n: number, most = n) => ({ changed: { ...found(n), most: { label: 'Title', count: most } } })
const blanked = (n: number, of: number) => ({ blanked: [{ label: 'Title', found: found(n), of }] })
/** Returns a tally of this many contacts that would lose their last number. */
const unreachable = (n: number) => ({
  unreachable: { numbers: found(n), mobiles: found(n), emails: NONE },
})
const mobileless = (n: number) => ({ unreachable: { ...QUIET.unreachable, mobiles: found(n) } })
const emailless = (n: number) => ({ unreachable: { ...QUIET.unreachable, emails: found(n) } })
const optedIn = (all: number, here = 0) => ({
  resubscribed: { all: found(all), here: found(here), returning: false },
})
/** Returns a tally with a group that loses contacts; `others`: how many of them go to another group. */
const group = (members: number, lost: number, { gained = 0, others = 0, gone = 0 } = {}) => {
  const adrift = lost - others
  const losing: LosingGroup = { name: 'Rope', members, gained, lost: found(lost), adrift, removed: gone, ruled: 0 }
  return { groups: [losing] }
}
const identity = (n: number) => ({ identity: { ...NOBODY_ELSE, found: found(n), others: n } })
const sameNumber = (n: number) => ({
  sameNumber: { most: [{ number: '+16045550100', found: found(n) }], numbers: new Map([[n, 1]]) },
})
const held = (tally: Partial<Tally>, limits = DEFAULTS) =>
  judge({ ...QUIET, ...tally }, limits).map(({ limit }) => limit)
const messagesOf = (tally: Partial<Tally>) => judge({ ...QUIET, ...tally }, DEFAULTS).map(({ message }) => message)

describe('the default limits', () => {
  it.each<[string, Partial<Tally>, Partial<Tally>]>([
    ['removed', removed(100), removed(101)],
    ['removed', { contacts: 50, ...removed(5) }, { contacts: 50, ...removed(6) }],
    ['removed', { contacts: 100_000, ...removed(250) }, { contacts: 100_000, ...removed(251) }],
    ['removed', { contacts: 8, ...removed(2) }, { contacts: 8, ...removed(3) }],
    ['removed', { contacts: 12, ...removed(3) }, { contacts: 11, ...removed(3) }],
    ['removed', { removedBefore: 90, ...removed(19) }, { removedBefore: 90, ...removed(20) }],
    ['changed', changed(750), changed(751)],
    ['changed', { contacts: 6, ...changed(5) }, { contacts: 6, ...changed(6) }],
    ['blanked', blanked(40, 100), blanked(41, 100)],
    ['blanked', blanked(5, 5), blanked(6, 6)],
    ['unreachable', unreachable(100), unreachable(101)],
    ['unreachable', { contacts: 10, ...unreachable(5) }, { contacts: 10, ...unreachable(6) }],
    ['unreachable', mobileless(100), mobileless(101)],
    ['unreachable', emailless(100), emailless(101)],
    ['emptiedGroups', group(2, 2), group(3, 3)],
    ['emptiedGroups', group(5, 5, { others: 1 }), group(5, 5)],
    ['emptiedGroups', group(5, 5, { gained: 1 }), group(5, 5)],
    ['resubscribed', { ...optedIn(5), optedOut: 5 }, { ...optedIn(6), optedOut: 6 }],
    ['resubscribed', { ...optedIn(6), optedOut: 600 }, { ...optedIn(6), optedOut: 599 }],
    ['resubscribed', { ...optedIn(1), optedOut: 9 }, { ...optedIn(1, 1), optedOut: 9 }],
    ['errors', { rowsWithErrors: 500 }, { rowsWithErrors: 501 }],
    ['shrunkGroups', group(10, 5, { others: 5 }), group(10, 6, { others: 6 })],
    ['shrunkGroups', group(12, 6, { others: 6 }), group(12, 7, { others: 7 })],
    ['shrunkGroups', group(50, 50, { gained: 25, others: 50 }), group(50, 50, { gained: 24, others: 50 })],
    ['identity', identity(20), identity(21)],
    ['identity', { contacts: 100, ...identity(3) }, { contacts: 100, ...identity(4) }],
    ['garbled', { garbled: found(20) }, { garbled: found(21) }],
    ['garbled', { contacts: 100, garbled: found(3) }, { contacts: 100, garbled: found(4) }],
    ['added', { added: found(1000) }, { added: found(1001) }],
    ['added', { contacts: 5, added: found(20) }, { contacts: 5, added: found(21) }],
    ['sameNumber', sameNumber(5), sameNumber(6)],
  ])('a plan is held for %s above the bound, and not at it (%o)', (limit, at, over) => {
    expect(held(at)).toEqual([])
    expect(held(over)).toEqual([limit])
  })

  it('the reasons are in the order of the limits, and their sentences have the numbers', () => {
    const reasons = judge({ ...QUIET, ...removed(600), ...changed(900), rowsWithErrors: 999 }, DEFAULTS)
    expect(reasons.map(({ limit }) => limit)).toEqual(['removed', 'changed', 'errors'])
    expect(reasons[2]?.message).toBe('999 of 1,000 rows cannot be read. The report names each problem.')
    const firstCause = 'numbers have no area code, in the column “Cell”'
    expect(judge({ ...QUIET, rowsWithErrors: 999, firstCause }, DEFAULTS)[0]?.message).toBe(
      '999 of 1,000 rows cannot be read. The first cause: numbers have no area code, in the column “Cell”.',
    )
    expect(reasons[0]).toMatchObject({ limit: 'removed', count: 600, of: 1000, parts: ['add', 'update', 'remove'] })
    expect(reasons[0]?.message).toMatch(
      /^600 of 1,000 contacts are missing from the file\. Was it saved with a filter on/,
    )
  })

  it('the sentence about missing contacts of a CRM speaks of no file', () => {
    const [reason] = judge({ ...QUIET, ...removed(600), records: true }, DEFAULTS)
    expect(reason?.message).toBe('600 of 1,000 contacts are missing from the source. Were its filters changed?')
  })

  it('a limit gives at most ten reasons, the largest ones, and says how many more there are', () => {
    const groups = Array.from({ length: 30 }, (_, i) => group(3 + i, 3 + i).groups[0] ?? [])
      .flat()
      .map((one, i) => ({ ...one, name: `Group ${i}` }))
    const messages = judge({ ...QUIET, groups }, limitsSchema.parse({ shrunkGroups: null })).map(
      ({ message }) => message,
    )
    expect(messages).toHaveLength(10)
    expect(messages[0]).toMatch(/^“Group 20” would go from 23 to 0 people\./)
    expect(messages[9]).toMatch(/^“Group 29”.* There are 20 more like it\.$/)
  })

  it('removals are counted together with those of the days before, and the sentence names both', () => {
    const [reason] = judge({ ...QUIET, ...removed(20), removedBefore: 90 }, DEFAULTS)
    expect(reason).toMatchObject({ count: 110, of: 1090, parts: ['remove'] })
    expect(reason?.message).toContain('after 90 that were removed without approval in the 7 days before')
    expect(held({ removedBefore: 500 })).toEqual([])
  })

  it('contacts without a last number are not also named as contacts without a mobile number', () => {
    expect(messagesOf(unreachable(200))).toHaveLength(1)
    const more = { unreachable: { numbers: found(200), mobiles: found(300), emails: found(400) } }
    expect(messagesOf(more).map((message) => message.slice(0, 3))).toEqual(['200', '300', '400'])
  })

  it('the sentence about identity names the more frequent cause: values of others, or other people', () => {
    const passed = { names: 0, numbers: 42, emails: 3 }
    const [numbers] = messagesOf({ identity: { ...NOBODY_ELSE, found: found(43), others: 1, passed } })
    expect(numbers).toContain('43 IDs would get a number of somebody else')
    const [others] = messagesOf({ identity: { ...NOBODY_ELSE, found: found(43), others: 40, passed } })
    expect(others).toContain('43 IDs would belong to somebody else')
    const [some] = messagesOf({ identity: { ...NOBODY_ELSE, found: found(43), others: 40, passed, complete: false } })
    expect(some).toMatch(/^At least 43/)
  })
})

describe('the sentences of the reasons', () => {
  it('a change of many contacts names the attribute that most of them would change', () => {
    expect(messagesOf(changed(900))).toEqual([
      '900 of 1,000 contacts would change their “Title”. Was a column moved or renamed?',
    ])
    expect(messagesOf(changed(900, 600))[0]).toContain('change their “Title” or other values.')
  })

  it('a sentence about people under new IDs, other people or damaged text has the first example', () => {
    const one = { id: 'E7', name: 'Ana', before: 'E1', after: 'E7' }
    const examples = (count: number) => ({ count, examples: [one] })
    expect(messagesOf({ rekeyed: examples(30) })).toEqual([
      '30 people seem to have new IDs, such as Ana: E1 → E7. Move them, or treat them as new people?',
    ])
    expect(messagesOf({ identity: { ...NOBODY_ELSE, found: examples(30), others: 30 } })).toEqual([
      '30 IDs would belong to somebody else, such as E7: E1 → E7. Was one column sorted without the others, or are IDs row numbers?',
    ])
    expect(messagesOf({ garbled: examples(30) })).toEqual([
      'The text of 30 contacts would be damaged, such as “E7”. Was the file saved in another encoding?',
    ])
  })
})

describe('a file that may not be complete', () => {
  it('removals of a file that may not be complete wait, whatever the limits, and the sentence says why', () => {
    const off = limitsSchema.parse(Object.fromEntries(LIMIT_KEYS.map((key) => [key, null])))
    const reasons = judge({ ...QUIET, ...removed(2), doubts: ['lineBreakGone', 'older'] }, off)
    expect(reasons).toMatchObject([{ limit: 'incomplete', count: 2, of: 1000, parts: ['remove'] }])
    expect(reasons[0]?.message).toMatch(
      /^The file may have been cut off after row 1,001: .* line break and .* older than/,
    )
    expect(held({ doubts: ['closingNew'], ...changed(3) })).toEqual([])
  })
})

describe('the parts of a plan that wait', () => {
  const partsOf = (tally: Partial<Tally>) => judge({ ...QUIET, ...tally }, DEFAULTS).map(({ parts }) => parts)

  it('only removals wait, unless more than half of the contacts would be removed', () => {
    expect(partsOf(removed(500))).toEqual([['remove']])
    expect(partsOf(removed(501))).toEqual([['add', 'update', 'remove']])
    expect(partsOf(removed(1000))).toEqual([['add', 'update', 'remove']])
  })

  it('over a limit on updates, adds and removals do not wait; over the limit on errors, every part waits', () => {
    expect(partsOf({ ...changed(900), ...unreachable(900) })).toEqual([['update'], ['update']])
    expect(partsOf({ added: found(1001), ...sameNumber(6) })).toEqual([['add'], ['add', 'update']])
    expect(partsOf({ rowsWithErrors: 900 })).toEqual([['add', 'update', 'remove']])
  })

  it('updates do not wait for a group that only removals make small', () => {
    expect(partsOf(group(5, 5))).toEqual([['update', 'remove']])
    expect(partsOf(group(5, 5, { gone: 5 }))).toEqual([['remove']])
    expect(partsOf(group(20, 15, { gone: 7, others: 8 }))).toEqual([['remove']])
    expect(partsOf(group(20, 15, { gone: 3, others: 12 }))).toEqual([['update', 'remove']])
  })

  it('an opt-out that was made here and would end with a contact that returns holds the adds too', () => {
    const resubscribed = { all: found(1), here: found(1), returning: true }
    expect(partsOf({ resubscribed })).toEqual([['add', 'update']])
  })
})

describe('the first applied import of a source', () => {
  const everything: Partial<Tally> = {
    first: true,
    contacts: 10,
    ...removed(9),
    ...changed(1000),
    ...unreachable(10),
    ...blanked(100, 100),
    ...group(9, 9),
    ...optedIn(9, 9),
    garbled: found(10),
    added: found(100),
    ...identity(10),
  }

  it('a first import is held by no limit except those on errors, adopted contacts and one number for many', () => {
    expect(held(everything)).toEqual([])
    expect(held({ ...everything, rowsWithErrors: 501 })).toEqual(['errors'])
    const adopted = { count: 100, others: found(4) }
    expect(held({ ...everything, identity: { ...NOBODY_ELSE, adopted } })).toEqual(['identity'])
    expect(held({ ...everything, ...sameNumber(6) })).toEqual(['sameNumber'])
  })
})

describe('other settings of the limits', () => {
  const off = limitsSchema.parse(Object.fromEntries(LIMIT_KEYS.map((key) => [key, null])))

  it('a plan over every limit is not held if all limits are off', () => {
    expect(
      held(
        {
          ...removed(999),
          ...changed(999),
          ...unreachable(999),
          ...optedIn(99, 99),
          rowsWithErrors: 1000,
          ...group(9, 9),
          ...blanked(99, 99),
          ...identity(99),
          ...sameNumber(99),
          garbled: found(99),
          added: found(9999),
        },
        off,
      ),
    ).toEqual([])
  })

  it('a plan that removes all contacts of a source is always held, even one contact and in a first import', () => {
    expect(held(removed(1000), off)).toEqual(['removed'])
    expect(held({ contacts: 1, ...removed(1), first: true }, off)).toEqual(['removed'])
    expect(held({ contacts: 0, ...removed(0) }, off)).toEqual([])
  })

  it('a plan that removes a manual contact is always held', () => {
    expect(held({ ...removed(1), removedManual: 1, first: true }, off)).toEqual(['removed'])
    expect(judge({ ...QUIET, ...removed(1), removedManual: 1 }, off)[0]?.message).toContain('by hand')
  })

  it('the first plan with changes after an undo is held, and a plan without changes is not', () => {
    expect(held({ afterUndo: true, changes: 3 }, off)).toEqual(['afterUndo'])
    expect(held({ afterUndo: true, changes: 0 }, off)).toEqual([])
    expect(held({ changes: 3 }, off)).toEqual([])
  })

  it('a limit of 0 % holds a plan with a single removal', () => {
    expect(held(removed(1), limitsSchema.parse({ removed: { percent: 0, atLeast: 1 } }))).toEqual(['removed'])
  })
})

describe('the schema of the limits', () => {
  it('a limit that is left out has its default, and so has a number that is left out', () => {
    expect(DEFAULTS).toEqual(Object.fromEntries(LIMIT_KEYS.map((key) => [key, LIMITS[key].default])))
    const limits = limitsSchema.parse({ removed: { percent: 20 }, errors: null })
    expect([limits.removed, limits.errors]).toEqual([{ ...LIMITS.removed.default, percent: 20 }, null])
    const { small } = limitsSchema.parse({ removed: { small: { percent: 50 } } }).removed ?? {}
    expect(small).toEqual({ percent: 50, atLeast: 3 })
  })

  it('a source may be allowed to grow to more than twice its size without a person', () => {
    expect(limitsSchema.parse({ added: { percent: 300 } }).added).toEqual({ percent: 300, atLeast: 21 })
  })

  it.each([
    { removed: { percent: 101 } },
    { removed: { atLeast: 0 } },
    { removed: { small: { atLeast: 0 } } },
    { errors: { percent: '5' } },
    { errors: 5 },
  ])('the schema refuses an invalid limit (%o)', (limits) => {
    expect(limitsSchema.safeParse(limits).success).toBe(false)
  })
})
