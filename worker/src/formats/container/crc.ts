const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

/** The CRC-32 of bytes that come in pieces, as gzip and ZIP use it (RFC 1952, section 8). */
export class Crc32 {
  #state = 0xffffffff

  add(bytes: Uint8Array): void {
    let crc = this.#state
    for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0)
    this.#state = crc
  }

  get value(): number {
    return ~this.#state >>> 0
  }
}
