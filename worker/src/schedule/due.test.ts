import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Schedule } from '../core/source.ts'
import { CATCH_UP_MS, lastDue, nextRuns } from './due.ts'

type Weekly = Extract<Schedule, { kind: 'weekly' }>

const EVERY_DAY: Weekly['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const daily = (timeZone: string, ...times: string[]): Weekly => ({ kind: 'weekly', days: EVERY_DAY, times, timeZone })
const nightly = (from: string, to: string, timeZone = 'America/New_York'): Schedule => ({
  kind: 'nightly',
  from,
  to,
  timeZone,
})

function runs(schedule: Schedule, after: string, count: number, sourceId = 'src'): string[] {
  return nextRuns(schedule, sourceId, new Date(after), count).map((run) => run.toISOString().replace(':00.000Z', 'Z'))
}

function localClock(instant: Date, timeZone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone)
  return local.toPlainDateTime().toString({ smallestUnit: 'minute' })
}

describe('a weekly schedule', () => {
  it('a weekly schedule runs on its days at its times in its zone, even if they are listed in another order', () => {
    const schedule: Weekly = {
      kind: 'weekly',
      days: ['thu', 'mon'],
      times: ['14:00', '02:30'],
      timeZone: 'America/New_York',
    }
    expect(runs(schedule, '2027-01-03T00:00:00Z', 5)).toEqual([
      '2027-01-04T07:30Z',
      '2027-01-04T19:00Z',
      '2027-01-07T07:30Z',
      '2027-01-07T19:00Z',
      '2027-01-11T07:30Z',
    ])
  })

  it('a run at the given time itself is not among the next runs', () => {
    expect(runs(daily('UTC', '02:30'), '2027-01-03T02:30:00Z', 1)).toEqual(['2027-01-04T02:30Z'])
    expect(runs(daily('UTC', '02:30'), '2027-01-03T02:29:59.999Z', 1)).toEqual(['2027-01-03T02:30Z'])
  })

  it('a weekly schedule uses the day of the week in its zone, not in UTC', () => {
    const schedule: Weekly = { kind: 'weekly', days: ['mon'], times: ['08:00'], timeZone: 'Asia/Tokyo' }
    expect(runs(schedule, '2027-01-03T00:00:00Z', 1)).toEqual(['2027-01-03T23:00Z'])
  })

  it('a weekly schedule runs across the end of a year and a leap day', () => {
    expect(runs(daily('Europe/Berlin', '00:15'), '2027-12-30T23:15:00Z', 2)).toEqual([
      '2027-12-31T23:15Z',
      '2028-01-01T23:15Z',
    ])
    expect(runs(daily('UTC', '12:00'), '2028-02-28T12:00:00Z', 2)).toEqual(['2028-02-29T12:00Z', '2028-03-01T12:00Z'])
  })

  it('a day or a time that is listed twice counts once', () => {
    const schedule: Weekly = { kind: 'weekly', days: ['mon', 'mon'], times: ['02:30', '02:30'], timeZone: 'UTC' }
    expect(runs(schedule, '2027-01-03T00:00:00Z', 2)).toEqual(['2027-01-04T02:30Z', '2027-01-11T02:30Z'])
  })

  it.each(['Asia/Kolkata', 'America/Phoenix', 'UTC'])(
    'a weekly schedule keeps its time all year in %s, which has one offset',
    (zone) => {
      const clocks = nextRuns(daily(zone, '02:30'), 'src', new Date('2027-01-01T00:00:00Z'), 366)
      const steps = clocks.slice(1).map((run, i) => run.getTime() - (clocks[i]?.getTime() ?? 0))
      expect(new Set(steps)).toEqual(new Set([24 * 60 * 60 * 1000]))
    },
  )
})

