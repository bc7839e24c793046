import { globSync, readFileSync } from 'node:fs'
import { parseAst } from 'vite'
import { expect, it } from 'vitest'
import { cpuTime, growth } from '../testing/growth.ts'

/*
 * Invariant 16 for regular expressions: none may try a place of a long text twice. Each literal of the Worker and of the bridge is
 * run over long texts that are made of its own characters. The few that are slow get short texts only, for the reason given.
 */

/** The expressions that are slow on a long text, and what bounds their texts. */
const BOUNDED: Readonly<Record<string, string>> = {
  '\\(?\\S*\\/': 'a line of a stack',
  '=+$': 'a digest of 44 characters',
  '[\\s*]+$': 'a header, cut to LONGEST_NAME',
  '0+$': 'a number, of at most LONGEST characters',
  '^([^#]*\\d[^#]*)# ?(\\d{1,10})\\D*$': 'a telephone number, of at most LONGEST_CELL characters',
  '[\\s,;/]+$': 'a telephone number, of at most LONGEST_CELL characters',
  '(?:[\\s,;(]*(?:\\b|(?<=\\d))(?:extension|extn|ext|poste|local|loc|x)[.:=]? *#? *|[\\s,;(]*# *)(\\d{1,10})\\)?$':
    'a telephone number, of at most LONGEST_CELL characters',
  '^[( ]*\\+?[\\d\\s().,/-]*$': 'a telephone number, of at most LONGEST_CELL characters',
  '<(?:[\\w.-]+:)?faultstring[^>]*>([\\s\\S]*?)<\\/': 'an answer, cut to MOST_FAULT',
  '<(?:[\\w.-]+:)?(error|errors|errormessage|faultstring)\\b[^>]*>([\\s\\S]*?)<\\/': 'an answer, cut to MOST_READ',
  '<[^>]*>': 'an answer, cut to MOST_READ',
}

const LENGTH = 6000
const SHORT = 24
/** In microseconds. An expression that tries each place once takes less on a text of that length. */
const PLAINLY_LINEAR = 5000
/** For eight times the size, quadratic work is 64 times as much. */
const LINEAR = 32

interface Expression {
  file: string
  pattern: string
  flags: string
}

/** Returns the regular expressions that are written in the files. */
function expressions(): Expression[] {
  const files = globSync(['worker/src/**/*.ts', 'sftp-bridge/**/*.ts']).filter(
    (file) => !/\.test\.ts$|testing\//.test(file),
  )
  return files.flatMap((file) => [...literalsIn(parseAst(readFileSync(file, 'utf8'), { lang: 'ts' }), file)])
}

function* literalsIn(node: unknown, file: string): Generator<Expression> {
  if (typeof node !== 'object' || node === null) return
  if ('regex' in node && typeof node.regex === 'object' && node.regex !== null) {
    const { pattern, flags } = node.regex as { pattern: string; flags: string }
    yield { file, pattern, flags }
  } else for (const part of Object.values(node)) yield* literalsIn(part, file)
}

/** What a long text is made of: a start, and a unit that is repeated. */
interface Text {
  start: string
  unit: string
}

/** Returns texts that an expression may be slow on, by the characters and the words that are in it. */
function textsFor(pattern: string): Text[] {
  const literal = pattern.replace(/\\[pP]\{[^}]*\}|\\\w|\(\?[:=!<]+/g, '').replace(/[\\()[\]{}?*+|^$.]/g, '')
  const chars = [...new Set([...[...literal].slice(0, 8), ...' a0<"\n,;/.-='])]
  const pairs = chars.slice(0, 6).flatMap((one) => chars.slice(0, 6).map((other) => one + other))
  const words = (pattern.match(/[a-z]{3,}/gi) ?? []).slice(0, 4)
  const units = [...chars, ...pairs, ...words, ...words.map((word) => `<${word}`)]
  return units.flatMap((unit) => ['', '"', '<a'].map((start) => ({ start, unit })))
}

const long = ({ start, unit }: Text, length: number) => `${start}${unit.repeat(Math.ceil(length / unit.length))}\u0001`

/** Returns a text on which the time of an expression grows faster than its length; null if no text was found. */
async function slowText(expression: RegExp): Promise<Text | null> {
  for (const text of textsFor(expression.source)) {
    // Of an expression that takes twice the time for each further character, not even the shorter text ends in time.
    for (const length of [SHORT, LENGTH]) {
      const whole = long(text, length)
      const before = process.threadCpuUsage()
      expression.test(whole)
      const { user, system } = process.threadCpuUsage(before)
      if (user + system < PLAINLY_LINEAR) continue
      // Once may be the time of something else, such as compiling the expression.
      if ((await cpuTime(() => expression.test(whole))) < PLAINLY_LINEAR) continue
      if (length === SHORT) return text
      const texts = new Map([LENGTH / 8, LENGTH].map((size) => [size, long(text, size)]))
      if ((await growth(LENGTH / 8, (size) => expression.test(texts.get(size) ?? ''))) > LINEAR) return text
    }
  }
  return null
}

it('no regular expression takes time that grows faster than a text that may be long', {
  timeout: 120_000,
}, async () => {
  const all = new Map(expressions().map((one) => [`${one.pattern}/${one.flags}`, one]))
  expect(all.size).toBeGreaterThan(300)
  const slow: string[] = []
  for (const { file, pattern, flags } of all.values()) {
    if (BOUNDED[pattern] !== undefined) continue
    const text = await slowText(new RegExp(pattern, flags.replace(/[gy]/g, '')))
    if (text !== null) slow.push(`${file} /${pattern}/ on ${JSON.stringify(text)}`)
  }
  expect(slow).toEqual([])
})

it.each([/<[^>]*>x/, /^(a+)+$/, /\s+$/])('%s is found to be slow', async (expression) => {
  expect(await slowText(expression)).not.toBeNull()
})

it('each expression that is slow on long texts is still there', () => {
  const patterns = new Set(expressions().map(({ pattern }) => pattern))
  expect(Object.keys(BOUNDED).filter((pattern) => !patterns.has(pattern))).toEqual([])
})
