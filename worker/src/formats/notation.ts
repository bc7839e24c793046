const EQUALS = 0x3d
const APOSTROPHE = 0x27
const BACKSLASH = 0x5c
/** How databases write a blank cell in a text file (MySQL, Hive, Redshift, PostgreSQL). */
const NULL = '\\N'
/**
 * A text that a spreadsheet program may run as a formula on opening a file (OWASP, CSV Injection), with any number of
 * apostrophes before it: one of the signs, also in full width, blanks and quotes before it aside; or a tab or a line break,
 * behind which some programs look for one.
 */
const FORMULA = /^'*(?:["\s]*[=+\-@＝＋－＠]|[\t\r\n]|\\N$)/
/** A number as the directory has it. As a formula it is only that number, and other systems read it. */
const TELEPHONE_NUMBER = /^\+\d{1,15}(?: x\d{1,15})?$/
/** Functions of a spreadsheet that show one text: the text itself, or that of a link. */
const SHOWS_TEXT = /^=(?:T\(|HYPERLINK\("[^"]*"[,;]\s*)/i
const LONGEST_LINK = 2000

/** Returns whether a cell may be written in a notation, as very few cells are. */
export function mayHaveNotation(cell: string): boolean {
  const first = cell.charCodeAt(0)
  return first === EQUALS || first === APOSTROPHE || first === BACKSLASH
}

/**
 * Returns the text that a person sees in a spreadsheet program (design: Spreadsheet notation): `0012` for `="0012"`,
 * `=Ana` for `'=Ana`, whose apostrophe guards against a formula, and nothing for `\N`. Another apostrophe is part of
 * the text, as in `'t Hooft`.
 */
export function withoutNotation(cell: string): string {
  switch (cell.charCodeAt(0)) {
    case EQUALS:
      return textOfFormula(cell) ?? cell
    case APOSTROPHE:
      return FORMULA.test(cell) ? cell.slice(1) : cell
    default:
      return cell === NULL ? '' : cell
  }
}

/**
 * Returns a text as a CSV file has it: with an apostrophe before it if a spreadsheet program may run it as a formula, or if
 * it would be read as another text. `withoutNotation` takes the apostrophe away again.
 */
export function guarded(text: string): string {
  const code = text.charCodeAt(0)
  // Most texts begin with a letter or a digit.
  if ((code > 64 && code < 92) || (code > 92 && code < 127) || (code > 47 && code < 58)) return text
  if (FORMULA.test(text) ? !TELEPHONE_NUMBER.test(text) : withoutNotation(text) !== text) return `'${text}`
  return text
}

/** Returns the text of a formula that is nothing but a text; null for any other formula. */
function textOfFormula(cell: string): string | null {
  const formula = cell.trimEnd()
  const start = SHOWS_TEXT.exec(formula.slice(0, LONGEST_LINK))?.[0] ?? '='
  const end = start === '=' ? '"' : '")'
  if (formula.charAt(start.length) !== '"' || !formula.endsWith(end)) return null
  const text = formula.slice(start.length + 1, -end.length)
  if (formula.length < start.length + 1 + end.length) return null
  return text.replaceAll('""', '').includes('"') ? null : text.replaceAll('""', '"')
}
