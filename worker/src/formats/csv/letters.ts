/*
 * How likely a word is in the languages that are written with an encoding: natural logarithms of rough probabilities of
 * its characters. Only their differences count, so that an unlikely reading of the same bytes loses.
 */

/** What a character costs that no language has there: a letter of another language, a sign inside a word, no character. */
const STRANGE_LETTER = -9
const SIGN = -11
const NO_CHARACTER = -16
export const ASCII_LETTER = -3
/** A capital after a small letter, or a small letter after two capitals, where one of them is no ASCII letter. */
const ODD_CASE = -5
/** Letters of two scripts in one word. */
const OTHER_SCRIPT = -6
const COMMON = -2.3

/** The languages of Latin script: how rare a word of each is in a list of contacts, and its letters beside ASCII. */
const LANGUAGES: readonly (readonly [rare: number, letters: string])[] = [
  [1, 'éèêçàôâîïëùûüœæÿ'],
  [1, 'áéíóúñü'],
  [1, 'äöüßé'],
  [1, 'ãáéíóçõâêôàú'],
  [1, 'àèéìòù'],
  [1, 'åäöøæéü'],
  [1, 'ëïéèöç'],
  [1.5, 'áéíóúýðþæö'],
  [2.5, 'äöõüšž'],
  [2, 'łóąćęńśźż'],
  [2, 'áčéěířšýžňťďůúôľäĺŕó'],
  [2, 'áéíóöőúüű'],
  [2, 'ăâîșțşţ'],
  [2, 'čćđšž'],
  [2, 'çğıöşüİâ'],
  [3, 'ąčęėįšųūž'],
  [3, 'āčēģīķļņšūž'],
]

/** Letters of other scripts, the commonest first, and what the first and each further one cost. */
const ALPHABETS: readonly (readonly [letters: string, first: number, further: number])[] = [
  ['оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфіїєґёъјљњћђџўѓќѕ', -2.2, -0.12],
  ['αιοσντερηυςκμπλάίόέγήωδύθχφβξώζψϊϋΐΰ', -2.4, -0.08],
  ['יולהמראתבנשחדעקםפטגכןצסזךץףװױײ', -2.4, -0.07],
  ['اليمرنهبدعسحفقتكجةوشصطأزخىضذغئثءظإآؤپچژگ', -2.4, -0.07],
]

/** Signs that may be in a name or a title, and those that may not follow a letter, or not be between two. */
const HARMLESS = /[’‘“”„«»–—…·ªº°®™\u00a0\u00ad€]/u
const OPENING = /\p{L}[‘„«]/gu
const BETWEEN = /\p{L}[“”»–—…·°®™€](?=\p{L})/gu
/** Where Portuguese has no nasal vowel, Icelandic no thorn, and no language an eth. */
const NOT_NASAL = /ã(?![oesi]|$)|õ(?!e)/u
const THORN_INSIDE = /\p{L}þ/u
const ETH_FIRST = /^ð/u
const MISPLACED = -5
/** A word of Latin script that has more accented letters than others. */
const CROWDED = -4

/** Returns how likely a word is. */
export function likelihoodOf(word: string): number {
  let sum = 0
  let latin = 0
  const scripts = new Set<number>()
  for (const letter of word) {
    if (/[a-z]/i.test(letter)) {
      sum += ASCII_LETTER
      latin++
      continue
    }
    if (letter <= '\x7f') continue
    if (HARMLESS.test(letter) || !/\p{L}/u.test(letter)) {
      sum += HARMLESS.test(letter) ? COMMON : letter === '\ufffd' || /\p{C}/u.test(letter) ? NO_CHARACTER : SIGN
      continue
    }
    const small = letter.toLowerCase()
    const at = ALPHABETS.findIndex(([letters]) => letters.includes(small))
    const [letters, first, further] = ALPHABETS[at] ?? ['', 0, 0]
    if (at !== -1) sum += first + further * letters.indexOf(small)
    else if (/\p{Script=Thai}/u.test(letter)) sum += -3.3
    else if (/\p{Script=Latin}/u.test(letter)) {
      latin++
      scripts.add(-2)
      continue
    } else sum += STRANGE_LETTER
    scripts.add(at)
  }
  if (latin > 0 && [...scripts].some((script) => script !== -2)) sum += OTHER_SCRIPT
  sum += OTHER_SCRIPT * Math.max(0, [...scripts].filter((script) => script !== -2).length - 1)
  if (scripts.has(-2)) sum += bestLanguage(word)
  const misplaced = [...word.matchAll(OPENING), ...word.matchAll(BETWEEN)].length
  return sum + oddCases(word) * ODD_CASE + misplaced * SIGN
}

function bestLanguage(word: string): number {
  const small = word.toLowerCase()
  const special = [...small].filter((letter) => letter > '\x7f' && /\p{Script=Latin}/u.test(letter))
  const nasal = NOT_NASAL.test(small) ? MISPLACED : 0
  const thorn = (THORN_INSIDE.test(small) ? MISPLACED / 2 : 0) + (ETH_FIRST.test(small) ? MISPLACED : 0)
  const likelihoods = LANGUAGES.map(([rare, letters]) =>
    special.reduce(
      (sum, letter) => sum + (letters.includes(letter) ? COMMON : STRANGE_LETTER),
      (letters.includes('ã') ? nasal : 0) + (letters.includes('þ') ? thorn : 0) - rare,
    ),
  )
  const crowded = special.length > 1 && special.length * 2 > small.length ? CROWDED : 0
  return Math.max(...likelihoods) + crowded
}

/** Counts the places where the case of letters changes as in no word. Two ASCII letters may change as they like. */
function oddCases(word: string): number {
  let odd = 0
  const letters = [...word]
  for (let at = 1; at < letters.length; at++) {
    const [before, letter] = [letters[at - 1] ?? '', letters[at] ?? '']
    if (before <= '\x7f' && letter <= '\x7f') continue
    const falls = isCapital(letters[at - 2] ?? '') && isCapital(before) && isSmall(letter)
    if ((isSmall(before) && isCapital(letter)) || falls) odd++
  }
  return odd
}

const isCapital = (letter: string) => letter !== letter.toLowerCase()
const isSmall = (letter: string) => letter !== letter.toUpperCase()
