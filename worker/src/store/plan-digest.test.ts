import { describe, expect, it } from 'vitest'
import { detailsWith } from '../core/contact.ts'
import { type Change, writeLine } from '../core/plan.ts'
import { ChangesDigest, hashOfWaiting } from './plan-digest.ts'

const ANA = detailsWith({ name: 'Ana' })
const add = (id: string, key: number, rows: number[], title: string | null = null): Change => {
  return { op: 'add', key, id, before: null, after: { ...ANA, title }, rows }
}
const remove = (id: string, key: number): Change => ({ op: 'remove', key, id, before: ANA, after: null, rows: [] })

function digest(...changes: Change[]): string {
  const sum = new ChangesDigest()
  for (const change of changes) sum.add(writeLine(change))
  return sum.hex
}

describe('the digest of changes', () => {
  it('the digest does not depend on the order, on row numbers and on the numbers of new contacts', () => {
    expect(digest(add('a', -1, [2]), add('b', -2, [3]), remove('c', 7))).toBe(
      digest(remove('c', 7), add('b', -1, [9]), add('a', -2, [10])),
    )
  })

  it.each([
    ['another value', add('a', -1, [2], 'Lead')],
    ['another ID', add('b', -1, [2])],
    ['a contact that returns', add('a', 7, [2])],
    ['another kind of change', remove('a', 7)],
  ])('the digest differs for %s', (_, other) => {
    expect(digest(other)).not.toBe(digest(add('a', -1, [2])))
  })

  it('the digest differs if a change is there twice', () => {
    expect(digest(remove('a', 1), remove('a', 1))).not.toBe(digest(remove('a', 1)))
  })

  it('sections have the same hash, however their changes are divided among them', async () => {
    const section = (...changes: Change[]) => {
      return { file: '', bytes: 0, changes: changes.length, digest: digest(...changes) }
    }
    const whole = await hashOfWaiting('source', [section(remove('a', 1), remove('b', 2))])
    expect(await hashOfWaiting('source', [section(remove('b', 2)), section(remove('a', 1))])).toBe(whole)
    expect(await hashOfWaiting('other', [section(remove('a', 1), remove('b', 2))])).not.toBe(whole)
  })

  it('changes that an older version planned, or none at all, have no hash', async () => {
    expect(await hashOfWaiting('source', [{ file: '', bytes: 9, changes: 1 }])).toBeNull()
    expect(await hashOfWaiting('source', [])).toBeNull()
  })
})
