import { DOUBLE_BYTES, likelihoodOfBytes } from './double-bytes.ts'
import { ASCII_LETTER, likelihoodOf } from './letters.ts'

/** The encodings of one byte a character, and how rare each is among the files of contacts that say nothing of it. */
const SINGLE_BYTES: readonly (readonly [name: string, rare: number])[] = [
  ['windows-1252', 0],
  ['windows-1250', 3],
  ['windows-1251', 3],
  ['macintosh', 4],
  ['windows-1253', 4],
  ['windows-1254', 4],
  ['windows-1255', 4],
  ['windows-1256', 4],
  ['windows-1257', 4],
  ['iso-8859-2', 4],
  ['koi8-r', 4],
  ['koi8-u', 4.5],
  ['iso-8859-7', 5],
  ['ibm866', 5],
  ['windows-874', 5],
  ['iso-8859-5', 6],
  ['x-mac-cyrillic', 6],
]
const DOUBLE_RARE = 4
/** How much likelier an encoding must be than one that gives another text. Below that it is in doubt. */
const CERTAIN = 3
/** How likely each character from 0x80 on must be, on average. Below that no encoding fits. */
const LEAST = -9

/** How much one word can count against an encoding. */
const MOST_OF_A_WORD = 8
const MOST_WORDS = 500
const LONGEST_WORD = 40

/** The encoding that words show. `doubt`: another one that is hardly less likely, `unknown` if none fits, or null. */
export interface Shown {
  encoding: string
  doubt: string | null
}

/** Collects the words of a file in which the encoding shows: those with bytes from 0x80 on. */
export class OddWords {
  readonly #words = new Map<string, Uint8Array>()

  /** Takes a line. */
  add(bytes: Uint8Array): void {
    let start = 0
    let odd = false
    for (let at = 0; at <= bytes.length && this.#words.size < MOST_WORDS; at++) {
      const byte = bytes[at] ?? 0
      if (byte >= 0x80) odd = true
      // No encoding has a byte below 0x40 in a letter, except as a digit of GB 18030.
      if (byte >= 0x40) continue
      if (odd) this.#take(bytes.slice(start, Math.min(at, start + LONGEST_WORD)))
      start = at + 1
      odd = false
    }
  }

  /** Returns the encoding that the words show best. */
  shown(): Shown {
    const words = [...this.#words.values()]
    const joined = joinedWords(words)
    const single = SINGLE_BYTES.map(([encoding, rare]): Reading => {
      const texts = new TextDecoder(encoding).decode(joined).split('\n')
      return { encoding, text: texts.join(' '), likelihoods: texts.map(likelihoodOf), rare }
    })
    const double = DOUBLE_BYTES.map((encoding): Reading => {
      const { name } = encoding
      const likelihoods = words.map((word) => likelihoodOfBytes(word, encoding))
      return { encoding: name, text: name, likelihoods, rare: DOUBLE_RARE }
    })
    const readings = [...single, ...double]
    const highest = words.map((_, i) => Math.max(...readings.map(({ likelihoods }) => likelihoods[i] ?? 0)))
    const judged = readings.map((reading) => ({ ...reading, likelihood: likelihoodAmong(reading, highest) }))
    const [best, ...others] = judged.sort((a, b) => b.likelihood - a.likelihood)
    if (best === undefined || words.length === 0) return { encoding: 'windows-1252', doubt: null }
    if (sumOf(best.likelihoods, (one) => one) - best.rare < sumOf(words, leastOf))
      return { encoding: best.encoding, doubt: 'unknown' }
    const rival = others.find(({ text }) => text !== best.text)
    const isClose = rival !== undefined && best.likelihood - rival.likelihood < CERTAIN
    return { encoding: best.encoding, doubt: isClose ? rival.encoding : null }
  }

  #take(word: Uint8Array): void {
    const key = String.fromCharCode(...word)
    if (!this.#words.has(key)) this.#words.set(key, word)
  }
}

/** The words as an encoding reads them. */
interface Reading {
  encoding: string
  text: string
  likelihoods: readonly number[]
  rare: number
}

/**
 * Returns how likely an encoding is. `highest`: how likely each word is at most. A word counts only so far against an encoding:
 * a single damaged word must not decide for all others.
 */
function likelihoodAmong({ likelihoods, rare }: Reading, highest: readonly number[]): number {
  return highest.reduce((sum, most, i) => sum + Math.max(likelihoods[i] ?? 0, most - MOST_OF_A_WORD), -rare)
}

function sumOf<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0)
}

function leastOf(word: Uint8Array): number {
  return word.reduce((sum, byte) => sum + (byte >= 0x80 ? LEAST : ASCII_LETTER), 0)
}

function joinedWords(words: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(sumOf(words, (word) => word.length + 1))
  let at = 0
  for (const word of words) {
    joined.set(word, at)
    at += word.length
    joined[at++] = 0x0a
  }
  return joined
}
