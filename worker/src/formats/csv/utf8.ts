/** What the bytes of a text say of whether it is UTF-8. */
export interface Utf8Evidence {
  /** The characters beyond ASCII that are valid UTF-8, and the bytes that belong to no character. */
  valid: number
  invalid: number
  /** The lines with such characters only, and the lines with such bytes. */
  validLines: number
  invalidLines: number
}

/** Returns whether a text that is not all UTF-8 is UTF-8 with some damage. */
export function isDamagedUtf8({ valid, invalid, validLines, invalidLines }: Utf8Evidence): boolean {
  return valid > invalid || (validLines > 0 && validLines >= invalidLines)
}

const LF = 0x0a
const CR = 0x0d
const TAB = 0x09

/**
 * Returns the lines with bytes from 0x80 on. Lines with control characters are damaged and say nothing of the rest, so they
 * are left out, unless there are no others.
 */
export function tellingLines(bytes: Uint8Array): Uint8Array[] {
  const whole: Uint8Array[] = []
  const damaged: Uint8Array[] = []
  let start = 0
  let wide = false
  let broken = false
  for (let at = 0; at <= bytes.length; at++) {
    const byte = bytes[at] ?? LF
    if (byte >= 0x80) wide = true
    else if (byte === LF || byte === CR) {
      // With the character that ends it, so that the last word of the line is not cut.
      if (wide) (broken ? damaged : whole).push(bytes.subarray(start, at + 1))
      start = at + 1
      wide = false
      broken = false
    } else if ((byte < 0x20 && byte !== TAB) || byte === 0x7f) broken = true
  }
  return whole.length > 0 ? whole : damaged
}

/** Returns what these lines say. */
export function evidenceOf(lines: readonly Uint8Array[]): Utf8Evidence {
  const evidence: Utf8Evidence = { valid: 0, invalid: 0, validLines: 0, invalidLines: 0 }
  for (const line of lines) {
    const { valid, invalid } = countSequences(line)
    evidence.valid += valid
    evidence.invalid += invalid
    if (invalid > 0) evidence.invalidLines++
    else if (valid > 0) evidence.validLines++
  }
  return evidence
}

/**
 * Counts the non-ASCII characters that are valid UTF-8, and the bytes that belong to no character. An unfinished end
 * counts as neither.
 */
export function countSequences(bytes: Uint8Array): { valid: number; invalid: number } {
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
export function sequenceLength(bytes: Uint8Array, at: number): number {
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
export function unfinished(bytes: Uint8Array): number {
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
