import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { utils, write } from 'xlsx'
import { writeWorkbook } from '../../worker/src/formats/workbook.ts'
import type { Sheet } from '../../worker/src/testing/planned-directory.ts'
import { readParts, writeParts } from '../../worker/src/testing/zip.ts'
import type { Random } from '../catalogue/random.ts'

/** A list written as a file, and the place where it is damaged: before it is packed, or after. */
export interface WrittenFile {
  form: string
  /** The bytes that are damaged. */
  bytes: Uint8Array
  /** Returns the file with these bytes in place of the undamaged ones. */
  pack(bytes: Uint8Array): Promise<Uint8Array>
  /** Finds out what the damage left of the rows, the header first. */
  remains(bytes: Uint8Array): Remains
}

/**
 * What is left of a file: for each row whether it stands there as it was written, and the text of all other rows. The
 * content of a packed file is protected by checksums, so that either the file is refused, or nothing in it has changed.
 */
interface Remains {
  intact: boolean[]
  others: string
}

type Form = (sheet: Sheet, random: Random) => Promise<WrittenFile>

const compressed = promisify(gzip)
const asItIs = async (bytes: Uint8Array) => bytes

/** Every way of writing a list, chosen equally often. */
export const FORMS: readonly Form[] = [
  writtenText,
  writtenText,
  writtenText,
  async (sheet, random) => packedBefore(await writtenText(sheet, random), 'gzip', compressed),
  async (sheet, random) => packedBefore(await writtenText(sheet, random), 'zip', zipped),
  async (sheet, random) => packedAfter(await writtenText(sheet, random), 'gzip', compressed, sheet.length),
  async (sheet, random) => packedAfter(await writtenText(sheet, random), 'zip', zipped, sheet.length),
  async (sheet, random) => sealed('xlsx', await workbook(sheet, random, random.chance(0.5)), sheet.length),
  writtenSheet,
  writtenJson,
]

async function writtenText(sheet: Sheet, random: Random): Promise<WrittenFile> {
  const delimiter = random.pick([',', ',', ';', '\t', '|'])
  const lineBreak = random.pick(['\r\n', '\n', '\n', '\r'])
  const quoted = random.chance(0.2)
  const encoding = random.pick(ENCODINGS)
  const rows = sheet.map((row) => row.map((cell) => quotedCell(cell, delimiter, quoted)).join(delimiter))
  const text = rows.join(lineBreak) + (random.chance(0.8) ? lineBreak : '')
  const bytes = encoding.encode(text)
  const lines = rows.map((row) => encoding.decode(encoding.encode(row)))
  return {
    form: `text ${encoding.name} ${JSON.stringify(delimiter + lineBreak)}`,
    bytes,
    pack: asItIs,
    remains(damaged) {
      const written = new Set(lines)
      const found = encoding.decode(damaged).split(/\r\n|\r|\n/)
      const intact = new Set(found)
      return {
        // Rows above the header are notes.
        intact: lines.map((line, row) => (row === 0 ? line === found[0] : intact.has(line))),
        others: found.filter((line) => !written.has(line)).join('\n'),
      }
    },
  }
}

