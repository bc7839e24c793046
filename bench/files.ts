import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { utils, write } from 'xlsx'
import { rosterRows, type State } from './roster.ts'

/** The type of the remote file. */
export type FileType = 'csv' | 'xlsx'

/** Writes a state of the made-up roster with this many contacts as a file. */
export async function writeRoster(
  path: string,
  { type, rows, seed, state }: { type: FileType; rows: number; seed: number; state: State },
): Promise<void> {
  const content = rosterRows(rows, seed, state)
  await (type === 'csv' ? writeCsv(path, content) : writeXlsx(path, content))
}

async function writeCsv(path: string, content: Iterable<string[]>): Promise<void> {
  const file = createWriteStream(path)
  for (const cells of content) {
    if (!file.write(`${cells.map(quoted).join(',')}\r\n`)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'close')
}

/** Returns rows as the bytes of a CSV file. */
export function csvBytes(content: Iterable<string[]>): Buffer {
  const pieces: Buffer[] = []
  let lines: string[] = []
  for (const cells of content) {
    if (lines.push(cells.map(quoted).join(',')) < LINES_A_PIECE) continue
    pieces.push(Buffer.from(`${lines.join('\r\n')}\r\n`))
    lines = []
  }
  if (lines.length > 0) pieces.push(Buffer.from(`${lines.join('\r\n')}\r\n`))
  return Buffer.concat(pieces)
}

const LINES_A_PIECE = 10_000

function quoted(cell: string): string {
  return cell.includes(',') ? `"${cell}"` : cell
}

/** Writes a workbook as Excel does, with shared strings and compressed. The writer is not Muster's own. */
async function writeXlsx(path: string, content: Iterable<string[]>): Promise<void> {
  const workbook = utils.book_new(utils.aoa_to_sheet([...content], { dense: true }), 'Contacts')
  await writeFile(path, write(workbook, { type: 'buffer', bookType: 'xlsx', bookSST: true, compression: true }))
}
