/** The sheets of a file that is a workbook: the one that is read, all of them, and others that would do as well. */
export interface SheetsOfFile {
  sheet?: string
  sheets?: readonly string[]
  alsoFit?: readonly string[]
}

const MOST_NAMED = 20

/** Returns the names of sheets for a message, each in quotation marks; at most 20. */
export function listOfNames(sheets: readonly string[]): string {
  const names = sheets.slice(0, MOST_NAMED).map((name) => `“${name}”`)
  return `${names.join(', ')}${sheets.length > MOST_NAMED ? ', …' : ''}`
}
