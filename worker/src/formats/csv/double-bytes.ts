/*
 * How likely bytes are text in the encodings of East Asia that take two bytes for most characters. The standards order
 * characters by how common they are, so that the first byte says it.
 */

import { ASCII_LETTER } from './letters.ts'

const COMMON = -6.5
const KANA = -4.2
const HANGUL = -5.6
const RARE = -10
const SYMBOL = -7
const UNUSUAL = -13
const NO_CHARACTER = -16
/** An ASCII letter beside a character of East Asia, as where the accent of a Latin word was read with the next letter. */
const BESIDE_LATIN = -5

interface DoubleByte {
  name: string
  /** Returns how likely a character of two bytes is; null if the bytes are none. */
  pair(first: number, second: number): number | null
  /** Returns how likely a character of one byte from 0x80 on is; null if there is none. */
  single?(byte: number): number | null
}

const isEuc = (first: number, second: number) => first >= 0xa1 && first <= 0xfe && second >= 0xa1 && second <= 0xfe

export const DOUBLE_BYTES: readonly DoubleByte[] = [
  {
    name: 'gbk',
    pair(first, second) {
      if (first < 0x81 || first > 0xfe || second < 0x40 || second === 0x7f || second > 0xfe) return null
      if (second < 0xa1 || first < 0xa1) return UNUSUAL
      if (first < 0xb0) return SYMBOL - 2
      return first <= 0xd7 ? COMMON : first <= 0xf7 ? RARE : UNUSUAL
    },
  },
  {
    name: 'big5',
    pair(first, second) {
      const isTrail = (second >= 0x40 && second <= 0x7e) || (second >= 0xa1 && second <= 0xfe)
      if (first < 0x81 || first > 0xfe || !isTrail) return null
      if (first >= 0xa4 && first <= 0xc6) return COMMON - 0.4
      return first >= 0xc9 && first <= 0xf9 ? RARE : first >= 0xa1 && first <= 0xa3 ? SYMBOL : UNUSUAL
    },
  },
  {
    name: 'euc-kr',
    pair(first, second) {
      if (first < 0x81 || first > 0xfd || second < 0x41 || second > 0xfe) return null
      if (!isEuc(first, second)) return UNUSUAL
      if (first >= 0xb0 && first <= 0xc8) return HANGUL
      return first >= 0xca ? UNUSUAL : SYMBOL - 2
    },
  },
  {
    name: 'euc-jp',
    pair(first, second) {
      if (first === 0x8e) return second >= 0xa1 && second <= 0xdf ? SYMBOL : null
      if (!isEuc(first, second)) return null
      if (first === 0xa4 || first === 0xa5) return second <= 0xf6 ? KANA : UNUSUAL
      return first >= 0xb0 && first <= 0xcf ? COMMON - 0.2 : first >= 0xd0 && first <= 0xf4 ? RARE : SYMBOL - 2
    },
  },
  {
    name: 'shift_jis',
    pair(first, second) {
      const isLead = (first >= 0x81 && first <= 0x9f) || (first >= 0xe0 && first <= 0xfc)
      if (!isLead || second < 0x40 || second === 0x7f || second > 0xfc) return null
      if ((first === 0x82 && second >= 0x9f) || (first === 0x83 && second <= 0x96)) return KANA
      if (first >= 0x88 && first <= 0x97) return COMMON - 0.2
      return first >= 0x98 && first <= 0xea ? RARE : first <= 0x82 ? SYMBOL : UNUSUAL
    },
    single: (byte) => (byte >= 0xa1 && byte <= 0xdf ? -4.5 : null),
  },
]

/** Returns how likely a word is in an encoding. */
export function likelihoodOfBytes(word: Uint8Array, { pair, single }: DoubleByte): number {
  let sum = 0
  let before: 'ascii' | 'wide' | null = null
  for (let at = 0; at < word.length; at++) {
    const byte = word[at] ?? 0
    if (byte < 0x80) {
      const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
      if (isLetter) sum += ASCII_LETTER
      if (isLetter && before === 'wide') sum += BESIDE_LATIN
      before = isLetter ? 'ascii' : null
      continue
    }
    const one = single?.(byte) ?? null
    const two = one === null && at + 1 < word.length ? pair(byte, word[at + 1] ?? 0) : null
    if (two !== null) at++
    sum += one ?? two ?? NO_CHARACTER
    if (before === 'ascii') sum += BESIDE_LATIN
    before = 'wide'
  }
  return sum
}
