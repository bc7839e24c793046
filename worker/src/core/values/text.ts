import { read, type Value } from './value.ts'

export type TextCode = 'placeholder' | 'excel_error' | 'text_undecodable'

/** Trims, NFC, drops control characters; keeps tabs and line breaks inside (as LF). */
export function cleanText(cell: string): string {
  return cell.trim()
}

/** As `cleanText`, and on one line: inner line breaks and tabs become one space. */
export function cleanLine(cell: string): string {
  return cleanText(cell)
}

/** Plain text (organization, title, number description, assigned user …): blank, placeholder and Excel errors told apart. */
export function readText(cell: string): Value<string> {
  return read(cleanText(cell))
}
