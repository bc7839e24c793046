import { excelError } from './excel-error.ts'
import { requiredBlank } from './required.ts'
import { quote, readBlank, trimInvisible, visibleText } from './text.ts'
import { type Finding, type Read, read, type Unreadable, unreadable } from './value.ts'

/**
 * Characters that different programs write differently. An ID that contains one would be another ID in the next file.
 */
const UNSTABLE = /[\uFFFD\p{Cc}\p{Cs}]/u

/**
 * Reads a contact’s ID: trimmed, and otherwise exactly as the file has it, because `007` is not `7`. A blank or damaged
 * ID is unreadable.
 */
export function readId(cell: string): Read<string> | Unreadable {
  const id = trimInvisible(cell)
  if (readBlank(id) !== null) return { kind: 'unreadable', findings: [requiredBlank('id_blank')] }
  const error = excelError(id)
  if (error !== null) return unreadable('excel_error', error)
  if (!UNSTABLE.test(id)) return read(id)
  const message = `The ID ${quote(id)} has a line break or a character that could not be read. Correct it, or save the file as UTF-8.`
  return unreadable('id_unreadable', message)
}

/**
 * Returns the ID without what nobody sees or means: invisible characters, spaces of another kind or number, and the
 * capitals of an e-mail address. Two IDs of one plain form are probably one person (design: Spreadsheet notation).
 */
export function plainId(id: string): string {
  if (PLAIN.test(id)) return id
  const visible = visibleText(id)
  return visible.includes('@') ? visible.toLowerCase() : visible
}

/** Matches an ID that is its own plain form, as nearly every ID. */
const PLAIN = /^(?:[!-?A-~]+|[!-?[-~@]+)$/

/** Returns an ID for a message: in place of each character that cannot be seen its code, such as `[U+200B]`. */
export function shownId(id: string): string {
  return id.replace(HIDDEN, (hidden) => `[U+${hidden.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`)
}

const HIDDEN = /[\p{DI}\p{Cf}\p{Cc}]|(?! )\p{Zs}| (?= )/gu

/** A number as a spreadsheet shows it in a narrow cell. Its sign tells it from a code such as `1E5`. */
const SHORTENED = /^\d(?:[.,]\d+)?E\+\d{2,3}$/i

/**
 * Returns the finding for an ID that a spreadsheet wrote as `1.23457E+11`, or null. Its other digits are lost, so two people
 * may share it, and the next undamaged file has other IDs.
 */
export function shortenedId(id: string): Finding | null {
  if (!id.includes('+') || !SHORTENED.test(id)) return null
  const message = `A spreadsheet shortened this ID to ${quote(id)}. Format the column as text, enter the IDs again, and save the file.`
  return { code: 'id_lost_digits', message }
}
