import { decodeEntities } from '../formats/xml.ts'

/*
 * Recognises a secret that a remote side repeats in its answer, in any form: in other capitals or spacing, as entities, percent-
 * encoded, with the escapes of JSON, in base64, or in several of these at once.
 */

/** How often a text is decoded, and how much of it. Texts of failures have some hundreds of characters. */
const ROUNDS = 3
const MOST_READ = 16_000
/** The fewest letters and digits by which a secret is recognised in other forms. A shorter one is part of many words. */
const FEWEST = 5
/** What may be base64; the bytes of a short one say nothing. */
const BASE64 = /[A-Za-z0-9+/_-]{7,}/g

/** Returns whether a text holds one of the secrets. */
export function echoes(text: string, secrets: readonly string[]): boolean {
  const wanted = secrets.filter((secret) => secret !== '').map((secret) => ({ secret, letters: lettersOf(secret) }))
  if (wanted.length === 0) return false
  return readings(text.slice(0, MOST_READ)).some((reading) => {
    const letters = lettersOf(reading)
    return wanted.some(
      (one) => reading.includes(one.secret) || (one.letters.length >= FEWEST && letters.includes(one.letters)),
    )
  })
}

/** Returns the letters and digits of a text, without what capitals, spacing and width change. */
function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** Returns a text, and what it is when it is decoded, in every order: one kind of escapes may be in another. */
function readings(text: string): string[] {
  const found = new Set([text])
  let last: Iterable<string> = [text]
  for (let round = 0; round < ROUNDS; round++) {
    last = [...last].flatMap((one) => [percentDecoded(one), unescaped(one), decodeEntities(one), ...bytesIn(one)])
    last = new Set(last).difference(found)
    for (const one of last) found.add(one)
  }
  return [...found]
}

/** Resolves the escapes of JSON. White space says nothing, so a blank is enough for it. */
function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-fA-F]{4})|([\\/"bfnrt]))/g, (_, hex: string | undefined, char: string) =>
    hex !== undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : 'bfnrt'.includes(char) ? ' ' : char,
  )
}

/** Decodes the percent-encoded bytes of a text, also if some are not UTF-8. */
function percentDecoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (run) =>
    utf8(
      run
        .slice(1)
        .split('%')
        .map((hex) => Number.parseInt(hex, 16)),
    ),
  )
}

/** Returns the texts that the runs of base64 in a text may be. What comes before the base64 may shift its beginning. */
function bytesIn(text: string): string[] {
  const runs = text.match(BASE64) ?? []
  if (runs.length === 0) return []
  return [0, 1, 2, 3].map((start) => runs.map((run) => decoded(run.slice(start))).join('\n'))
}

function decoded(run: string): string {
  const plain = run.replaceAll('-', '+').replaceAll('_', '/')
  const whole = plain.length % 4 === 1 ? plain.slice(0, -1) : plain
  return utf8(Array.from(atob(whole), (char) => char.charCodeAt(0)))
}

function utf8(bytes: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(bytes))
}
