import { describe, expect, it } from 'vitest'
import { changedMembers, changedSecrets } from './changed-members.ts'

describe('the audit of a change', () => {
  it.each<[what: string, before: unknown, after: unknown, lines: string[]]>([
    ['a member that differs, with both values', { a: 'remove', b: 1 }, { a: 'keep', b: 1 }, ['a: remove → keep']],
    ['a nested member by its path', { a: { b: { c: 10 } } }, { a: { b: { c: 20 } } }, ['a.b.c: 10 → 20']],
    [
      'a limit that is switched off',
      { a: { percent: 10, atLeast: 6 } },
      { a: null },
      ['a: percent 10, atLeast 6 → none'],
    ],
    ['a list as a whole', { days: ['mon', 'thu'] }, { days: [] }, ['days: mon, thu → none']],
    [
      'the entries of a list that differ',
      {
        rows: [
          { column: 'status', leaveOut: ['deleted', ''] },
          { column: 'x', keep: ['y'] },
        ],
      },
      {
        rows: [
          { column: 'x', keep: ['y'] },
          { column: 'status', keep: ['active'] },
        ],
      },
      ['rows: without column status, leaveOut deleted, none', 'rows: with column status, keep active'],
    ],
    [
      'only that the order of a list differs, or how often it has an entry',
      { a: [{ b: 1 }, { b: 2 }], c: [{ d: 1 }] },
      { a: [{ b: 2 }, { b: 1 }], c: [{ d: 1 }, { d: 1 }] },
      ['a: changed', 'c: changed'],
    ],
    ['entries of a list that is new', { a: null }, { a: [{ b: 1 }] }, ['a: none → b 1']],
    ['a member that is new', {}, { a: false }, ['a: none → false']],
    ['nothing for equal values', { a: [{ b: 1 }], c: null }, { a: [{ b: 1 }] }, []],
    [
      'an address without its query',
      { url: 'https://a.org/x?sig=1' },
      { url: 'https://b.org/?sig=2' },
      ['url: https://a.org/x?… → https://b.org/?…'],
    ],
    [
      'only that the query of an address differs',
      { url: 'https://a.org/?sig=1' },
      { url: 'https://a.org/?sig=2' },
      ['url: changed'],
    ],
    ['only that a long value differs at its end', { a: 'x'.repeat(200) }, { a: `${'x'.repeat(200)}y` }, ['a: changed']],
    ['a text of several lines on one', { a: 'one\ntwo' }, { a: 'three' }, ['a: one two → three']],
  ])('the audit of a change has %s', (_, before, after, lines) => {
    expect(changedMembers(before, after)).toEqual(lines)
  })

  it('the audit of a change says that a secret changed and nothing about its value', () => {
    const changed = changedSecrets(
      { password: 'a', token: 'b', passphrase: 'c' },
      { password: 'd', token: 'b', key: 'e' },
    )
    expect(changed).toEqual(['password', 'passphrase', 'key'])
    expect(changedMembers({}, {}, changed)).toEqual(['password: changed', 'passphrase: changed', 'key: changed'])
  })
})
