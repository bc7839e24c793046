import { expect, it } from 'vitest'
import { sourceSettingsSchema } from '../core/source.ts'
import { changedSince, fetchesChanges, marksOf, markWithout, scheduledFetch } from './mark.ts'

const DAY = 24 * 60 * 60_000
const now = 1000 * DAY

function source(
  settings: { changesOnly?: boolean; removal?: 'remove' | 'keep' },
  mark: Parameters<typeof markWithout>[1]['mark'],
  kind = 'connect',
) {
  const connection = { kind, url: 'https://crm.example.org/', username: null, password: null } as never
  return { connection, settings: sourceSettingsSchema.parse(settings), settingsHash: 'new', mark }
}

const mark = (at: number, fullAt: number | null = at, settingsHash = 'new') => ({ at, settingsHash, fullAt })

it('the first run fetches everything, and later ones what changed since the fetch before, less an overlap', () => {
  const first = source({ changesOnly: true }, null)
  expect(changedSince({ fetch: 'changes' }, first)).toBeNull()
  const after = marksOf({ fetch: 'changes' }, first, now)?.after ?? null
  expect(after?.at).toBeLessThan(now)
  expect(after?.at).toBeGreaterThan(now - DAY)
  expect(changedSince({ fetch: 'changes' }, source({ changesOnly: true }, after))).toBe(after?.at)
  expect(changedSince({ fetch: 'all' }, source({ changesOnly: true }, after))).toBeNull()
})

it('under new settings everything is fetched again', () => {
  expect(changedSince({ fetch: 'changes' }, source({ changesOnly: true }, mark(now - DAY, null, 'old')))).toBeNull()
})

it('a source that removes has a full run each week, and one that keeps has none', () => {
  const removing = (mark: Parameters<typeof source>[1]) => source({ changesOnly: true, removal: 'remove' }, mark)
  expect(scheduledFetch(removing(null), now)).toBe('all')
  expect(scheduledFetch(removing(mark(now - DAY, null)), now)).toBe('all')
  expect(scheduledFetch(removing(mark(now - DAY, now - 6 * DAY)), now)).toBe('changes')
  // The clocks may have changed in between, and a run takes a moment to begin.
  expect(scheduledFetch(removing(mark(now - DAY, now - 7 * DAY + 2 * 60 * 60_000)), now)).toBe('all')
  expect(scheduledFetch(removing(mark(now - DAY, now - DAY, 'old')), now)).toBe('all')
  expect(scheduledFetch(source({ changesOnly: true, removal: 'keep' }, mark(0)), now)).toBe('changes')
  expect(scheduledFetch(source({ changesOnly: false }, mark(0)), now)).toBe('all')
})

it('a full run notes when it began, and a run of changes keeps that', () => {
  const before = mark(now - DAY, now - 3 * DAY)
  expect(marksOf({ fetch: 'all' }, source({}, before), now)?.after.fullAt).toBe(now)
  expect(marksOf({ fetch: 'changes' }, source({}, before), now)?.after.fullAt).toBe(now - 3 * DAY)
})

it('an undo moves the mark back to before the run that it takes back, and never forward', () => {
  const undone = { mark: { before: mark(100), after: mark(200) } }
  expect(markWithout(undone, { mark: mark(200) })).toEqual(mark(100))
  expect(markWithout(undone, { mark: mark(50) })).toEqual(mark(50))
  expect(markWithout({ mark: { before: null, after: mark(200) } }, { mark: mark(200) })).toBeNull()
})

it('files have no mark, and are always fetched whole', () => {
  const files = source({ changesOnly: true }, null, 'https')
  expect(fetchesChanges(files)).toBe(false)
  expect(marksOf({ fetch: 'all' }, files, now)).toBeNull()
})