function quotedCell(cell: string, delimiter: string, always: boolean): string {
  const needed = always || cell.includes(delimiter) || /["\r\n]/.test(cell)
  return needed ? `"${cell.replaceAll('"', '""')}"` : cell
}

interface Encoding {
  name: string
  encode(text: string): Uint8Array
  /** Decodes without its byte-order mark. */
  decode(bytes: Uint8Array): string
}

const utf8: Encoding = {
  name: 'utf-8',
  encode: (text) => new TextEncoder().encode(text),
  decode: (bytes) => new TextDecoder().decode(bytes),
}

const ENCODINGS: readonly Encoding[] = [
  utf8,
  utf8,
  { ...utf8, name: 'utf-8 with a byte-order mark', encode: (text) => new TextEncoder().encode(`\uFEFF${text}`) },
  wide('utf-16le', true),
  wide('utf-16be', false),
  {
    name: 'windows-1252',
    encode: (text) => Uint8Array.from(text, (char) => (char.charCodeAt(0) < 256 ? char.charCodeAt(0) : 0x3f)),
    decode: (bytes) => new TextDecoder('windows-1252').decode(bytes),
  },
]

function wide(name: string, littleEndian: boolean): Encoding {
  return {
    name,
    encode(text) {
      const marked = `\uFEFF${text}`
      const bytes = new Uint8Array(2 * marked.length)
      const view = new DataView(bytes.buffer)
      for (let at = 0; at < marked.length; at++) view.setUint16(2 * at, marked.charCodeAt(at), littleEndian)
      return bytes
    },
    decode: (bytes) => new TextDecoder(name).decode(bytes),
  }
}

function packedBefore(written: WrittenFile, how: string, pack: WrittenFile['pack']): WrittenFile {
  return { ...written, form: `${written.form}, then ${how}`, pack }
}

async function packedAfter(
  written: WrittenFile,
  how: string,
  pack: WrittenFile['pack'],
  rows: number,
): Promise<WrittenFile> {
  return sealed(`${how} of ${written.form}`, await pack(written.bytes), rows)
}

function sealed(form: string, bytes: Uint8Array, rows: number): WrittenFile {
  return {
    form,
    bytes,
    pack: asItIs,
    remains: () => ({ intact: Array.from({ length: rows }, () => true), others: '' }),
  }
}

/** Writes a list of records in JSON, the whole document or a record a line. A blank cell is left out, null or a blank text. */
async function writtenJson(sheet: Sheet, random: Random): Promise<WrittenFile> {
  const [header = [], ...rows] = sheet
  const indent = random.chance(0.3) ? 2 : undefined
  const lines = random.chance(0.3)
  const blank = random.pick(['', null])
  const records = rows.map((row) => {
    const cells = header.map((name, at) => [name, row[at] === '' ? blank : row[at]])
    return JSON.stringify(Object.fromEntries(cells), null, lines ? undefined : indent)
  })
  const list = `[${records.join(',\n')}]`
  const text = lines
    ? `${records.join('\n')}\n`
    : random.chance(0.5)
      ? list
      : `{"total": ${rows.length}, "items": ${list}}`
  return {
    form: lines ? 'json lines' : 'json',
    bytes: utf8.encode(text),
    pack: asItIs,
    remains(damaged) {
      const found = utf8.decode(damaged)
      const others = records.reduce((rest, record) => rest.replaceAll(record, ''), found)
      return { intact: [true, ...records.map((record) => found.includes(record))], others }
    },
  }
}

async function zipped(bytes: Uint8Array): Promise<Uint8Array> {
  return writeParts(new Map([['contacts.csv', bytes]]))
}

async function workbook(sheet: Sheet, random: Random, shared: boolean): Promise<Uint8Array> {
  if (random.chance(0.5)) return writeWorkbook([{ name: 'Contacts', rows: sheet.map((row) => [...row]) }])
  const book = utils.book_new(utils.aoa_to_sheet(sheet.map((row) => [...row])), 'Contacts')
  const bytes: ArrayBuffer = write(book, { type: 'array', bookType: 'xlsx', bookSST: shared })
  return new Uint8Array(bytes)
}

const SHEET = 'xl/worksheets/sheet1.xml'

/** Writes a workbook whose sheet is damaged before it is packed. */
async function writtenSheet(sheet: Sheet, random: Random): Promise<WrittenFile> {
  // With shared texts, a damaged row would not show whom it names.
  const whole = await workbook(sheet, random, false)
  const parts = readParts(whole)
  const bytes = parts.get(SHEET)
  if (bytes === undefined) throw new Error('The workbook has no sheet')
  const rows = utf8.decode(bytes).match(/<row\b.*?<\/row>/gs) ?? []
  return {
    form: 'sheet of xlsx',
    bytes,
    pack: async (damaged) => writeParts(new Map([...parts, [SHEET, damaged]])),
    remains(damaged) {
      const text = utf8.decode(damaged)
      const intact = rows.map((row) => text.includes(row))
      const others = rows.reduce((rest, row) => rest.replaceAll(row, ''), text)
      return { intact, others }
    },
  }
}
