import { excelError } from './excel-error.ts'
import { isMisread } from './misread.ts'
import { BLANK, type Blank, type Finding, read, unreadable, type Value } from './value.ts'

/** Invisible characters at the ends of a cell: white space, no-break and zero-width spaces, BOM, direction marks. */
const INVISIBLE = /[\s\u00AD\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/u
const LINE_BREAK = /\r\n?|[\v\f\u0085\u2028\u2029]/gu
const CONTROL = /\p{Cc}/gu
/** Spaces of another width, and spaces at which no line may break. */
const OTHER_SPACE = /\p{Zs}/gu
/**
 * Characters inside a text that show nothing: soft hyphens, zero-width spaces, direction marks. A joiner between
 * characters of other scripts than Latin, Greek and Cyrillic changes how they look, so it is not among them.
 */
const UNSEEN =
  /\u034F|[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFF9-\uFFFB]|(?<![\u0590-\u{10FFFF}])[\u200C\u200D]|[\u200C\u200D](?![\u0590-\u{10FFFF}])/gu
/** All characters that show nothing, for comparisons. */
const IGNORED = /[\p{DI}\p{Cf}\p{Cc}]/gu

/**
 * Returns the text of a cell in NFC, without invisible and control characters. White space inside stays, except that
 * every line break becomes LF and every other space an ordinary one.
 */
export function cleanText(cell: string): string {
  if (isPlain(cell)) return cell
  const visible = cell
    .toWellFormed()
    .replace(LINE_BREAK, '\n')
    .replace(CONTROL, (control) => (control === '\n' || control === '\t' ? control : ''))
    .replace(UNSEEN, '')
    .replace(OTHER_SPACE, ' ')
  return trimInvisible(visible.normalize('NFC'))
}

/**
 * Returns the text as `cleanText` does, but on one line and with single spaces: a line break, a tab or several spaces
 * inside become one space.
 */
export function cleanLine(cell: string): string {
  if (isPlain(cell)) return cell
  return foldSpaces(cleanText(cell).replace(/[\n\t]/gu, ' '))
}

/** Returns the text as `cleanLine` does, without any character that shows nothing. It is for comparing texts. */
export function visibleText(text: string): string {
  return isPlain(text) ? text : cleanLine(text.replace(/[\t-\r]/gu, ' ').replace(IGNORED, ''))
}

/** Returns the text with one space in place of several. */
function foldSpaces(text: string): string {
  return text.includes('  ') ? text.replace(/ +/gu, ' ') : text
}

/** Returns the cell without invisible characters at its ends, and otherwise unchanged. */
export function trimInvisible(cell: string): string {
  let start = 0
  let end = cell.length
  while (start < end && INVISIBLE.test(cell.charAt(start))) start += 1
  while (end > start && INVISIBLE.test(cell.charAt(end - 1))) end -= 1
  return cell.slice(start, end)
}

/**
 * Returns whether a cell needs no cleaning, as nearly every cell: it has only printable ASCII and the accented letters
 * of U+00C0 to U+017F, which NFC leaves unchanged, it begins and ends with a visible character, and it has single spaces.
 */
function isPlain(cell: string): boolean {
  const last = cell.length - 1
  if (last < 0) return true
  if (cell.charCodeAt(0) === 0x20 || cell.charCodeAt(last) === 0x20) return false
  let before = 0
  for (let i = 0; i <= last; i += 1) {
    const code = cell.charCodeAt(i)
    if (code < 0x20 || (code > 0x7e && code < 0xc0) || code > 0x17f) return false
    if (code === 0x20 && before === 0x20) return false
    // `ÃŸ` was `ß` once; see `misread.ts`.
    if (code > 0x150 && before >= 0xc2 && before <= 0xdf) return false
    before = code
  }
  return true
}

const PLACEHOLDERS = new Set(['n/a', 'n.a.', 'n.a', 'null', 'none', '(null)', '(none)', '<null>', '<none>'])
const DASHES = /^[-\u2010-\u2015\u2212]{1,5}$/u
const LONGEST_PLACEHOLDER = 6
/** The first character of Excel’s error values. */
const HASH = 0x23

/**
 * Returns the blank that a cell represents: it is empty, or holds one of the words that people write instead (seed: “Do
 * not enter n/a, null etc.”). `NA` is not one of these words, because it may be a name or initials. Returns null for
 * any other cell.
 */
export function readBlank(text: string): Blank | null {
  if (text === '') return BLANK
  if (text.length > LONGEST_PLACEHOLDER || !(PLACEHOLDERS.has(text.toLowerCase()) || DASHES.test(text))) return null
  const message = `${quote(text)} was read as a blank cell. Leave a cell with no value empty.`
  return blankWith({ code: 'placeholder', message })
}

function blankWith(finding: Finding): Blank {
  return { kind: 'blank', findings: [finding] }
}

/**
 * Reads a cell of plain text, such as an organization or a title: returns the clean text, a blank, or the finding for
 * one of Excel’s error values.
 */
export function readText(cell: string): Value<string> {
  if (cell.length > LONGEST_PLACEHOLDER && cell.charCodeAt(0) !== HASH && isPlain(cell)) return read(cell)
  const text = cleanText(cell)
  const blank = readBlank(text)
  if (blank !== null) return blank
  const error = excelError(text)
  if (error !== null) return unreadable('excel_error', error)
  if (!text.includes('\uFFFD')) return isMisread(text) ? read(text, [misread(text)]) : read(text)
  const message = `${quote(text)} has characters that could not be read (\uFFFD). Save the file as UTF-8, or set its encoding.`
  const finding: Finding = { code: 'text_undecodable', message }
  return read(text, [finding])
}

function misread(text: string): Finding {
  const message =
    `${quote(text)} has letters that were read in the wrong encoding, somewhere before they came here. ` +
    'Export the file anew from where the text is right, as UTF-8.'
  return { code: 'text_garbled', message }
}

/** Reads a cell as `readText` does, with single spaces: texts that differ by their spaces alone are the same. */
export function readSpaced(cell: string): Value<string> {
  const value = readText(cell)
  return value.kind === 'value' && value.value.includes('  ') ? { ...value, value: foldSpaces(value.value) } : value
}

const LONGEST_QUOTE = 60

/** Returns the cell in quotation marks for a message, on one line and cut to 60 characters. */
export function quote(cell: string): string {
  const line = cell
    .slice(0, LONGEST_QUOTE * 4)
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
  const characters = Array.from(line)
  const shown = characters.length > LONGEST_QUOTE ? `${characters.slice(0, LONGEST_QUOTE - 1).join('')}…` : line
  return `“${shown}”`
}
