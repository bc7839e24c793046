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

describe('A JSON merge patch', () => {
  it('leaves what it does not name, in nested members too', () => {
    expect(parsePatched(schema, before, { limit: { percent: 30 } })).toEqual({
      ...before,
      limit: { percent: 30, atLeast: 3 },
    })
  })

  it('gives a member its default by null', () => {
    expect(parsePatched(schema, before, { port: null, limit: { percent: null } })).toEqual({
      ...before,
      port: 22,
      limit: { percent: 10, atLeast: 3 },
    })
  })

  it('keeps null where null is a value', () => {
    expect(parsePatched(schema, before, { limit: null, schedule: null })).toMatchObject({ limit: null, schedule: null })
  })

  it('cannot take away what has no default', () => {
    expect(() => parsePatched(schema, before, { name: null })).toThrow(
      expect.objectContaining({ status: 400, more: { errors: [expect.objectContaining({ path: 'name' })] } }),
    )
  })
})
