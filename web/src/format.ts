/** The viewer’s kind of English, so that dates read as the viewer writes them and match the rest of the page. */
const LOCALE = navigator.languages.find((language) => language.startsWith('en')) ?? 'en-CA'

/** The viewer’s IANA time zone. */
export const VIEWER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone

const whole = new Intl.NumberFormat(LOCALE)
const tenths = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 })

const formatters = new Map<string, Intl.DateTimeFormat>()

/** Returns the formatter for some options. To make one takes a hundred times as long as to format a date, so each is made once. */
function dates(options: Intl.DateTimeFormatOptions, locale = LOCALE): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(locale, options)
  formatters.set(key, made)
  return made
}

/** `1234` → `1,234`. */
export function count(value: number): string {
  return whole.format(value)
}

/** `1, 'contact'` → `1 contact`; the plural takes an s unless given. */
export function countOf(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** A file size in bytes for people: `812 bytes`, `11.2 MB`. */
export function bytes(size: number): string {
  if (size < 1000) return countOf(size, 'byte')
  if (size < 1_000_000) return `${tenths.format(size / 1000)} KB`
  return `${tenths.format(size / 1_000_000)} MB`
}

/** An ISO 8601 instant as date, time and zone in an IANA zone: `Thu, Nov 26, 2:30 a.m. PST`; another year is named. */
export function dateTime(at: string, timeZone = VIEWER_ZONE): string {
  const date = new Date(at)
  const thisYear = date.getFullYear() === new Date().getFullYear()
  return dates({
    ...(thisYear ? {} : { year: 'numeric' }),
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(date)
}

/** An ISO 8601 instant as a date in an IANA zone: `Thu, Nov 26`. */
export function dateOf(at: string, timeZone: string): string {
  const date = { weekday: 'short', month: 'short', day: 'numeric', timeZone } as const
  return dates(date).format(new Date(at))
}

/** An ISO 8601 instant as the viewer’s weekday and time, for use beside a full date: `Thu 5:30 a.m. EST`. */
export function dayTime(at: string): string {
  return dates({
    weekday: 'short',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(at))
}

/** Returns whether two zones show different times at an instant. */
export function differs(at: string, zone: string, other = VIEWER_ZONE): boolean {
  const clock = (timeZone: string) =>
    dates({ timeZone, dateStyle: 'short', timeStyle: 'short' }, 'en').format(new Date(at))
  return clock(zone) !== clock(other)
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' })

/** An instant as seen from `now` (milliseconds since 1970): `3 minutes ago`, `tomorrow`, `just now`. */
export function ago(at: string, now: number): string {
  const difference = Date.parse(at) - now
  for (const [unit, length] of STEPS) {
    if (Math.abs(difference) >= length) return relative.format(Math.trunc(difference / length), unit)
  }
  return difference > 0 ? 'in a moment' : 'just now'
}

/** Returns a date, `2026-03-04`, as the viewer writes it: `Mar 4, 2026`. A text that is not a date stays as it is. */
export function day(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(at) ? date : dates({ dateStyle: 'medium', timeZone: 'UTC' }).format(at)
}

/** The time between two instants: `<1 s`, `4 s`, `2 min 5 s`. */
export function duration(from: string, to: string): string {
  return seconds(Date.parse(to) - Date.parse(from))
}

/** A time in milliseconds for people: `<1 s`, `4 s`, `2 min 5 s`. */
export function seconds(ms: number): string {
  const all = Math.max(0, Math.round(ms / 1000))
  // Narrower than the head of its column, and never in two lines.
  if (all === 0) return '<1\u00a0s'
  if (all < 60) return `${all} s`
  return `${Math.floor(all / 60)} min ${all % 60} s`
}

/** `0.1095` → `11 %`; a share below one percent has a decimal. */
export function percent(share: number): string {
  const whole = share * 100
  return `${whole > 0 && whole < 1 ? tenths.format(whole) : count(Math.round(whole))} %`
}

/** An instant as seen from today: `today 2:30 a.m.`, in the next days `Thu 2:30 a.m.`, else `Nov 20, 2:30 a.m.`; another year is named. */
export function dayAndTime(at: string, now = new Date()): string {
  const date = new Date(at)
  const time = dates({ hour: 'numeric', minute: '2-digit' }).format(date)
  const days = Math.round((midnight(date) - midnight(now)) / 86_400_000)
  if (days >= -1 && days <= 1) return `${relative.format(days, 'day')} ${time}`
  if (days > 0 && days < 7) return `${dates({ weekday: 'short' }).format(date)} ${time}`
  const thisYear = date.getFullYear() === now.getFullYear()
  return dates({
    ...(thisYear ? {} : { year: 'numeric' }),
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  }).format(date)
}

function midnight(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
}

/** A time of day, `HH:MM`, as the viewer writes it: `02:30` → `2:30 a.m.` */
export function clock(time: string): string {
  const day = new Date(`1970-01-01T${time}:00Z`)
  return dates({ hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(day)
}
