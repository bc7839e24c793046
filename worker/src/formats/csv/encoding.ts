import { encodingNamed } from '../../core/encodings.ts'
import { Failure } from '../../core/failure.ts'
import { MISREAD_TWICE, mendedText } from '../../core/values/misread.ts'
import { OddWords } from './legacy.ts'
import { countSequences, evidenceOf, isDamagedUtf8, sequenceLength, tellingLines, unfinished } from './utf8.ts'

/** How the bytes of a file are read as text. */
export interface TextEncoding {
  /** The name of the encoding, as TextDecoder has it. */
  name: string
  /** Whether the text was encoded as UTF-8 twice, so that `é` became `Ã©`. */
  twice: boolean
  /** Another encoding that fits hardly less, `unknown` if none fits, or null: what is read may be wrong. */
  doubt: string | null
  /** By what the encoding is judged again if bytes follow that are not UTF-8; null if it is certain. */
  open: EncodingHints | null
}

/** What is known of the encoding of a file beside its bytes, as labels or names. */
export interface EncodingHints {
  /** The `charset` that the server says. */
  declared: string | null
  /** The setting of the source. */
  chosen: string | null
}

/** Turns consecutive blocks of bytes into text. `last` is true for the final block. A byte-order mark is left out. */
export interface BlockDecoder {
  decode(block: Uint8Array, last: boolean): string
  /** Returns the encoding that all bytes show, if it is another one than the bytes were read in. Call it at the end. */
  judgedAgain?(): TextEncoding | null
}

const UTF_8 = 'utf-8'
const WINDOWS_1252 = 'windows-1252'

/**
 * Returns the encoding of a text from its first bytes (design: Encodings): what the bytes show for certain, else what the
 * server says, else the setting, else what the letters show. The name Windows-1252, which servers say of everything, does
 * not count against a setting. `complete` says that `sample` is the whole text.
 */
export function detectEncoding(sample: Uint8Array, hints: EncodingHints, complete: boolean): TextEncoding {
  if (startsWith(sample, 0xef, 0xbb, 0xbf)) return certain(UTF_8, isTwice(sample, complete))
  if (startsWith(sample, 0xff, 0xfe)) return certain('utf-16le')
  if (startsWith(sample, 0xfe, 0xff)) return certain('utf-16be')
  const wide = wideOrder(sample)
  if (wide !== null) return certain(wide)
  const { valid, invalid } = countSequences(sample)
  const legacy = legacyOf(hints)
  if (legacy?.startsWith('utf-16') === true && sample.includes(0)) return certain(legacy)
  if (valid === 0 && invalid === 0) {
    const hasEscapes = sample.includes(ESCAPE)
    if (legacy !== null && hasEscapes && STATEFUL.has(legacy)) return certain(legacy)
    return { ...certain(UTF_8), open: complete ? null : hints }
  }
  // Two characters of an encoding with two bytes for each may look like UTF-8.
  const isUtf8 = invalid === 0 && (valid > 2 || legacy === null || !isDoubleByte(legacy))
  const lines = tellingLines(sample)
  if (isUtf8 || (invalid > 0 && isDamagedUtf8(evidenceOf(lines))))
    return { ...certain(UTF_8, isTwice(sample, complete)), open: complete ? null : hints }
  const words = new OddWords()
  for (const line of lines) words.add(line)
  return judged(words, hints)
}

/** Returns the encoding of bytes that are not UTF-8. */
function judged(words: OddWords, hints: EncodingHints): TextEncoding {
  const legacy = legacyOf(hints)
  if (
    legacy !== null &&
    !legacy.startsWith('utf-16') &&
    (legacy !== WINDOWS_1252 || nameOf(hints.chosen) === WINDOWS_1252)
  )
    return certain(legacy)
  const { encoding, doubt } = words.shown()
  if (legacy !== WINDOWS_1252) return { ...certain(encoding), doubt }
  return { ...certain(legacy), doubt: encoding === legacy ? doubt : encoding }
}

/** Returns the encoding that the server says or that is set, if it can be that of bytes that are not UTF-8. */
function legacyOf({ declared, chosen }: EncodingHints): string | null {
  const [announced, set] = [nameOf(declared), nameOf(chosen)].map((name) => (name === UTF_8 ? null : name))
  return (announced === WINDOWS_1252 ? (set ?? announced) : (announced ?? set)) ?? null
}

function nameOf(label: string | null): string | null {
  return label === null ? null : encodingNamed(label)
}

