import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPriority } from './priority.ts'

describe('a notification priority', () => {
  test.each([
    ['High', 'high'],
    ['HIGH ', 'high'],
    ['', 'normal'],
    [' ', 'normal'],
    ['Normal', 'normal'],
    ['medium', 'normal'],
    ['low', 'low'],
  ])('the priority %j is read as %s', (cell, priority) => {
    expect(readPriority(cell)).toEqual({ kind: 'value', value: priority, findings: [] })
  })

  test('the priority n/a is normal with a warning', () => {
    expect(readPriority('n/a')).toMatchObject({ kind: 'value', value: 'normal', findings: [{ code: 'placeholder' }] })
  })

  test.each(['urgent', '1', 'highest', 'lo'])('the priority %j is unknown', (cell) => {
    expect(readPriority(cell)).toMatchObject({ kind: 'unreadable', findings: [{ code: 'priority_unknown' }] })
  })

  test('reading a priority never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (cell) => readPriority(cell).kind !== undefined))
  })
})
