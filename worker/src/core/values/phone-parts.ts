import { countDigits } from './phone-text.ts'

/** With fewer digits, a part is no number of its own. */
const FEWEST_DIGITS = 7
const CLEAR = /[;|&•·、]|:::| (?:or|and|ou|et|oder|und|of|en|o|y|e|u) | (?=\+ ?\d)/iu

/**
 * Separators in the order in which they are tried. A comma, a slash, two spaces and brackets are also written inside one
 * number: `0171/1234567`. `before`, `after`: what a few digits before or after the only number mean. They are part of it
 * (`join`), or it is not clear what they are.
 */
const SEPARATORS: readonly { at: RegExp; before: 'join' | 'unclear'; after: 'join' | 'unclear' }[] = [
  { at: CLEAR, before: 'unclear', after: 'unclear' },
  { at: /,/u, before: 'join', after: 'unclear' },
  { at: /\//u, before: 'join', after: 'unclear' },
  { at: / {2}/u, before: 'join', after: 'join' },
  { at: /[()]/u, before: 'join', after: 'join' },
]

/**
 * Splits the folded text of a cell into its telephone numbers, each with the words that belong to it. A text without a
 * separator between two numbers is returned whole. Returns null if it is not clear which digits belong together.
 * `isNumber`: whether a text is a whole number.
 */
export function splitNumbers(text: string, isNumber: (text: string) => boolean): string[] | null {
  let parts = [text]
  for (const separator of SEPARATORS) {
    const split: string[] = []
    for (const part of parts) {
      const found = separator.at.test(part) ? splitAt(part, separator, isNumber) : [part]
      if (found === null) return null
      for (const one of found) split.push(one)
    }
    parts = split
  }
  return parts
}

function splitAt(
  text: string,
  { at, before, after }: (typeof SEPARATORS)[number],
  isNumber: (text: string) => boolean,
): string[] | null {
  const numbers: string[] = []
  /** Words before the first number. */
  let lead = ''
  const loose = { before: false, after: false }
  for (const piece of text.split(at)) {
    const digits = countDigits(piece)
    const last = numbers.length - 1
    if (digits >= FEWEST_DIGITS) {
      numbers.push(lead + piece.trim())
      lead = ''
    } else if (digits > 0 && !/\p{L}/u.test(piece)) loose[last < 0 ? 'before' : 'after'] = true
    else if (last < 0) lead += `${piece} `
    else numbers[last] = `${numbers[last]} ${piece.trim()}`
  }
  const [only] = numbers
  if (only === undefined) return [text]
  if (numbers.length > 1) return loose.before || loose.after ? null : numbers
  if (!loose.before && !loose.after) return numbers
  const isJoined = (!loose.before || before === 'join') && (!loose.after || after === 'join' || !isNumber(only))
  return isJoined ? [text] : null
}
