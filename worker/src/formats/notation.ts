const EQUALS = 0x3d
const APOSTROPHE = 0x27
const BACKSLASH = 0x5c
/** How databases write a blank cell in a text file (MySQL, Hive, Redshift, PostgreSQL). */
const NULL = '\\N'
/** A text that a spreadsheet program would take for a formula, with any number of apostrophes before it. */
const FORMULA = /^'*(?:[=+\-@\t\r]|\\N$)/
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
