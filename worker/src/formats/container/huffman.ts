import type { Input, Refuse } from './input.ts'

const MOST_BITS = 15
/** Codes up to this length, as nearly all, are looked up in a table. */
const TABLE_BITS = 10
/** The order in which the lengths of the codes of code lengths are written (RFC 1951, 3.2.7). */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** A canonical Huffman code (RFC 1951, 3.2.2). */
export class Huffman {
  /** How many codes there are of each length. */
  readonly #counts = new Uint16Array(MOST_BITS + 1)
  /** The symbols in the order of their codes. */
  readonly #symbols: Uint16Array
  /** By the next bits: the symbol of the code that they begin with, and the length of the code; 0 for a longer code. */
  readonly #table = new Uint16Array(1 << TABLE_BITS)

  /** `lengths`: the length of each symbol's code in bits, 0 for a symbol without one. */
  constructor(lengths: Uint8Array) {
    const counts = this.#counts
    for (const bits of lengths) if (bits > 0) counts[bits] = (counts[bits] ?? 0) + 1
    const places = new Uint16Array(MOST_BITS + 2)
    const codes = new Uint16Array(MOST_BITS + 2)
    for (let bits = 1; bits <= MOST_BITS; bits++) {
      places[bits + 1] = (places[bits] ?? 0) + (counts[bits] ?? 0)
      codes[bits + 1] = ((codes[bits] ?? 0) + (counts[bits] ?? 0)) << 1
    }
    this.#symbols = new Uint16Array(lengths.length)
    for (const [symbol, bits] of lengths.entries()) {
      if (bits === 0) continue
      this.#symbols[places[bits] ?? 0] = symbol
      places[bits] = (places[bits] ?? 0) + 1
      const code = codes[bits] ?? 0
      codes[bits] = code + 1
      if (bits > TABLE_BITS) continue
      for (let at = reversed(code, bits); at < 1 << TABLE_BITS; at += 1 << bits) this.#table[at] = (symbol << 4) | bits
    }
  }

  /** Reads the next symbol. Returns -1 if no symbol has the next bits as its code. */
  read(input: Input): number {
    const entry = this.#table[input.peek(TABLE_BITS)] ?? 0
    if (entry === 0) return this.#readLong(input)
    input.drop(entry & 15)
    return entry >> 4
  }

  #readLong(input: Input): number {
    let code = 0
    let first = 0
    let index = 0
    for (let bits = 1; bits <= MOST_BITS; bits++) {
      code |= input.bits(1)
      const count = this.#counts[bits] ?? 0
      if (code - count < first) return this.#symbols[index + code - first] ?? -1
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    return -1
  }
}

function reversed(code: number, bits: number): number {
  let result = 0
  for (let i = 0; i < bits; i++) result |= ((code >> i) & 1) << (bits - 1 - i)
  return result
}

function lengthsOf(...runs: readonly (readonly [count: number, bits: number])[]): Uint8Array {
  return Uint8Array.from(runs.flatMap(([count, bits]) => Array.from({ length: count }, () => bits)))
}

export const STATIC_LITERALS = new Huffman(lengthsOf([144, 8], [112, 9], [24, 7], [8, 8]))
export const STATIC_DISTANCES = new Huffman(lengthsOf([30, 5]))

/** Reads the codes of a block that brings its own: those of literals and lengths, and those of distances. */
export function readDynamicCodes(input: Input, refuse: Refuse): readonly [Huffman, Huffman] {
  const literals = input.bits(5) + 257
  const distances = input.bits(5) + 1
  const written = input.bits(4) + 4
  const lengths = new Uint8Array(ORDER.length)
  for (const symbol of ORDER.slice(0, written)) lengths[symbol] = input.bits(3)
  const codes = new Huffman(lengths)
  const all = new Uint8Array(literals + distances)
  for (let at = 0; at < all.length; ) {
    const symbol = codes.read(input)
    if (symbol < 0 || (symbol === 16 && at === 0)) throw refuse()
    const count =
      symbol < 16 ? 1 : symbol === 16 ? 3 + input.bits(2) : symbol === 17 ? 3 + input.bits(3) : 11 + input.bits(7)
    if (at + count > all.length) throw refuse()
    all.fill(symbol < 16 ? symbol : symbol === 16 ? (all[at - 1] ?? 0) : 0, at, at + count)
    at += count
  }
  return [new Huffman(all.subarray(0, literals)), new Huffman(all.subarray(literals))]
}