function certain(name: string, twice = false): TextEncoding {
  return { name, twice, doubt: null, open: null }
}

const ESCAPE = 0x1b
/** Encodings whose bytes are all ASCII. */
const STATEFUL = new Set(['iso-2022-jp'])

function isDoubleByte(name: string): boolean {
  return /^(?:gb|big5|euc|shift)/.test(name)
}

function startsWith(bytes: Uint8Array, ...start: number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte)
}

/** Returns whether all letters of a text in UTF-8 show that it was encoded twice. */
function isTwice(sample: Uint8Array, complete: boolean): boolean {
  const text = new TextDecoder(UTF_8).decode(sample.subarray(0, sample.length - unfinished(sample)))
  if (!MISREAD_TWICE.test(text)) return false
  // The sample may end inside a sequence.
  const rest = mendedText(text, () => '')
  const whole = complete ? rest : rest.replace(/[^\0-\x7f]{1,3}$/, '')
  return !/[^\0-\x7f]/.test(whole)
}

/**
 * Returns the decoder of an encoding. A file that begins as UTF-8 may turn out to be another one after its first rows
 * have been used. So text is read as UTF-8 wherever it is valid, and every other byte as Windows-1252. For a file in
 * Windows-1252 the result is the same as a choice for the whole file, since such text is almost never valid UTF-8, and it
 * needs no second pass. `judgedAgain` says whether the file is in another encoding.
 */
export function blockDecoder({ name, twice, open }: Omit<TextEncoding, 'doubt'>): BlockDecoder {
  if (name === UTF_8) return twice ? new TwiceDecoder(new Utf8Decoder(null)) : new Utf8Decoder(open)
  if (name === 'utf-16le' || name === 'utf-16be') return new Utf16Decoder(name)
  return new LegacyDecoder(name)
}

/** Any other encoding that the platform knows. */
class LegacyDecoder implements BlockDecoder {
  readonly #decoder: TextDecoder

  constructor(name: string) {
    this.#decoder = new TextDecoder(name)
  }

  decode(block: Uint8Array, last: boolean): string {
    const text = this.#decoder.decode(block, { stream: true })
    if (!last) return text
    // What is left at the end is the first byte of a character.
    if (this.#decoder.decode() !== '') throw cutCharacter()
    return text
  }
}

/** Text that was encoded as UTF-8 twice. A sequence that a block ends in is read with the next block. */
class TwiceDecoder implements BlockDecoder {
  readonly #once: BlockDecoder
  #held = ''

  constructor(once: BlockDecoder) {
    this.#once = once
  }

  decode(block: Uint8Array, last: boolean): string {
    const text = this.#held + this.#once.decode(block, last)
    const end = last ? text.length : text.length - (/[\u00c2-\u00f4][^\0-\x7f]{0,2}$/.exec(text)?.[0].length ?? 0)
    this.#held = text.slice(end)
    return mendedText(text.slice(0, end))
  }
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
  /** Null if bytes that are not UTF-8 say nothing more of the file. */
  readonly #hints: EncodingHints | null
  readonly #words = new OddWords()
  #atStart = true
  #sawWideCharacter = false
  #sawUtf8 = false
  #sawInvalid = false
  readonly #evidence = { valid: 0, invalid: 0, validLines: 0, invalidLines: 0 }

  constructor(hints: EncodingHints | null) {
    this.#hints = hints
  }

  judgedAgain(): TextEncoding | null {
    if (this.#hints === null || this.#sawUtf8 || !this.#sawInvalid || isDamagedUtf8(this.#evidence)) return null
    const encoding = judged(this.#words, this.#hints)
    return encoding.name === WINDOWS_1252 && encoding.doubt === null ? null : encoding
  }

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
      const text = this.#strict.decode(bytes)
      if (text.length < bytes.length) this.#sawUtf8 = true
      return text
    } catch {
      this.#sawInvalid = true
      return this.#decodeMixed(bytes)
    }
  }

  #decodeMixed(bytes: Uint8Array): string {
    const lines = tellingLines(bytes)
    const found = evidenceOf(lines)
    for (const name of ['valid', 'invalid', 'validLines', 'invalidLines'] as const) this.#evidence[name] += found[name]
    if (this.#hints !== null) for (const line of lines) this.#words.add(line)
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

const WINDOWS_1252_DECODER = new TextDecoder(WINDOWS_1252)

function windows1252(bytes: Uint8Array): string {
  return WINDOWS_1252_DECODER.decode(bytes)
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
