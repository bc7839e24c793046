import { describe, expect, it } from 'vitest'
import { FetchCookies } from './cookies.ts'

const FROM = new URL('https://files.example.org/a')

function cookiesOf(lines: readonly string[]): string | null {
  const cookies = new FetchCookies()
  const headers = new Headers()
  for (const line of lines) headers.append('Set-Cookie', line)
  cookies.take(FROM, headers)
  return cookies.for(new URL('https://files.example.org/b'))
}

describe('the cookies of a fetch', () => {
  it.each([
    [['FedAuth=77u/PD94=; path=/; SameSite=None; secure; HttpOnly'], 'FedAuth=77u/PD94='],
    [['a=1; Path=/', 'b="2"', 'a=3'], 'a=3; b="2"'],
    [['gone=1', 'gone=; Max-Age=0', 'kept=1; max-age=60'], 'kept=1'],
    [['bad name=1', 'noequals', 'x=a b', '=1', 'e=é'], null],
    [['empty='], 'empty='],
    [[`long=${'x'.repeat(20_000)}`, 'a=1'], 'a=1'],
    [Array.from({ length: 30 }, (_, i) => `c${i}=${'x'.repeat(1000)}`), null],
    [[], null],
  ])('%j are sent again as %s', (lines, header) => {
    expect(cookiesOf(lines)).toBe(header)
  })

  it('only the cookies of the first answer are sent, and only to its origin', () => {
    const cookies = new FetchCookies()
    cookies.take(FROM, new Headers({ 'Set-Cookie': 'a=1' }))
    cookies.take(FROM, new Headers({ 'Set-Cookie': 'b=2' }))
    expect(cookies.for(new URL('https://files.example.org/z?q'))).toBe('a=1')
    for (const other of ['https://example.org/', 'https://files.example.org:8443/', 'http://files.example.org/'])
      expect(cookies.for(new URL(other))).toBeNull()
  })
})
