/** What stands in the rows of a workbook for a formula whose result the file does not hold. */
export const NOT_CALCULATED = '#NOT_CALCULATED!'

const REASONS: Readonly<Record<string, string>> = {
  '#N/A': 'its lookup found nothing',
  '#REF!': 'its formula points at a cell that is gone',
  '#VALUE!': 'its formula was given the wrong kind of value',
  '#NAME?': 'it was taken for a formula with a name Excel does not know',
  '#DIV/0!': 'its formula divides by zero',
  '#NULL!': 'its formula names ranges that do not meet',
  '#NUM!': 'its formula gives no valid number',
}

/** The same errors as French Excel shows them, and the errors that newer versions added. */
const OTHERS =
  /^#(N\/D|VALEUR!|NOM\?|NOMBRE!|NUL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|PYTHON!|GETTING_DATA)$/
const TOO_NARROW = /^#{3,}$/

/** Returns the message for a cell that holds one of Excel’s error values; null for any other cell. */
export function excelError(text: string): string | null {
  if (!text.startsWith('#')) return null
  if (TOO_NARROW.test(text)) {
    return 'The cell holds only # signs, which Excel shows when a column is too narrow. Widen the column and save again.'
  }
  if (text === NOT_CALCULATED) {
    return 'The file holds a formula here without its result, because the program that wrote it calculated nothing. Open it in Excel, save it, and import it again.'
  }
  const error = text.toUpperCase()
  const reason = REASONS[error]
  if (reason !== undefined)
    return `Excel shows the error ${error} here: ${reason}. Correct the formula, or type the value.`
  return OTHERS.test(error) ? `Excel shows the error ${error} here. Correct the formula, or type the value.` : null
}
