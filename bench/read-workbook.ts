import { openAsBlob } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { read, utils } from 'xlsx'
import { formatSchema } from '../worker/src/core/source.ts'
import { openTable } from '../worker/src/formats/table.ts'

/*
 * `node bench/read-workbook.ts sheetjs|muster FILE` prints the seconds from a file's bytes to all of its rows as text,
 * without the start of the process.
 */
const [by = '', path = ''] = process.argv.slice(2)

const started = performance.now()
const rows = by === 'sheetjs' ? await withSheetJs() : await withMuster()
if (rows < 2) throw new Error(`${path} has no rows.`)
console.log((performance.now() - started) / 1000)

async function withSheetJs(): Promise<number> {
  const workbook = read(await readFile(path), { dense: true })
  const sheet = workbook.Sheets[workbook.SheetNames[0] ?? '']
  return sheet === undefined ? 0 : utils.sheet_to_json(sheet, { header: 1, raw: false }).length
}

async function withMuster(): Promise<number> {
  const file = await openAsBlob(path)
  const source = {
    name: path,
    size: file.size,
    read: async (offset = 0, length = file.size - offset) => file.slice(offset, offset + length).stream(),
  }
  let rows = 0
  for await (const { cells } of (await openTable(source, formatSchema.parse({}))).batches) rows += cells.length
  return rows
}
