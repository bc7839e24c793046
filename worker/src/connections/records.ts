import { Failure } from '../core/failure.ts'
import type { Format } from '../core/source.ts'
import { listText } from '../core/values/list-text.ts'
import { csvRow } from '../formats/csv-write.ts'
import type { RecordColumn } from './mapping.ts'

/**
 * Writes the records of a CRM as a file: UTF-8, commas, a header row of column names, then one row for each record, so
 * that a record has a row number. The first column is the CRM's ID of the record.
 */

/** What a source needs from a CRM's records. Connections to files ignore it. */
export interface RecordsWanted {
  /** The columns of the mapping, each once, as the administrator spells them; null if nothing is mapped. */
  columns: readonly RecordColumn[] | null
  /** Milliseconds since 1970; only records changed since then are needed. Null asks for all records. */
  changedSince: number | null
}

/** One value, several values of one attribute, or none. */
export type RecordCell = string | readonly string[] | null

/** The size limit, and the remote side as messages name it. */
interface RecordBounds {
  from: string
  maxBytes: number
}

/**
 * Returns the format in which every file of records is read. Of the source's own format only the default country
 * counts.
 */
export function recordFormat({ defaultCountry }: Format): Format {
  return { type: 'csv', sheet: null, delimiter: ',', encoding: 'utf-8', defaultCountry }
}

const BLOCK = 64 * 1024

/**
 * Returns the file of records, written while they arrive: one block is held at a time. It errors with what `records`
 * throws, and with `Failure` `too_large`. Cancelling it ends `records`.
 */
export function recordsBody(
  header: readonly string[],
  records: AsyncIterable<readonly RecordCell[]>,
  bounds: RecordBounds,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const rows = records[Symbol.asyncIterator]()
  let text = csvRow(header)
  let sent = 0
  return new ReadableStream(
    {
      async pull(controller) {
        let ended = false
        while (!ended && text.length < BLOCK) {
          const next = await rows.next()
          if (next.done === true) ended = true
          else text += csvRow(next.value.map(written))
        }
        const bytes = encoder.encode(text)
        text = ''
        sent += bytes.length
        if (sent > bounds.maxBytes) {
          await rows.return?.()
          throw tooLarge(bounds)
        }
        if (bytes.length > 0) controller.enqueue(bytes)
        if (ended) controller.close()
      },
      async cancel() {
        await rows.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

function written(cell: RecordCell): string | null {
  return cell === null || typeof cell === 'string' ? cell : listText(cell)
}

function tooLarge({ from, maxBytes }: RecordBounds): Failure {
  return new Failure(
    'too_large',
    `${from} sent more than ${Math.floor(maxBytes / 1024 / 1024)} MB of contacts, the most that can be imported.`,
    'Choose fewer contacts or fewer fields.',
  )
}
