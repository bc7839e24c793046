/*
 * Letters that were read in the wrong encoding: `Ã©` for `é`. Some of it is certain, since no language writes it.
 */

/** What Windows-1252 shows for the bytes from 0x80 to 0xBF, which follow the first byte of a letter in UTF-8. */
const FOLLOWING = '[\\u0080-\\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]'
const SEQUENCES = `[\\u00c2-\\u00df]${FOLLOWING}|[\\u00e0-\\u00ef]${FOLLOWING}{2}|[\\u00f0-\\u00f4]${FOLLOWING}{3}`

/** Letters in UTF-8 that were read as Windows-1252: `Ã©` for `é`, `á»…` for `ễ`. */
export const READ_AS_1252 = new RegExp(SEQUENCES, 'g')
/** The same, for a test. */
export const MISREAD_TWICE = new RegExp(SEQUENCES)
/**
 * Some of these sequences, which stand for a letter whatever is around them: the others may be a capital before a quotation
 * mark, a dash or a sign, as in “CAFÉ”.
 */
const CERTAIN = new RegExp(
  [
    '[ÂÃ][\\u0080-\\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ•˜š›œžŸ]',
    '[\\u00c4-\\u00df][\\u0080-\\u00a8¬\\u00ad¯±-¶¸¹¼-¿€ƒ†‡ˆ‰ŠŒŽ˜šœžŸ]',
    '[\\u00e0-\\u00f4][\\u0080-\\u00a8¬\\u00ad¯±-¶¸¹¼-¿€ƒ†‡ˆ‰ŠŒŽ˜šœžŸ]{2}',
    `á[»º]${FOLLOWING}`,
  ].join('|'),
)
/** Letters in UTF-8 that were read as Windows-1251, as Mac Roman or as the DOS encoding 437. */
const READ_AS_1251 = '[\\u0080-\\u00bf‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџЎўЈҐЁЄЇІіґё№єјЅѕї]'
const READ_AS_OTHER = new RegExp(
  `(?:[РС]${READ_AS_1251}){2}|[A-Za-z][ГД]${READ_AS_1251}|√[©®ßº∂∏±≥¥§°£ªÆ∞≤]|├[®⌐í▒╝ñ║▓]`,
)

/** Scripts of the letters that a text encoded twice can stand for. */
const LETTER =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Thai}\p{Script=Devanagari}\p{P}\p{S}\p{Zs}\p{M}\u00ad\u200b-\u200f\ufeff]$/u

const BYTES: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 128 }, (_, i) => [new TextDecoder('windows-1252').decode(Uint8Array.of(128 + i)), 128 + i]),
)
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Returns the text with each sequence that stands for one letter replaced by that letter, or by what `replace` returns
 * for it.
 */
export function mendedText(text: string, replace: (letter: string) => string = (letter) => letter): string {
  return text.replace(READ_AS_1252, (sequence) => {
    const letter = letterOf(sequence)
    return letter === null ? sequence : replace(letter)
  })
}

/** Returns whether a text has letters that were read in the wrong encoding, so that no person wrote them. */
export function isMisread(text: string): boolean {
  return READ_AS_OTHER.test(text) || (CERTAIN.test(text) && mendedText(text) !== text)
}

function letterOf(sequence: string): string | null {
  try {
    const letter = UTF_8.decode(Uint8Array.from(sequence, (sign) => BYTES.get(sign) ?? 0))
    return LETTER.test(letter) ? letter : null
  } catch {
    return null
  }
}
