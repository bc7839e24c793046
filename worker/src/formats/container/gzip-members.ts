import { Crc32 } from './crc.ts'
import { type Huffman, readDynamicCodes, STATIC_DISTANCES, STATIC_LITERALS } from './huffman.ts'
import { Input, type Refuse } from './input.ts'

/*
 * Our own decompression beside the platform's, for one thing that the platform's does not do: a gzip file may have several
 * members (RFC 1952, 2.2), and padding after the last. The platform says only that something follows, not where the
 * member ended.
 */

const WINDOW = 32 * 1024
const BLOCK = 64 * 1024
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
]
const END_OF_BLOCK = 256
const LONGEST_REPEAT = 258
const STATIC = [STATIC_LITERALS, STATIC_DISTANCES] as const
/** The flags of a member's header (RFC 1952, 2.3.1). */
const FLAGS = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 }

/**
 * Yields the content of all members of a gzip file, one after the other. Zeros after the last member are padding. Throws
 * what `refuse` returns if the data ends early, is damaged, or is followed by anything else.
 */
export async function* gunzipMembers(
  chunks: AsyncIterable<Uint8Array>,
  refuse: Refuse,
): AsyncGenerator<Uint8Array, void> {
  const input = new Input(chunks, refuse)
  do yield* member(input, refuse)
  while (await input.startsWith(0x1f, 0x8b))
  while (await input.has(1)) if (input.byte() !== 0) throw refuse()
}

async function* member(input: Input, refuse: Refuse): AsyncGenerator<Uint8Array, void> {
  await readHeader(input, refuse)
  const output = new Output(refuse)
  for (let last = false; !last; ) {
    await input.fill()
    last = input.bits(1) === 1
    const kind = input.bits(2)
    if (kind === 3) throw refuse()
    if (kind === 0) yield* stored(input, output, refuse)
    else {
      const codes = kind === 1 ? STATIC : readDynamicCodes(input, refuse)
      yield* compressed(input, output, codes, refuse)
    }
  }
  const rest = output.take()
  if (rest.length > 0) yield rest
  input.alignToByte()
  await input.fill()
  if (input.word() !== output.crc || input.word() !== output.size % 2 ** 32) throw refuse()
}

async function readHeader(input: Input, refuse: Refuse): Promise<void> {
  await input.fill()
  const [first, second, method, flags] = [input.byte(), input.byte(), input.byte(), input.byte()]
  if (first !== 0x1f || second !== 0x8b || method !== 8 || (flags & FLAGS.reserved) !== 0) throw refuse()
  for (let i = 0; i < 6; i++) input.byte()
  if (flags & FLAGS.extra) await input.skip(input.byte() | (input.byte() << 8))
  for (const text of [FLAGS.name, FLAGS.comment]) {
    if (!(flags & text)) continue
    do await input.fill()
    while (input.byte() !== 0)
  }
  if (flags & FLAGS.headerCrc) await input.skip(2)
}

async function* stored(input: Input, output: Output, refuse: Refuse): AsyncGenerator<Uint8Array, void> {
  input.alignToByte()
  await input.fill()
  let length = input.byte() | (input.byte() << 8)
  if ((length ^ (input.byte() | (input.byte() << 8))) !== 0xffff) throw refuse()
  for (; length > 0; length--) {
    if (input.isLow) await input.fill()
    output.add(input.byte())
    if (output.isFull) yield output.take()
  }
}

async function* compressed(
  input: Input,
  output: Output,
  [literals, distances]: readonly [Huffman, Huffman],
  refuse: Refuse,
): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    if (input.isLow) await input.fill()
    const symbol = literals.read(input)
    if (symbol < 0) throw refuse()
    if (symbol < END_OF_BLOCK) output.add(symbol)
    else if (symbol === END_OF_BLOCK) return
    else {
      const length = (LENGTH_BASE[symbol - 257] ?? Number.NaN) + input.bits(LENGTH_BITS[symbol - 257] ?? 0)
      const code = distances.read(input)
      const distance = (DISTANCE_BASE[code] ?? Number.NaN) + input.bits(code < 4 ? 0 : (code >> 1) - 1)
      if (Number.isNaN(length + distance)) throw refuse()
      output.repeat(length, distance)
    }
    if (output.isFull) yield output.take()
  }
}

/** Decompressed bytes: the last 32 KB, which may be repeated, and those that have not been taken. */
class Output {
  readonly #bytes = new Uint8Array(WINDOW + BLOCK + LONGEST_REPEAT)
  readonly #crc = new Crc32()
  readonly #refuse: Refuse
  #at = 0
  #from = 0
  size = 0

  constructor(refuse: Refuse) {
    this.#refuse = refuse
  }

  /** Whether the bytes must be taken before more are added. */
  get isFull(): boolean {
    return this.#at >= WINDOW + BLOCK
  }

  get crc(): number {
    return this.#crc.value
  }

  add(byte: number): void {
    this.#bytes[this.#at++] = byte
  }

  repeat(length: number, distance: number): void {
    const bytes = this.#bytes
    if (distance > this.#at) throw this.#refuse()
    for (let i = 0; i < length; i++, this.#at++) bytes[this.#at] = bytes[this.#at - distance] ?? 0
  }

  take(): Uint8Array {
    const taken = this.#bytes.slice(this.#from, this.#at)
    this.#crc.add(taken)
    this.size += taken.length
    const kept = Math.min(WINDOW, this.#at)
    this.#bytes.copyWithin(0, this.#at - kept, this.#at)
    this.#at = kept
    this.#from = kept
    return taken
  }
}
