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
  const all: string[] = []
  for (const part of parts) {
    const found = splitAtWords(part)
    if (found === null) return null
    for (const one of found) all.push(one)
  }
  return all
}

/**
 * Splits a text whose numbers have only words between them: `Home 604 555 0101 Cell 604 555 0102`. Where words are before the
 * first number or after the last one, each number has its words on that side. Otherwise it is not clear whose they are.
 */
function splitAtWords(text: string): string[] | null {
  const pieces = text.split(/(\p{L}+)/u)
  const numbers = pieces.flatMap((piece, i) => (countDigits(piece) >= FEWEST_DIGITS ? [i] : []))
  const [first] = numbers
  const last = numbers.at(-1)
  if (first === undefined || last === undefined || first === last) return [text]
  const isLed = first > 0
  if (isLed === last < pieces.length - 1) return null
  // Where each part begins: after the number before it, or at its own number.
  const starts = isLed ? [0, ...numbers.slice(0, -1).map((i) => i + 1)] : numbers
  return starts.map((start, i) => pieces.slice(i === 0 ? 0 : start, starts[i + 1] ?? pieces.length).join(''))
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
