import { expect, it } from 'vitest'
import { growth } from '../testing/growth.ts'
import { readTextRequest } from './text-message.ts'

it.each<[text: string, request: string | null]>([
  ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'].map((text): [string, string] => [text, 'opted_out']),
  ...['stop', 'Stop.', ' stop!\n', 'Stop...', '“STOP”', 'ＳＴＯＰ'].map((text): [string, string] => [
    text,
    'opted_out',
  ]),
  ...['START', 'UNSTOP', 'start!'].map((text): [string, string] => [text, 'opted_in']),
  ['YES', 'yes'],
  ...['please stop', 'STOP now', 'stopping', 'Yes, I can come', 'start at 5?', '', '!', 'S T O P'].map(
    (text): [string, null] => [text, null],
  ),
])('the text message %j asks for %s', (text, request) => {
  expect(readTextRequest(text)).toBe(request)
})

it.each(['.', ' ', '“'])('a text message full of %j is read in time that follows its length', async (unit) => {
  expect(await growth(20_000, (n) => readTextRequest(`STOP${unit.repeat(n)}x`))).toBeLessThan(32)
  expect(readTextRequest(`STOP${unit.repeat(1000)}`)).toBe('opted_out')
})
