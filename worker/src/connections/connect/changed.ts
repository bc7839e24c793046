import { readDate } from '../../core/values/date.ts'

const HOUR = 60 * 60_000
/** Connect's dates name no zone: on the day line's far side a clock shows twelve hours less than UTC. */
const FARTHEST_ZONE = 12 * HOUR
const CLOCK = /\b(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP])?\.?M?/i

/**
 * Whether a contact whose modified date reads `text` (`05 Oct 2019 12:00 AM`, in nobody knows which zone) may have been changed
 * since `since`, in milliseconds since 1970. In doubt it may: a contact that is fetched needlessly costs nothing here. A
 * time of midnight may stand for any time of its day.
 */
export function mayHaveChanged(text: string, since: number): boolean {
  const day = readDate(text.trim(), 'US')
  if (day === null) return true
  const time = timeOfDay(text)
  const latest = Date.parse(`${day}T00:00:00Z`) + (time === 0 ? 24 * HOUR : time + 60_000)
  return latest >= since - FARTHEST_ZONE
}

/** From when on a service is to be asked for changes, as it writes dates: early enough in any zone, midnight or not. */
export function askedSince(since: number): string {
  return connectDate(new Date(since - FARTHEST_ZONE - 24 * HOUR))
}

/** A date as Connect writes it, in UTC: `05 Oct 2019 12:00 AM`. */
export function connectDate(date: Date): string {
  const [, day, month, year] = date.toUTCString().split(' ')
  const hours = date.getUTCHours()
  const time = `${String(hours % 12 || 12).padStart(2, '0')}:${String(date.getUTCMinutes()).padStart(2, '0')}`
  return `${day} ${month} ${year} ${time} ${hours < 12 ? 'AM' : 'PM'}`
}

/** Milliseconds after midnight; 0 where there is no time. */
function timeOfDay(text: string): number {
  const [, hours, minutes, seconds, half] = CLOCK.exec(text) ?? []
  if (hours === undefined || minutes === undefined) return 0
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toUpperCase() === 'P' ? 12 : 0)
  return ((hour * 60 + Number(minutes)) * 60 + Number(seconds ?? 0)) * 1000
}
