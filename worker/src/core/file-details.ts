/**
 * What is known of a file as a whole. Of a workbook: the sheet that is read, all of them, and others that would do as
 * well. Of a text: its encoding, and another one that is hardly less likely (or `unknown`).
 */
export interface FileDetails {
  encoding?: string
  doubt?: string
  sheet?: string
  /** Whether that sheet is hidden, and is read because no visible one has the columns. */
  hidden?: boolean
  sheets?: readonly string[]
  alsoFit?: readonly string[]
}

const MOST_NAMED = 20

/** Returns the names of sheets for a message, each in quotation marks; at most 20. */
export function listOfNames(sheets: readonly string[]): string {
  const names = sheets.slice(0, MOST_NAMED).map((name) => `“${name}”`)
  return `${names.join(', ')}${sheets.length > MOST_NAMED ? ', …' : ''}`
}
