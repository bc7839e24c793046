/**
 * Two 32-bit digests of one text, used together as 64 bits; not cryptographic. Equal digests are only a hint: code that
 * depends on them checks the exact ID (design: Memory).
 */
export class Digest {
  high = 0
  low = 0

  /** Starts a new digest. Another `seed` gives unrelated digests; this is how a collision is resolved. */
  reset(seed: number): this {
    this.high = (0x9e3779b9 ^ seed) | 0
    this.low = (0x85ebca6b ^ Math.imul(seed, 0x27d4eb2f)) | 0
    return this
  }

  /** Adds a text. The end of each text counts, so `ab`, `c` and `a`, `bc` differ. */
  add(text: string): this {
    let high = this.high
    let low = this.low
    const { length } = text
    // Two characters at a time, because this loop covers every character of every row.
    for (let i = 1; i < length; i += 2) {
      const codes = text.charCodeAt(i - 1) | (text.charCodeAt(i) << 16)
      high = Math.imul(high ^ codes, 2654435761)
      low = Math.imul(low ^ codes, 1597334677)
      high ^= high >>> 15
      low ^= low >>> 16
    }
    const last = length & 1 ? text.charCodeAt(length - 1) : 0x10000
    high = Math.imul(high ^ last ^ 0x1f00, 2246822507)
    low = Math.imul(low ^ last ^ 0x1f01, 3266489909)
    this.high = high ^ (low >>> 13)
    this.low = low ^ (high >>> 16)
    return this
  }
}
