/** Returns the failure for data that ends early or is damaged. */
export type Refuse = () => Error

/** Enough for every step that reads without waiting: the longest is the header of a block with its own codes. */
const AHEAD = 1024

/** Bytes and bits of compressed data that arrive in chunks, in the order of RFC 1951. */
export class Input {
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #refuse: Refuse
  #bytes = new Uint8Array(0)
  #at = 0
  #ended = false
  #held = 0
  #heldBits = 0

  constructor(chunks: AsyncIterable<Uint8Array>, refuse: Refuse) {
    this.#chunks = chunks[Symbol.asyncIterator]()
    this.#refuse = refuse
  }

  /** Whether more bytes must arrive before the next step. */
  get isLow(): boolean {
    return !this.#ended && this.#bytes.length - this.#at < AHEAD
  }

  /** Waits until there are enough bytes for the next step, or the data ends. */
  async fill(): Promise<void> {
    while (this.isLow) {
      const { done, value } = await this.#chunks.next()
      if (done === true) {
        this.#ended = true
        return
      }
      // Whole bytes of which only bits are held may be given back.
      const held = this.#heldBits >> 3
      const rest = this.#bytes.subarray(this.#at - held)
      const bytes = new Uint8Array(rest.length + value.length)
      bytes.set(rest)
      bytes.set(value, rest.length)
      this.#bytes = bytes
      this.#at = held
    }
  }

  /** Returns whether there are as many bytes. There must be no bits left over. */
  async has(count: number): Promise<boolean> {
    if (this.isLow) await this.fill()
    return this.#bytes.length - this.#at >= count
  }

  async startsWith(...start: number[]): Promise<boolean> {
    return (await this.has(start.length)) && start.every((byte, i) => this.#bytes[this.#at + i] === byte)
  }

  async skip(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      if (this.isLow) await this.fill()
      this.byte()
    }
  }

  /** Throws what `refuse` returns if the data has ended, as all methods below. */
  byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw this.#refuse()
    this.#at++
    return byte
  }

  /** Returns a number of four bytes, the lowest first. */
  word(): number {
    return (this.byte() | (this.byte() << 8) | (this.byte() << 16) | (this.byte() << 24)) >>> 0
  }

  bits(count: number): number {
    while (this.#heldBits < count) this.#hold(this.byte())
    return this.drop(count)
  }

  /** Returns the next bits without taking them; zeros in place of bits after the end. */
  peek(count: number): number {
    while (this.#heldBits < count && this.#at < this.#bytes.length) this.#hold(this.byte())
    return this.#held & ((1 << count) - 1)
  }

  /** Takes bits that have been peeked at, and returns them. */
  drop(count: number): number {
    if (count > this.#heldBits) throw this.#refuse()
    const bits = this.#held & ((1 << count) - 1)
    this.#held >>>= count
    this.#heldBits -= count
    return bits
  }

  /** Leaves out the bits up to the next byte. */
  alignToByte(): void {
    this.#at -= this.#heldBits >> 3
    this.#held = 0
    this.#heldBits = 0
  }

  #hold(byte: number): void {
    this.#held |= byte << this.#heldBits
    this.#heldBits += 8
  }
}
