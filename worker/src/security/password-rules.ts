/**
 * Judges new passwords (NIST SP 800-63B, 5.1.1.2; OWASP ASVS 5, 6.2): only length, and nothing that is guessed first.
 * No kinds of characters are demanded.
 */

export const SHORTEST_PASSWORD = 12
export const LONGEST_PASSWORD = 1000
/** A password must have this many different characters. */
const FEWEST_CHARACTERS = 5
/** What a password must have beyond a common word, a row of keys, or the person's own data. */
const FEWEST_BEYOND = 6

/** The words that most leaked passwords are made of, longest first where one contains another. */
const COMMON = (
  'administrator password passwort contrasena motdepasse wachtwoord welcome willkommen bienvenue letmein changeme ' +
  'iloveyou sunshine princess football baseball basketball superman batman dragon monkey shadow master michael ' +
  'jennifer jordan hunter charlie trustno liverpool chelsea arsenal qwertyuiop asdfghjkl zxcvbnm qwertz azerty ' +
  'qwerty asdf zxcv qazwsx 1qaz2wsx admin login secret internet computer samsung google facebook whatever freedom ' +
  'starwars pokemon minecraft summer winter spring autumn monday friday january december muster rescue college ' +
  'hello test temp pass user root guest'
).split(' ')
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
]
/** The letters that people replace by digits and signs. */
const REPLACED: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/**
 * Returns why a password is too easy to guess, as a sentence; null if it is not. `own`: the person's name, e-mail address
 * and the like.
 */
export function weaknessOf(password: string, own: readonly string[] = []): string | null {
  if ([...password].length < SHORTEST_PASSWORD) return `A password has at least ${SHORTEST_PASSWORD} characters.`
  const plain = password.toLowerCase()
  if (new Set(plain).size < FEWEST_CHARACTERS) return 'This password repeats the same few characters.'
  if (isRepeated(plain)) return 'This password repeats one part of itself.'
  if (beyond(plain, ownWords(own)) < FEWEST_BEYOND) {
    return 'This password is little more than your name, your e-mail address or the name of this product.'
  }
  const rest = withoutRows(plain)
  if (Math.min(beyond(rest, COMMON), beyond(lettersOf(rest), COMMON)) < FEWEST_BEYOND) {
    return 'This password is among the first that are guessed: a common word, or keys and numbers in a row.'
  }
  return null
}

function isRepeated(text: string): boolean {
  for (let length = 1; length <= text.length / 2; length++) {
    const unit = text.slice(0, length)
    if (unit.repeat(Math.ceil(text.length / length)).slice(0, text.length) === text) return true
  }
  return false
}

/** Returns how many letters and digits a text has beside these words. */
function beyond(text: string, words: readonly string[]): number {
  const rest = words.reduce((left, word) => left.replaceAll(word, ' '), text)
  return rest.replace(/[^\p{L}\p{N}]/gu, '').length
}

function ownWords(own: readonly string[]): string[] {
  const words = own.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
  return words.filter((word) => word.length > 2).sort((one, other) => other.length - one.length)
}

/** Returns the text without runs of four or more neighbouring keys, letters or digits, forwards or backwards. */
function withoutRows(text: string): string {
  let rest = ''
  for (let at = 0; at < text.length; ) {
    const length = rowAt(text, at)
    if (length < 4) rest += text[at++]
    else at += length
  }
  return rest
}

/** Returns the length of the longest run of neighbours that starts at a position. */
function rowAt(text: string, at: number): number {
  let longest = 1
  for (const row of ROWS) {
    for (const line of [row, [...row].reverse().join('')]) {
      let length = 1
      while (at + length < text.length && line.includes(text.slice(at, at + length + 1))) length++
      longest = Math.max(longest, length)
    }
  }
  return longest
}

function lettersOf(text: string): string {
  return [...text].map((char) => REPLACED[char] ?? char).join('')
}