describe('where the clocks change', () => {
  it.each([
    // Vancouver's dates are historic: British Columbia stopped changing its clocks in 2026.
    ['America/Vancouver', '02:30', '2025-03-08T20:00:00Z', '2025-03-09T10:30Z', '2025-03-10T09:30Z'],
    ['America/New_York', '02:30', '2027-03-13T20:00:00Z', '2027-03-14T07:30Z', '2027-03-15T06:30Z'],
    ['Europe/Berlin', '02:00', '2027-03-27T20:00:00Z', '2027-03-28T01:00Z', '2027-03-29T00:00Z'],
    ['Australia/Lord_Howe', '02:15', '2027-10-02T10:00:00Z', '2027-10-02T15:45Z', '2027-10-03T15:15Z'],
  ])('a time that %s skips (%s) runs once that day, after the gap', (zone, time, after, onTheDay, nextDay) => {
    expect(runs(daily(zone, time), after, 2)).toEqual([onTheDay, nextDay])
  })

  it.each([
    ['America/Vancouver', '01:30', '2025-11-01T20:00:00Z', '2025-11-02T08:30Z', '2025-11-03T09:30Z'],
    ['America/New_York', '01:30', '2027-11-06T20:00:00Z', '2027-11-07T05:30Z', '2027-11-08T06:30Z'],
    ['Europe/Berlin', '02:30', '2027-10-30T20:00:00Z', '2027-10-31T00:30Z', '2027-11-01T01:30Z'],
    ['Australia/Lord_Howe', '01:45', '2027-04-03T10:00:00Z', '2027-04-03T14:45Z', '2027-04-04T15:15Z'],
  ])('a time that %s has twice (%s) runs only the first time', (zone, time, after, onTheDay, nextDay) => {
    expect(runs(daily(zone, time), after, 2)).toEqual([onTheDay, nextDay])
  })

  it('the next run after the first of two equal local times is on the next day', () => {
    expect(runs(daily('America/New_York', '01:30'), '2027-11-07T05:30:00Z', 1)).toEqual(['2027-11-08T06:30Z'])
  })

  it('two times that fall on one instant run once', () => {
    const schedule = daily('America/New_York', '02:30', '03:30')
    expect(runs(schedule, '2027-03-14T00:00:00Z', 3)).toEqual([
      '2027-03-14T07:30Z',
      '2027-03-15T06:30Z',
      '2027-03-15T07:30Z',
    ])
  })

  it('a time skipped at the end of a day is in order with the first time of the next day', () => {
    // Nuuk's clocks go from 23:00 on Saturday straight to midnight.
    const schedule = daily('America/Nuuk', '23:30', '00:15')
    expect(runs(schedule, '2027-03-28T00:00:00Z', 3)).toEqual([
      '2027-03-28T01:15Z',
      '2027-03-28T01:30Z',
      '2027-03-29T00:30Z',
    ])
    expect(runs(schedule, '2027-03-28T00:00:00Z', 1)).toEqual(['2027-03-28T01:15Z'])
  })

  it('a day that a zone skipped has no run of its own', () => {
    // Samoa went from 29 to 31 December 2011.
    expect(runs(daily('Pacific/Apia', '02:30'), '2011-12-29T00:00:00Z', 3)).toEqual([
      '2011-12-29T12:30Z',
      '2011-12-30T12:30Z',
      '2011-12-31T12:30Z',
    ])
  })
})

describe('a nightly schedule', () => {
  it('a nightly schedule runs every night at the same minute inside the window', () => {
    const clocks = nextRuns(nightly('01:00', '04:00'), 'src', new Date('2027-01-01T00:00:00Z'), 60).map(
      (run) => localClock(run, 'America/New_York').split('T')[1] ?? '',
    )
    expect(new Set(clocks).size).toBe(1)
    expect(clocks[0] ?? '').toMatch(/^0[1-3]:\d\d$/)
  })

  it('nightly schedules spread sources over the whole window', () => {
    const minutes = new Set<string>()
    for (let i = 0; i < 4000; i++)
      minutes.add(runs(nightly('01:00', '04:00'), '2027-01-01T00:00:00Z', 1, `s${i}`)[0] ?? '')
    expect([...minutes].sort().at(0)).toBe('2027-01-01T06:00Z')
    expect([...minutes].sort().at(-1)).toBe('2027-01-01T08:59Z')
    expect(minutes.size).toBe(180)
  })

  it('a nightly source keeps its minute from one release to the next', () => {
    expect(runs(nightly('01:00', '04:00', 'UTC'), '2027-01-01T00:00:00Z', 1, 'src_1')).toEqual(['2027-01-01T03:41Z'])
  })

  it('the window of a nightly schedule may cross midnight', () => {
    const clocks = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
      (id) => runs(nightly('23:00', '01:00', 'UTC'), '2027-06-01T12:00:00Z', 1, id)[0] ?? '',
    )
    for (const clock of clocks) expect(clock).toMatch(/^2027-06-01T23:|^2027-06-02T00:/)
    expect(new Set(clocks.map((clock) => clock.slice(0, 10))).size).toBe(2)
  })

  it('a window across midnight runs once a night while the clocks change', () => {
    for (const after of ['2027-03-01T12:00:00Z', '2027-11-01T12:00:00Z']) {
      for (const id of ['a', 'b', 'c', 'd']) {
        const found = nextRuns(nightly('22:00', '04:00'), id, new Date(after), 28)
        const days = found.map((run) => localClock(run, 'America/New_York').slice(0, 10))
        expect(new Set(days).size).toBe(28)
      }
    }
  })

  it('a window without length is its one minute', () => {
    expect(runs(nightly('03:20', '03:20', 'UTC'), '2027-01-01T00:00:00Z', 1)).toEqual(['2027-01-01T03:20Z'])
  })
})

