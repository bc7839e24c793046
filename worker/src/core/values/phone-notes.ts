import { countDigits } from './phone-text.ts'
import { foldWords, LANDLINE_WORDS, MOBILE_WORDS, PAGER_WORDS, PHONE_WORDS, PLACE_WORDS } from './phone-words.ts'

/** Words that may stand before or after a number, and say nothing that must be kept. */
const LABELS: ReadonlySet<string> = new Set([
  ...[PHONE_WORDS, MOBILE_WORDS, LANDLINE_WORDS, PAGER_WORDS, PLACE_WORDS].flatMap((words) => [...words]),
  ...'number numbers nr num numero nummer line direct personal private main primary secondary alternate'.split(' '),
  ...'alternative other principal principale preferred pref best default new my text texts voice callto'.split(' '),
  ...'c m h w o d b t p l'.split(' '),
])

/** Words that say that a number or an address is another person's, is not in use or is a fax. It is not imported then. */
export const REFUSALS: ReadonlySet<string> = new Set(
  `not no never don dont wrong old former disconnected invalid inactive bad dead deceased expired
  kein keine nicht falsch falsche alte ehemals pas ancien ancienne faux fausse invalide
  antiguo antigua viejo vieja equivocado non vecchio errato nao velho
  wife husband spouse partner mother mom mum mommy father dad parent parents son daughter sister brother guardian
  grandmother grandma grandfather grandpa friend neighbour neighbor boss assistant
  frau mann mutter vater eltern ehefrau ehemann sohn tochter bruder schwester
  mere pere epouse epoux mari femme fils fille maman papa
  madre padre esposa esposo hijo hija hermano hermana marido mujer mama moglie marito
  fax faxes telefax faxnummer telecopie telecopieur`.split(/\s+/),
)

const EXTENSION_WORDS: ReadonlySet<string> = new Set(
  'extension extn exten ext poste local loc x anexo interno int ramal durchwahl dw klappe nebenstelle toestel'.split(
    ' ',
  ),
)
const EXTENSION_DIGITS = /^[.:=# ]{0,4}(\d{1,10})(?!\d)/u
const HASH_EXTENSION = /^([^#]*\d[^#]*)# ?(\d{1,10})\D*$/u
/** A number in a list of numbers: `Phone 2: …`. */
const PLACE_IN_LIST = /^\D*\d{0,2}\D*$/u
const FEWEST_DIGITS = 7

/** A number without the words around it. */
export interface Annotated {
  written: string
  extension: string | null
  /** Whether words were left out that may matter: `call after 5`. */
  note: boolean
}

/**
 * Takes the words off a written number: labels (`Cell: …`, `… (work)`), an extension, and notes after it. Returns
 * `refused` if they say that it is not the contact's number, and `letters` if they are part of the number or if what they
 * say before it is not known.
 */
export function withoutWords(text: string): Annotated | 'letters' | 'refused' {
  // Gaps without letters, at even places, and the words between them.
  const pieces = text.split(/(\p{L}+)/u)
  const at = pieces.findIndex((piece, i) => i % 2 === 0 && countDigits(piece) >= FEWEST_DIGITS)
  const words = pieces.map((piece, i) => (i % 2 === 1 ? foldWords(piece) : ''))
  if (words.some((word, i) => REFUSALS.has(word) && !(word === 'no' && i === at - 1 && i > 1))) return 'refused'
  if (at === -1) return 'letters'
  const isLed = words.slice(0, at).every((word) => word === '' || word === 'no' || LABELS.has(word))
  const isListed = pieces.slice(0, at).every((piece, i) => i % 2 === 1 || PLACE_IN_LIST.test(piece))
  if (!isLed || !isListed) return 'letters'
  const piece = pieces[at] ?? ''
  const next = words[at + 1] ?? ''
  if (/\d$/u.test(piece) && next !== '' && !LABELS.has(next) && !EXTENSION_WORDS.has(next)) return 'letters'
  const hash = HASH_EXTENSION.exec(piece)
  const found: Annotated = { written: bare(hash?.[1] ?? piece), extension: hash?.[2] ?? null, note: false }
  for (let i = at + 1; i < pieces.length; i += 2) readWord(found, words[i] ?? '', pieces[i + 1] ?? '')
  return found
}

/** Reads a word after the number, with the text that follows it. */
function readWord(found: Annotated, word: string, after: string): void {
  const digits = EXTENSION_WORDS.has(word) && !found.note ? EXTENSION_DIGITS.exec(after)?.[1] : undefined
  if (digits !== undefined && found.extension === null) found.extension = digits
  else if (!LABELS.has(word) || !PLACE_IN_LIST.test(after)) found.note = true
}

/** Cuts off what surrounds the digits: brackets, dashes, and `2:` of a list. */
function bare(piece: string): string {
  const colon = piece.lastIndexOf(':')
  const number = countDigits(piece.slice(colon + 1)) >= FEWEST_DIGITS ? piece.slice(colon + 1) : piece
  let start = 0
  let end = number.length
  while (start < end && EDGE.includes(number.charAt(start))) start++
  while (end > start && EDGE.includes(number.charAt(end - 1))) end--
  return number.slice(start, end)
}

const EDGE = ' ()[]<>{}"\'*:;,.-/'
