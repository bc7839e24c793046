import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { parsePatched } from './merge-patch.ts'

const schema = z.object({
  name: z.string(),
  port: z.number().default(22),
  schedule: z.object({ at: z.string() }).nullable().default(null),
  limit: z
    .object({ percent: z.number().default(10), atLeast: z.number().default(6) })
    .nullable()
    .prefault({}),
})
const before = { name: 'Staff', port: 2222, schedule: { at: '02:30' }, limit: { percent: 20, atLeast: 3 } }

describe('a JSON merge patch', () => {
  it('a JSON merge patch leaves members that it does not name, in nested objects too', () => {
    expect(parsePatched(schema, before, { limit: { percent: 30 } })).toEqual({
      ...before,
      limit: { percent: 30, atLeast: 3 },
    })
  })

  it('a JSON merge patch resets a member to its default by null', () => {
    expect(parsePatched(schema, before, { port: null, limit: { percent: null } })).toEqual({
      ...before,
      port: 22,
      limit: { percent: 10, atLeast: 3 },
    })
  })

  it('a JSON merge patch keeps null if null is a value', () => {
    expect(parsePatched(schema, before, { limit: null, schedule: null })).toMatchObject({ limit: null, schedule: null })
  })

  it('a JSON merge patch cannot remove a member without a default', () => {
    expect(() => parsePatched(schema, before, { name: null })).toThrow(
      expect.objectContaining({ status: 400, more: { errors: [expect.objectContaining({ path: 'name' })] } }),
    )
  })

  it.each([
    ['called __proto__', '{"__proto__": {"name": "Other"}}', '__proto__'],
    ['that is unknown, even as null', '{"limit": {"percnt": null}}', 'limit.percnt'],
    ['that is nested deeply', `${'{"limit":'.repeat(50_000)}1${'}'.repeat(50_000)}`, 'limit.limit'],
  ])('a JSON merge patch refuses a member %s', (_, patch, path) => {
    expect(() => parsePatched(schema, before, JSON.parse(patch))).toThrow(
      expect.objectContaining({ status: 400, more: { errors: [expect.objectContaining({ path })] } }),
    )
  })
})
