import { Failure } from '../../core/failure.ts'
import type { Format } from '../../core/source.ts'

export type Encoding = NonNullable<Format['encoding']>

/** Turns consecutive blocks of bytes into text. `last` is true for the final block. A byte-order mark is left out. */
export interface BlockDecoder {
  decode(block: Uint8Array, last: boolean): string
}

/** Detects the encoding of a text from its first bytes. `chosen` counts unless a byte-order mark contradicts it. */
export function detectEncoding(sample: Uint8Array, chosen: Encoding | null): Encoding {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf) return 'utf-8'
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le'
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be'
  if (chosen !== null) return chosen
  const wide = wideOrder(sample)
  if (wide !== null) return wide
  const { valid, invalid } = countSequences(sample)
  return invalid > 0 && valid === 0 ? 'windows-1252' : 'utf-8'
}

/**
 * Returns the decoder of an encoding. A file that begins as UTF-8 may turn out to be Windows-1252 after its first rows
 * have been used. So text is read as UTF-8 wherever it is valid, and every other byte as Windows-1252. The result is
 * the same as a choice for the whole file, since Windows-1252 text is almost never valid UTF-8, and it needs no second
 * pass.
 */
export function blockDecoder(encoding: Encoding): BlockDecoder {
  if (encoding === 'utf-8') return new Utf8Decoder()
  if (encoding === 'windows-1252') return { decode: windows1252 }
  return new Utf16Decoder(encoding)
}

class Utf16Decoder implements BlockDecoder {
  readonly #decoder: TextDecoder
  #bytes = 0

  constructor(encoding: 'utf-16le' | 'utf-16be') {
    this.#decoder = new TextDecoder(encoding)
  }

  decode(block: Uint8Array, last: boolean): string {
    this.#bytes += block.length
    if (last && this.#bytes % 2 === 1) throw cutCharacter()
    return this.#decoder.decode(block, { stream: !last })
  }
}

class Utf8Decoder implements BlockDecoder {
  readonly #strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  #held = new Uint8Array(0)
  #atStart = true
  #sawWideCharacter = false
  #sawInvalid = false

  decode(block: Uint8Array, last: boolean): string {
    const bytes = this.#held.length === 0 ? block : joined(this.#held, block)
    let end = bytes.length - unfinished(bytes)
    if (last && end < bytes.length) {
      if (this.#sawWideCharacter && !this.#sawInvalid) throw cutCharacter()
      end = bytes.length
    }
    this.#held = bytes.slice(end)
    const whole = bytes.subarray(0, end)
    const text = this.#decodeWhole(whole)
    if (text.length < whole.length) this.#sawWideCharacter = true
    if (!this.#atStart || text === '') return text
    this.#atStart = false
    return text.startsWith('\uFEFF') ? text.slice(1) : text
  }

  #decodeWhole(bytes: Uint8Array): string {
    try {
      return this.#strict.decode(bytes)
    } catch {
      this.#sawInvalid = true
      return this.#decodeMixed(bytes)
    }
  }

  #decodeMixed(bytes: Uint8Array): string {
    if (countSequences(bytes).valid === 0) return windows1252(bytes)
    let text = ''
    let start = 0
    for (let at = 0; at < bytes.length; ) {
      const length = sequenceLength(bytes, at)
      if (length > 0) {
        at += length
        continue
      }
      text += this.#strict.decode(bytes.subarray(start, at)) + windows1252(bytes.subarray(at, at + 1))
      at++
      start = at
    }
    return text + this.#strict.decode(bytes.subarray(start))
  }
}

function cutCharacter(): Failure {
  return new Failure(
    'truncated',
    'The file ends in the middle of a character, so it is incomplete.',
    'It may still have been uploading or saving. Save or upload it again; nothing has been changed here.',
  )
}

const WINDOWS_1252 = new TextDecoder('windows-1252')

function windows1252(bytes: Uint8Array): string {
  return WINDOWS_1252.decode(bytes)
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}

/**
 * Detects UTF-16 without a byte-order mark. In nearly all such text most units have a zero in one half; UTF-8 text has
 * no zeros.
 */
function wideOrder(sample: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  let even = 0
  let odd = 0
  for (let at = 0; at < sample.length; at++) {
    if (sample[at] === 0) at % 2 === 0 ? even++ : odd++
  }
  const most = sample.length * 0.2
  if (odd > most && even * 10 < odd) return 'utf-16le'
  if (even > most && odd * 10 < even) return 'utf-16be'
  return null
}

/**
 * Counts the non-ASCII characters that are valid UTF-8, and the bytes that belong to no character. An unfinished end
 * counts as neither.
 */
function countSequences(bytes: Uint8Array): { valid: number; invalid: number } {
  const end = bytes.length - unfinished(bytes)
  let valid = 0
  let invalid = 0
  for (let at = 0; at < end; ) {
    const length = sequenceLength(bytes, at)
    if (length > 1) valid++
    else if (length === 0) invalid++
    at += Math.max(1, length)
  }
  return { valid, invalid }
}

/** Returns the length of the UTF-8 sequence at `at`; 0 if the bytes are not a valid sequence (Unicode, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const length = announcedLength(bytes[at] ?? 0)
  if (length < 2) return length
  for (let index = 1; index < length; index++) {
    if (!continues(bytes, at, index)) return 0
  }
  return length
}

function announcedLength(lead: number): number {
  if (lead < 0x80) return 1
  if (lead < 0xc2 || lead > 0xf4) return 0
  if (lead < 0xe0) return 2
  return lead < 0xf0 ? 3 : 4
}

function continues(bytes: Uint8Array, at: number, index: number): boolean {
  const byte = bytes[at + index] ?? 0
  if (index > 1) return byte >= 0x80 && byte <= 0xbf
  const lead = bytes[at]
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  return byte >= least && byte <= most
}

/** Returns how many bytes at the end begin a sequence that is not complete. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const at = bytes.length - back
    const length = announcedLength(bytes[at] ?? 0)
    if (length === 0) continue
    if (length <= back) return 0
    for (let index = 1; index < back; index++) {
      if (!continues(bytes, at, index)) return 0
    }
    return back
  }
  return 0
}
