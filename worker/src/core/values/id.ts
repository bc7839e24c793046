import { excelError } from './excel-error.ts'
import { requiredBlank } from './required.ts'
import { quote, readBlank, trimInvisible } from './text.ts'
import { type Read, read, type Unreadable, unreadable } from './value.ts'

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
