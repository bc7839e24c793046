import { readDate } from '../../core/values/date.ts'

const HOUR = 60 * 60_000
/** Connect's dates name no time zone. In the zone furthest behind, a clock shows twelve hours less than UTC. */
const FARTHEST_ZONE = 12 * HOUR
const CLOCK = /\b(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP])?\.?M?/i

/**
 * Returns whether a contact with the modified date `text` (`05 Oct 2019 12:00 AM`, in an unknown time zone) may have
 * been changed since `since`, in milliseconds since 1970. In doubt the answer is true: to fetch a contact needlessly
 * costs nothing here. A time of midnight may mean any time of its day.
 */
export function mayHaveChanged(text: string, since: number): boolean {
  const day = readDate(text.trim(), 'US')
  if (day === null) return true
  const time = timeOfDay(text)
  const latest = Date.parse(`${day}T00:00:00Z`) + (time === 0 ? 24 * HOUR : time + 60_000)
  return latest >= since - FARTHEST_ZONE
}

/**
 * Returns the date to send to a service when asking for changes, in the service's own format. It is early enough in any
 * zone, and also if the service's dates have no time.
 */
export function askedSince(since: number): string {
  return connectDate(new Date(since - FARTHEST_ZONE - 24 * HOUR))
}

/** Formats a date as Connect does, in UTC: `05 Oct 2019 12:00 AM`. */
export function connectDate(date: Date): string {
  const [, day, month, year] = date.toUTCString().split(' ')
  const hours = date.getUTCHours()
  const time = `${String(hours % 12 || 12).padStart(2, '0')}:${String(date.getUTCMinutes()).padStart(2, '0')}`
  return `${day} ${month} ${year} ${time} ${hours < 12 ? 'AM' : 'PM'}`
}

/** Returns milliseconds after midnight; 0 if the text has no time. */
function timeOfDay(text: string): number {
  const [, hours, minutes, seconds, half] = CLOCK.exec(text) ?? []
  if (hours === undefined || minutes === undefined) return 0
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toUpperCase() === 'P' ? 12 : 0)
  return ((hour * 60 + Number(minutes)) * 60 + Number(seconds ?? 0)) * 1000
}
