import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { unknownMembers } from './unknown.ts'

const place = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string(), password: z.string().nullable().default(null) }),
  z.object({ kind: z.literal('web'), url: z.string() }),
])
const body = z
  .object({
    name: z.string(),
    removal: z.enum(['remove', 'keep']).default('remove'),
    place,
    columns: z
      .array(z.object({ to: z.string() }).transform(({ to }) => to))
      .nullable()
      .default(null),
    limit: z.object({ percent: z.number() }).nullable().prefault({ percent: 1 }),
    fields: z.record(z.string(), z.array(z.string())).optional(),
  })
  .superRefine(() => undefined)
const view = z.object({
  id: z.string(),
  last: z.object({ at: z.string() }),
  place: z.object({ hasPassword: z.boolean() }),
})

const paths = (sent: unknown, whole: unknown = sent) => unknownMembers(body, view, sent, whole).map(({ path }) => path)

describe('unknown members', () => {
  it('members of the schema are known at any depth, and so are members of its view, whatever their values are', () => {
    const file = { kind: 'file', path: '/x', password: null, hasPassword: true }
    const sent = {
      id: '1',
      last: { at: 'now', sinceRemoved: 1 },
      name: 'Staff',
      place: file,
      columns: [{ to: 'id' }],
      limit: null,
    }
    expect(paths({ ...sent, fields: { anything: [] } })).toEqual([])
  })

  it.each<[sent: unknown, path: string]>([
    [{ Name: 'Staff' }, 'Name'],
    [{ nmae: null }, 'nmae'],
    [{ limit: { percnt: 5 } }, 'limit.percnt'],
    [{ columns: [{ to: 'id' }, { too: 'name' }] }, 'columns.1.too'],
    [{ place: { kind: 'web', url: '', path: '' } }, 'place.path'],
    [{ place: { kind: 'file', hasPasword: true } }, 'place.hasPasword'],
    [JSON.parse('{"__proto__": {"name": "x"}}'), '__proto__'],
    [JSON.parse('{"fields": {"__proto__": ["x"]}}'), 'fields.__proto__'],
    [{ constructor: 1 }, 'constructor'],
  ])('the unknown member of %j is found at %s', (sent, path) => {
    expect(paths(sent)).toEqual([path])
  })

  it('a member of another kind is unknown in a patch of a connection, and known while the kind is', () => {
    const patch = { place: { path: '/y' } }
    expect(paths(patch)).toEqual([])
    expect(paths(patch, { place: { kind: 'web', url: '', path: '/y' } })).toEqual(['place.path'])
    expect(paths(patch, { place: { kind: 'file', path: '/y' } })).toEqual([])
  })

  it.each([
    ['removel', 'removal'],
    ['Removal', 'removal'],
    ['remvoal', 'removal'],
    ['nam', 'name'],
    ['colums', 'columns'],
    ['hold', null],
    ['x', null],
    ['a'.repeat(100_000), null],
  ])('the message about %s suggests %s', (name, meant) => {
    const [error] = unknownMembers(body, view, { [name]: 1 })
    expect(error?.message.match(/Did you mean “(.*)”\?/)?.[1] ?? null).toBe(meant)
    expect(error?.message.length).toBeLessThan(120)
  })

  it('an answer names at most 20 unknown members', () => {
    const sent = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`x${i}`, i]))
    expect(paths(sent)).toHaveLength(20)
  })

  it('nothing is looked at after the last unknown member that is named', () => {
    const rest = {
      get too(): string {
        throw new Error('was looked at')
      },
    }
    const columns = [...Array.from({ length: 20 }, () => ({ too: 'name' })), rest]
    expect(paths({ columns })).toHaveLength(20)
  })
})
