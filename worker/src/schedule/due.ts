import * as Instant from 'temporal-polyfill/fns/Instant'
import * as PlainDate from 'temporal-polyfill/fns/PlainDate'
import * as PlainDateTime from 'temporal-polyfill/fns/PlainDateTime'
import * as PlainTime from 'temporal-polyfill/fns/PlainTime'
import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime'
import type { Schedule } from '../core/source.ts'

/** How long after its due time a missed run is still caught up, in milliseconds (design: Schedules). */
export const CATCH_UP_MS = 6 * 60 * 60 * 1000

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const MINUTES_A_DAY = 24 * 60

/** A schedule as minutes after midnight on some days of the week (1 is Monday) in a zone. */
interface LocalTimes {
  days: ReadonlySet<number>
  minutes: number[]
  timeZone: string
}

/**
 * Returns the next `count` (at least 1) runs strictly after `after`, in order, each once. A local time that the clocks
 * skip runs as long after the gap as it would have been after its start; a local time that occurs twice runs the first
 * time (invariant 10).
 */
export function nextRuns(schedule: Schedule, sourceId: string, after: Date, count: number): Date[] {
  const times = localTimes(schedule, sourceId)
  const found = new Set<number>()
  let day = PlainDate.subtractDays(localDay(after, times.timeZone), 1)
  // A gap can push the last run of a day past the first run of the next day, so one more day is computed than needed.
  for (let spareDays = 1; found.size < count || spareDays > 0; day = PlainDate.addDays(day, 1)) {
    if (found.size >= count) spareDays -= 1
    for (const run of runsOn(day, times)) if (run > after.getTime()) found.add(run)
  }
  return inOrder(found).slice(0, count)
}

/**
 * Returns the latest due time in (`since`, `now`] that is no more than six hours old, or null. `since` is the later of
 * the schedule's last edit and the last due time that was acted on, so a due time is returned until it is acted on, and
 * never from before an edit.
 */
export function lastDue(schedule: Schedule, sourceId: string, now: Date, since: Date): Date | null {
  const from = Math.max(since.getTime(), now.getTime() - CATCH_UP_MS)
  const times = localTimes(schedule, sourceId)
  const last = PlainDate.addDays(localDay(now, times.timeZone), 1)
  const found = new Set<number>()
  for (let daysBack = 0; daysBack <= 3; daysBack++) {
    for (const run of runsOn(PlainDate.subtractDays(last, daysBack), times)) {
      if (run > from && run <= now.getTime()) found.add(run)
    }
  }
  return inOrder(found).at(-1) ?? null
}

function localTimes(schedule: Schedule, sourceId: string): LocalTimes {
  const { timeZone } = schedule
  if (schedule.kind === 'weekly') {
    const days = new Set(schedule.days.map((day) => WEEKDAYS.indexOf(day) + 1))
    return { days, minutes: schedule.times.map(minuteOfDay), timeZone }
  }
  const from = minuteOfDay(schedule.from)
  const length = (minuteOfDay(schedule.to) - from + MINUTES_A_DAY) % MINUTES_A_DAY
  const offset = length === 0 ? 0 : hash(sourceId) % length
  return { days: new Set([1, 2, 3, 4, 5, 6, 7]), minutes: [(from + offset) % MINUTES_A_DAY], timeZone }
}

function minuteOfDay(clock: string): number {
  const [hour, minute] = clock.split(':').map(Number)
  return (hour ?? 0) * 60 + (minute ?? 0)
}

/** FNV-1a over UTF-16 code units. It must never change, or every nightly source moves to another minute. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}

function localDay(instant: Date, timeZone: string): PlainDate.Record {
  const local = Instant.toZonedDateTimeISO(Instant.fromEpochMilliseconds(instant.getTime()), timeZone)
  return ZonedDateTime.toPlainDate(local)
}

/** Returns instants in milliseconds since 1970. They may be unordered and repeated on a day when the clocks change. */
function runsOn(day: PlainDate.Record, times: LocalTimes): number[] {
  if (!times.days.has(PlainDate.dayOfWeek(day))) return []
  return times.minutes.map((minutes) => {
    const local = PlainDate.toPlainDateTime(day, PlainTime.create(Math.floor(minutes / 60), minutes % 60))
    return PlainDateTime.toZonedDateTime(local, times.timeZone, { disambiguation: 'compatible' }).epochMilliseconds
  })
}

function inOrder(instants: ReadonlySet<number>): Date[] {
  return [...instants].sort((a, b) => a - b).map((instant) => new Date(instant))
}
