import type { ByteSource } from '../../../worker/src/core/bytes.ts'
import { type Checked, checkFile } from '../../../worker/src/core/checking.ts'
import { Failure } from '../../../worker/src/core/failure.ts'
import type { FieldDefinition } from '../../../worker/src/core/field.ts'
import type { SourceSettings } from '../../../worker/src/core/source.ts'
import { shapeFor } from '../../../worker/src/core/table-shape.ts'
import { tableOpener } from '../../../worker/src/formats/table.ts'

/** The settings of a source and the fields of the directory, by which a check reads a file. */
export interface ReadBy extends Pick<SourceSettings, 'format' | 'mapping' | 'rows' | 'smsStatus'> {
  fields: readonly FieldDefinition[]
}

/** The progress of a check, its result, or the reason why the file cannot be imported at all. */
export type Check =
  | { state: 'reading'; rows: number }
  | { state: 'checked'; found: Checked }
  | { state: 'refused'; message: string; advice: string }

/** The most problems that are shown. Further problems are only counted. */
export const MOST_PROBLEMS = 500
const TELL_EVERY = 150

/**
 * Reads a file on the viewer’s own machine as an import would. The file is not sent anywhere. Throws only the signal’s
 * reason.
 */
export async function check(
  file: File,
  { format, mapping, rows, smsStatus, fields }: ReadBy,
  tell: (check: Check) => void,
  signal: AbortSignal,
): Promise<void> {
  let reported = Date.now()
  const source = bytesOfFile(file)
  const onRows = (rows: number) => {
    signal.throwIfAborted()
    if (Date.now() - reported < TELL_EVERY) return
    reported = Date.now()
    tell({ state: 'reading', rows })
  }
  tell({ state: 'reading', rows: 0 })
  try {
    const open = tableOpener(source, format, { shapeOf: shapeFor(mapping, rows), signal })
    const rules = {
      mapping,
      rows,
      defaultCountry: format.defaultCountry,
      fields: new Map(fields.map((field) => [field.key, field])),
      smsStatus,
      most: MOST_PROBLEMS,
      seed: crypto.getRandomValues(new Int32Array(1))[0] ?? 0,
    }
    tell({ state: 'checked', found: await checkFile(open, rules, onRows) })
  } catch (error) {
    signal.throwIfAborted()
    tell(error instanceof Failure ? { state: 'refused', message: error.message, advice: error.advice } : UNREADABLE)
  }
}

/** Returns a file of the viewer’s machine as bytes that can be read from any offset. */
export function bytesOfFile(file: File): ByteSource {
  return {
    name: file.name,
    size: file.size,
    read: async (offset = 0, length = file.size - offset) => file.slice(offset, offset + length).stream(),
  }
}

const UNREADABLE: Check = {
  state: 'refused',
  message: 'The file could not be read.',
  advice: 'It may have been moved or changed meanwhile. Choose it again.',
}
