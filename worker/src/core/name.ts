import * as z from 'zod'
import { cleanLine } from './values/text.ts'

/**
 * A name that a person gives to a source, a user, a token, a group or a field. It is cleaned as a cell of a file is: on one
 * line, without control characters, and without characters that show nothing or turn the direction of what follows, which
 * could make a name look like another one.
 */
export function nameSchema(most: number, blank = 'Enter a name') {
  return z.string().overwrite(cleanLine).min(1, blank).max(most)
}
