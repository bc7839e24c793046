import { expect, it } from 'vitest'
import { sourceSettingsSchema } from '../core/source.ts'
import { changedSince, fetchesChanges, scheduledFetch, watermarksOf, watermarkWithout } from './watermark.ts'

const DAY = 24 * 60 * 60_000
const now = 1000 * DAY

function source(
  settings: { changesOnly?: boolean; removal?: 'remove' | 'keep' },
  watermark: Parameters<typeof watermarkWithout>[1]['watermark'],
  kind = 'connect',
) {
  const connection = { kind, url: 'https://crm.example.org/', username: null, password: null } as never
  return { connection, settings: sourceSettingsSchema.parse(settings), settingsHash: 'new', watermark }
}

const watermark = (at: number, fullAt: number | null = at, settingsHash = 'new') => ({ at, settingsHash, fullAt })

it('the first run fetches every contact, and a later run those changed since the previous fetch, with an overlap', () => {
  const first = source({ changesOnly: true }, null)
  expect(changedSince({ fetch: 'changes' }, first)).toBeNull()
  const after = watermarksOf({ fetch: 'changes' }, first, now)?.after ?? null
  expect(after?.at).toBeLessThan(now)
  expect(after?.at).toBeGreaterThan(now - DAY)
  expect(changedSince({ fetch: 'changes' }, source({ changesOnly: true }, after))).toBe(after?.at)
  expect(changedSince({ fetch: 'all' }, source({ changesOnly: true }, after))).toBeNull()
})

it('a run under new settings fetches every contact again', () => {
  expect(
    changedSince({ fetch: 'changes' }, source({ changesOnly: true }, watermark(now - DAY, null, 'old'))),
  ).toBeNull()
})

it('a source that removes missing contacts has a full run each week, and one that keeps them has none', () => {
  const removing = (watermark: Parameters<typeof source>[1]) =>
    source({ changesOnly: true, removal: 'remove' }, watermark)
  expect(scheduledFetch(removing(null), now)).toBe('all')
  expect(scheduledFetch(removing(watermark(now - DAY, null)), now)).toBe('all')
  expect(scheduledFetch(removing(watermark(now - DAY, now - 6 * DAY)), now)).toBe('changes')
  // A week may be an hour shorter because the clocks changed, and a run takes a moment to begin.
  expect(scheduledFetch(removing(watermark(now - DAY, now - 7 * DAY + 2 * 60 * 60_000)), now)).toBe('all')
  expect(scheduledFetch(removing(watermark(now - DAY, now - DAY, 'old')), now)).toBe('all')
  expect(scheduledFetch(source({ changesOnly: true, removal: 'keep' }, watermark(0)), now)).toBe('changes')
  expect(scheduledFetch(source({ changesOnly: false }, watermark(0)), now)).toBe('all')
})

it('a full run records when it began, and a run of changes keeps that time', () => {
  const before = watermark(now - DAY, now - 3 * DAY)
  expect(watermarksOf({ fetch: 'all' }, source({}, before), now)?.after.fullAt).toBe(now)
  expect(watermarksOf({ fetch: 'changes' }, source({}, before), now)?.after.fullAt).toBe(now - 3 * DAY)
})

it('an undo moves the watermark back to its value before the undone run, and never forward', () => {
  const undone = { watermark: { before: watermark(100), after: watermark(200) } }
  expect(watermarkWithout(undone, { watermark: watermark(200) })).toEqual(watermark(100))
  expect(watermarkWithout(undone, { watermark: watermark(50) })).toEqual(watermark(50))
  expect(
    watermarkWithout({ watermark: { before: null, after: watermark(200) } }, { watermark: watermark(200) }),
  ).toBeNull()
})

it('a source of files has no watermark, and always fetches the whole file', () => {
  const files = source({ changesOnly: true }, null, 'https')
  expect(fetchesChanges(files)).toBe(false)
  expect(watermarksOf({ fetch: 'all' }, files, now)).toBeNull()
})