describe('the run that is due', () => {
  const schedule = daily('UTC', '02:00', '03:00')
  const at = (clock: string) => new Date(`2027-01-05T${clock}Z`)
  const due = (now: string, since: string) => lastDue(schedule, 'src', at(now), at(since))

  it('a run is due from its time on, until it has been acted on', () => {
    expect(due('01:59:59.999', '00:00:00')).toBeNull()
    expect(due('02:00:00', '00:00:00')).toEqual(at('02:00:00'))
    expect(due('02:07:00', '00:00:00')).toEqual(at('02:00:00'))
    expect(due('02:07:00', '02:00:00')).toBeNull()
  })

  it('several missed runs are caught up once, as the latest of them', () => {
    expect(due('05:00:00', '00:00:00')).toEqual(at('03:00:00'))
  })

  it('a missed run is not caught up after six hours', () => {
    expect(CATCH_UP_MS).toBe(21_600_000)
    expect(due('08:59:59.999', '00:00:00')).toEqual(at('03:00:00'))
    expect(due('09:00:00', '00:00:00')).toBeNull()
  })

  it('no run from before the last edit of the schedule is due', () => {
    expect(due('03:30:00', '03:10:00')).toBeNull()
  })
})

describe('for any schedule', () => {
  const clock = fc
    .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.constantFrom(0, 7, 15, 30, 45, 59) })
    .map(({ hour, minute }) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
  const zone = fc.constantFrom(
    'America/Vancouver',
    'America/New_York',
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'America/Nuuk',
    'Africa/Cairo',
    'UTC',
  )
  const weekly: fc.Arbitrary<Weekly> = fc.record({
    kind: fc.constant('weekly'),
    days: fc.uniqueArray(fc.constantFrom(...EVERY_DAY), { minLength: 1 }),
    times: fc.uniqueArray(clock, { minLength: 1, maxLength: 3 }),
    timeZone: zone,
  })
  const night: fc.Arbitrary<Schedule> = fc.record({
    kind: fc.constant('nightly'),
    from: clock,
    to: clock,
    timeZone: zone,
  })
  const instant = fc
    .integer({ min: Date.UTC(2025, 0, 1) / 1000, max: Date.UTC(2029, 0, 1) / 1000 })
    .map((seconds) => new Date(seconds * 1000))

  it('each matching local day has exactly one run for each of its times', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1400 }),
        zone,
        clock,
        fc.subarray(EVERY_DAY, { minLength: 1 }),
        (n, timeZone, time, days) => {
          const day = Temporal.PlainDate.from('2025-01-01').add({ days: n })
          const start = day.toZonedDateTime({ timeZone }).epochMilliseconds
          const end = day.add({ days: 1 }).toZonedDateTime({ timeZone }).epochMilliseconds
          const found = nextRuns({ kind: 'weekly', days, times: [time], timeZone }, 'src', new Date(start - 1), 2)
          const onTheDay = found.filter((run) => run.getTime() < end)
          // Nuuk's gap is at midnight: a time that the gap skips runs in the first hour of the next day.
          fc.pre(!(timeZone === 'America/Nuuk' && /^(23|00):/.test(time)))
          expect(onTheDay).toHaveLength(days.includes(EVERY_DAY[day.dayOfWeek - 1] ?? 'mon') ? 1 : 0)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('the next runs are strictly increasing, after the given time, and the same if computed one by one', () => {
    fc.assert(
      fc.property(fc.oneof(weekly, night), fc.string(), instant, (schedule, id, after) => {
        const all = nextRuns(schedule, id, after, 4)
        expect(all).toHaveLength(4)
        let previous = after
        for (const run of all) {
          expect(run.getTime()).toBeGreaterThan(previous.getTime())
          expect(nextRuns(schedule, id, previous, 1)).toEqual([run])
          previous = run
        }
      }),
      { numRuns: 200 },
    )
  })

  it('the due run agrees with the next runs', () => {
    fc.assert(
      fc.property(
        fc.oneof(weekly, night),
        fc.string(),
        instant,
        fc.integer({ min: 0, max: 600 }),
        (schedule, id, now, minutes) => {
          const since = new Date(now.getTime() - minutes * 60_000)
          const from = new Date(Math.max(since.getTime(), now.getTime() - CATCH_UP_MS))
          const passed = nextRuns(schedule, id, from, 20).filter((run) => run <= now)
          expect(lastDue(schedule, id, now, since)).toEqual(passed.at(-1) ?? null)
        },
      ),
      { numRuns: 200 },
    )
  })
})
