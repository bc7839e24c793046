import { describe, expect, it } from 'vitest'
import { ago, bytes, differs, duration } from './format.ts'

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

  it('two zones differ only if their clocks differ at that instant', () => {
    expect(differs('2026-07-01T12:00:00Z', 'America/Toronto', 'America/New_York')).toBe(false)
    expect(differs('2026-07-01T12:00:00Z', 'America/Regina', 'America/Toronto')).toBe(true)
    expect(differs('2026-01-15T12:00:00Z', 'Europe/London', 'UTC')).toBe(false)
    expect(differs('2026-07-15T12:00:00Z', 'Europe/London', 'UTC')).toBe(true)
  })
})
