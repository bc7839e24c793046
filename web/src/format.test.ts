import { describe, expect, it, vi } from 'vitest'
import { ago, bytes, dateTime, dayAndTime, dayTime, differs, duration, percent } from './format.ts'

const now = Date.parse('2026-11-23T12:00:00Z')

describe('for people', () => {
  it('a file size is shown in a suitable unit', () => {
    expect([1, 812, 214_512, 11_234_567].map(bytes)).toEqual(['1 byte', '812 bytes', '214.5 KB', '11.2 MB'])
  })

  it('an instant is shown by its distance from now', () => {
    expect(ago('2026-11-23T11:57:00Z', now)).toBe('3 minutes ago')
    expect(ago('2026-11-22T11:00:00Z', now)).toBe('yesterday')
    expect(ago('2026-11-23T15:30:00Z', now)).toBe('in 3 hours')
    expect(ago('2026-11-23T11:59:59Z', now)).toBe('just now')
  })

  it('a duration is shown in seconds, then in minutes', () => {
    expect(duration('2026-11-23T12:00:00Z', '2026-11-23T12:00:04.200Z')).toBe('4 s')
    expect(duration('2026-11-23T12:00:00Z', '2026-11-23T12:02:05Z')).toBe('2 min 5 s')
  })

  it('a duration of nothing is not shown as 0 s', () => {
    expect(duration('2026-11-23T12:00:00Z', '2026-11-23T12:00:00.300Z')).toBe('<1\u00a0s')
  })

  it('a formatter of dates is made once, and not for each row of a list', () => {
    let made = 0
    class Counted extends Intl.DateTimeFormat {
      constructor(...options: ConstructorParameters<typeof Intl.DateTimeFormat>) {
        super(...options)
        made++
      }
    }
    vi.stubGlobal('Intl', Object.create(Intl, { DateTimeFormat: { value: Counted } }))
    const show = (day: number) => {
      const at = new Date(Date.UTC(2026, 4, day, 12)).toISOString()
      return [dateTime(at), dayTime(at), dayAndTime(at, new Date(now)), differs(at, 'Asia/Tokyo', 'America/Vancouver')]
    }
    show(1)
    const first = made
    for (let day = 2; day <= 28; day++) show(day)
    expect(made).toBe(first)
  })

  it('an instant near today is shown by its day', () => {
    const local = (day: number, hour: number) => new Date(2026, 10, day, hour, 30).toISOString()
    const at = (day: number, hour = 2) => dayAndTime(local(day, hour), new Date(2026, 10, 23, 12))
    expect([at(23), at(22), at(24)].map((text) => text.split(' ')[0])).toEqual(['today', 'yesterday', 'tomorrow'])
    expect(at(26)).toMatch(/^Thu /)
    expect(at(3)).toMatch(/^Nov 3/)
  })

  it('a share is shown in whole percent, and with a decimal below one', () => {
    expect([0.1095, 0.004, 0].map(percent)).toEqual(['11 %', '0.4 %', '0 %'])
  })

  it('two zones differ only if their clocks differ at that instant', () => {
    expect(differs('2026-07-01T12:00:00Z', 'America/Toronto', 'America/New_York')).toBe(false)
    expect(differs('2026-07-01T12:00:00Z', 'America/Regina', 'America/Toronto')).toBe(true)
    expect(differs('2026-01-15T12:00:00Z', 'Europe/London', 'UTC')).toBe(false)
    expect(differs('2026-07-15T12:00:00Z', 'Europe/London', 'UTC')).toBe(true)
  })
})
