import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CFB } from 'xlsx'
import { Failure } from '../core/failure.ts'
import { growth } from '../testing/growth.ts'
import { failureOf, formatOf, gzipOf, readAll, sourceOf, zipOf } from '../testing/tables.ts'
import { csvBatches, detectDialect } from './csv/table.ts'
import flatOds from './golden/contacts.fods?url&inline'
import ods from './golden/contacts.ods?url&inline'
import xls from './golden/contacts.xls?url&inline'
import xlsx from './golden/contacts.xlsx?url&inline'
import utf16Csv from './golden/contacts-utf-16.csv?url&inline'
import windowsCsv from './golden/contacts-windows-1252.csv?url&inline'
import { chunksOf } from './reading.ts'
import { openTable } from './table.ts'

const CSV = 'ID,Name\n1,Ann\n2,Zoë\n'
const ROWS = [
  [1, 'ID', 'Name'],
  [2, '1', 'Ann'],
  [3, '2', 'Zoë'],
]

async function golden(dataUrl: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(dataUrl)).arrayBuffer())
}

/**
 * Returns the rows of a CSV text whose bytes arrive in chunks and are decoded in blocks of these sizes, or the code of
 * its failure.
 */
async function rowsInBlocks(text: string, chunkBytes: number, blockBytes: number): Promise<unknown> {
  const bytes = new TextEncoder().encode(text)
  const chunks = chunksOf(await sourceOf(bytes, chunkBytes).read())
  const rows: unknown[] = []
  try {
    const encoding = { name: 'utf-8', twice: false, doubt: null, open: null }
    const dialect = detectDialect(text, true, formatOf())
    for await (const batch of csvBatches({ chunks, encoding, dialect }, blockBytes)) {
      for (const [index, row] of batch.cells.entries()) rows.push([batch.numbers[index], ...row])
    }
  } catch (error) {
    if (error instanceof Failure) return error.code
    throw error
  }
  return rows
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]))
}

describe('a CSV file', () => {
  it('a CSV file is read, and its delimiter and encoding are found', async () => {
    expect(await readAll(CSV)).toEqual({ type: 'csv', details: { delimiter: ',', encoding: 'utf-8' }, rows: ROWS })
  })

  it('a CSV file can be opened twice on one source', async () => {
    const source = sourceOf(CSV)
    expect((await readAll(source)).rows).toEqual((await readAll(source)).rows)
  })

  it.each([
    ['Windows-1252 with semicolons', windowsCsv, ';', 'windows-1252'],
    ['UTF-16 with tabs', utf16Csv, '\t', 'utf-16le'],
  ])('a CSV file of LibreOffice in %s is read', async (_, file, delimiter, encoding) => {
    const { details, rows } = await readAll(await golden(file))
    expect(details).toEqual({ delimiter, encoding })
    expect(rows.filter(([, id]) => id !== '')).toEqual([
      [1, 'ID', '', 'Name', 'Number', 'Since', 'Share', 'Active', 'Sum'],
      [4, '007', '', 'Zoë & Ana\nsecond line', '16045550100', '2024-02-29', '12.5%', '1', '2'],
      [5, '008', '', 'Bob', '604555010012345', '', '', '', '#DIV/0!'],
    ])
  })

  it('a CSV file hides the line sep=; as spreadsheets do, so that the header is row 1', async () => {
    const { details, rows } = await readAll('\uFEFFsep=;\r\nID;Name\r\n1;Ann, Bob\r\n')
    expect(details).toEqual({ delimiter: ';', encoding: 'utf-8' })
    expect(rows).toEqual([
      [1, 'ID', 'Name'],
      [2, '1', 'Ann, Bob'],
    ])
  })

  it('byte-order marks before the header are left out, and before quoted cells of a joined file', async () => {
    const rows = [
      [1, 'ID', 'Name'],
      [2, '1', 'Ann'],
    ]
    expect((await readAll('\uFEFF\uFEFF\uFEFF"ID","Name"\n1,Ann\n')).rows).toEqual(rows)
    expect((await readAll('\uFEFF\uFEFFsep=;\n"ID";"Name"\n1;Ann\n')).rows).toEqual(rows)
    expect((await readAll('ID,Name\n\uFEFF"1","Ann"\n')).rows).toEqual(rows)
  })

  it('a CSV file is read with the delimiter and the encoding that the source is set to', async () => {
    const { details, rows } = await readAll(new Uint8Array([0x41, 0x2c, 0xf2, 0xd5, 0x3b, 0x42]), {
      delimiter: ';',
      encoding: 'koi8-r',
    })
    expect(details).toEqual({ delimiter: ';', encoding: 'koi8-r' })
    expect(rows).toEqual([[1, 'A,Ру', 'B']])
  })

  it('a CSV file is read in the encoding that its server says', async () => {
    const bytes = Uint8Array.from([0x49, 0x44, 0x0a, 0xcc, 0xe8, 0x0a])
    expect((await readAll({ ...sourceOf(bytes), charset: 'windows-1251' })).rows).toEqual([
      [1, 'ID'],
      [2, 'Ми'],
    ])
  })

  it('an encoding that shows only far from the beginning is found, and all rows are read in it', async () => {
    const start = Array.from({ length: 20_000 }, (_, i) => `${i},Ann Lee\n`).join('')
    const polish = ['a375636a61', '4b616d69f1736b69', '57b3616479b3617720', '4dea637a79f1736b69']
    const bytes = Buffer.concat([Buffer.from(start), ...polish.map((hex) => Buffer.from(`782c${hex}0a`, 'hex'))])
    const { details, rows } = await readAll(new Uint8Array(bytes))
    expect(details.encoding).toBe('windows-1250')
    expect(rows.slice(-4).map(([, , name]) => name?.trim())).toEqual(['Łucja', 'Kamiński', 'Władyław', 'Męczyński'])
    expect(rows).toHaveLength(20_004)
    const set = await readAll(new Uint8Array(bytes), { encoding: 'koi8-r' })
    expect(set.rows.at(-4)?.[2]).toBe('ёucja')
  })

  it('a text that was encoded as UTF-8 twice is read as it was meant, wherever a block ends', async () => {
    const name = 'Zoë Côté, Михаил, 李娜'
    const twice = new TextDecoder('windows-1252').decode(new TextEncoder().encode(`"${name}",x\n`.repeat(12_000)))
    const { rows } = await readAll(twice)
    expect(new Set(rows.map(([, cell]) => cell))).toEqual(new Set([name]))
  })

  it('a CSV file gives the same rows, no matter how its bytes arrive', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r') })
    const size = fc.integer({ min: 1, max: 9 })
    await fc.assert(
      fc.asyncProperty(text, size, size, async (text, chunkBytes, blockBytes) => {
        expect(await rowsInBlocks(text, chunkBytes, blockBytes)).toEqual(await rowsInBlocks(text, 1000, 1000))
      }),
    )
  })

  it('a CSV file comes in bounded batches', async () => {
    const { batches } = await openTable(sourceOf('1234,5678\n'.repeat(100_000), 64_000), formatOf())
    for await (const { numbers } of batches) expect(numbers.length).toBeLessThan(30_000)
  })

  it('a CSV file with a very long open quote is refused in time that follows its length', async () => {
    const failure = (lines: number) => failureOf(`ID,Name\n1,"${'a\n'.repeat(lines)}`, {})
    expect(await failure(4_000_000)).toBe('not_a_contact_file')
    expect(await growth(50_000, failure)).toBeLessThan(32)
  })
})

describe('a compressed file', () => {
  it('a compressed file is opened: gzip, ZIP, and a workbook in either', async () => {
    expect((await readAll(await gzipOf(CSV))).rows).toEqual(ROWS)
    expect((await readAll(await zipOf({ 'list/contacts.csv': CSV, '__MACOSX/._contacts.csv': 'x' }))).rows).toEqual(
      ROWS,
    )
    expect((await readAll(await gzipOf(await golden(xlsx)))).type).toBe('xlsx')
  })

  it.each([
    [{ 'contacts.csv': CSV, 'readme.md': 'Hello' }],
    [{ 'README.txt': 'Hello', 'contacts.csv': CSV }],
    [{ 'README.txt': 'Hello', 'contacts.txt': CSV, '__MACOSX/._contacts.txt': 'x', '.DS_Store': 'x' }],
    [{ 'a/b/people.tsv': CSV, 'a/notes.txt': 'Hello', 'a/empty.csv': '' }],
    [{ 'export.dat': CSV, license: 'Hello' }],
    [{ export: CSV }],
  ])('the contact file is found among the files of an archive: %j', async (files) => {
    expect((await readAll(await zipOf(files))).rows).toEqual(ROWS)
  })

  it('a gzip file inside a ZIP is opened', async () => {
    const stored = Buffer.from(await gzipOf(CSV)).toString('latin1')
    // Our own writer takes texts only, so the bytes go in through one that keeps them.
    const zip = CFB.utils.cfb_new()
    CFB.utils.cfb_add(zip, '/contacts.csv.gz', Buffer.from(stored, 'latin1'))
    const bytes = new Uint8Array(CFB.write(zip, { type: 'array', fileType: 'zip' }) as ArrayBuffer)
    expect((await readAll(bytes)).rows).toEqual(ROWS)
  })

  it('an archive of several contact files is refused, and the failure names them', async () => {
    const files = await zipOf({ 'a.csv': CSV, 'x/b.csv': CSV, 'c.txt': CSV })
    const refused = expect.objectContaining({
      code: 'unsupported_format',
      message: expect.stringContaining('2 files that may be the contact file: “a.csv”, “x/b.csv”.'),
    })
    await expect(readAll(files)).rejects.toEqual(refused)
  })

  it('an archive inside an archive inside an archive is refused', async () => {
    let bytes = await gzipOf(CSV)
    for (let depth = 0; depth < 4; depth++) bytes = await gzipOf(bytes)
    expect(await failureOf(bytes)).toBe('unsupported_format')
  })

  it('a gzip file that was cut anywhere is truncated', async () => {
    const gzip = await gzipOf(CSV.repeat(100))
    for (const length of [20, gzip.length - 9, gzip.length - 1]) {
      expect(await failureOf(gzip.slice(0, length))).toBe('truncated')
    }
  })

  it('a decompression bomb is stopped', async () => {
    const lines = await gzipOf(new Uint8Array(66 * 1024 * 1024).fill(0x0a))
    expect(await failureOf(lines)).toBe('too_large')
    const line = await gzipOf(new Uint8Array(4 * 1024 * 1024).fill(0x61))
    expect(await failureOf(line)).toBe('not_a_contact_file')
  })
})

describe('a file that is no contact file', () => {
  it.each([
    ['an empty file', '', 'empty'],
    ['a file of blanks', '\uFEFF \r\n\t\n', 'empty'],
    ['a file of blanks longer than the sample', '\n'.repeat(100_000), 'empty'],
    ['a file of delimiters', ',,,\n,,,\n', 'empty'],
    ['a sign-in page', '\n<!DOCTYPE html><html><body>Sign in</body></html>', 'not_a_contact_file'],
    ['an XHTML page', '<?xml version="1.0"?>\n<!DOCTYPE html><html/>', 'not_a_contact_file'],
    ['XML', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'not_a_contact_file'],
    ['an error message in JSON', '{"error": "no access"}', 'not_a_contact_file'],
    ['a file of control characters', '\u0001\u0002\0\0\u0003,\u0004', 'not_a_contact_file'],
    ['a PDF', '%PDF-1.7\n', 'unsupported_format'],
    ['another archive', 'Rar!\x1a\x07', 'unsupported_format'],
    ['an XML spreadsheet', '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>', 'unsupported_format'],
    ['a file with a hole', `ID,Name\n1,Ann\n${'\0'.repeat(300)}`, 'truncated'],
    ['a file cut inside a quote', 'ID,Name\n1,"An', 'truncated'],
  ])('%s is refused with its own code', async (_, content, code) => {
    expect(await failureOf(content)).toBe(code)
  })

  it.each([
    ['.ods', ods, 'unsupported_format'],
    ['.xls', xls, 'unsupported_format'],
    ['.fods', flatOds, 'unsupported_format'],
  ])('the %s of LibreOffice is refused with its own code', async (_, file, code) => {
    expect(await failureOf(await golden(file))).toBe(code)
  })

  it('a workbook behind a password is refused with its own code', async () => {
    const container = CFB.utils.cfb_new()
    CFB.utils.cfb_add(container, '/EncryptionInfo', new Uint8Array(2000))
    CFB.utils.cfb_add(container, '/EncryptedPackage', new Uint8Array(5000))
    const bytes = new Uint8Array(CFB.write(container, { type: 'array' }) as ArrayBuffer)
    expect(await failureOf(bytes)).toBe('encrypted_file')
    expect(await failureOf(bytes.slice(0, 600))).toBe('truncated')
  })

  it('a Word document and an empty ZIP are refused with their own codes', async () => {
    expect(await failureOf(await zipOf({ 'word/document.xml': '<w/>' }))).toBe('unsupported_format')
    expect(await failureOf(await zipOf({}))).toBe('empty')
  })

  it('a file is refused if the source is set to another type', async () => {
    expect(await failureOf(CSV, { type: 'xlsx' })).toBe('unsupported_format')
    expect(await failureOf(await golden(xlsx), { type: 'csv' })).toBe('unsupported_format')
  })

  it('no bytes make the reader hang or throw anything but a Failure', async () => {
    const starts = fc.constantFrom(
      '',
      'PK\x03\x04',
      '\x1f\x8b\x08',
      '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
      'ID,Name\n',
      '<',
    )
    await fc.assert(
      fc.asyncProperty(starts, fc.uint8Array({ maxLength: 2000 }), async (start, bytes) => {
        const head = Uint8Array.from(start, (letter) => letter.charCodeAt(0))
        await failureOf(joined(head, bytes))
      }),
    )
  })

  it('a workbook with wrong bytes never makes the reader throw anything but a Failure', async () => {
    const whole = await golden(xlsx)
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = whole.slice()
        bytes[at] = byte
        await failureOf(bytes)
      }),
    )
  })
})

describe('reading', () => {
  it('reading a table passes on the error of its source', async () => {
    const lost = new Failure('unreachable', 'The connection was lost.', 'Try again.')
    const source = { ...sourceOf(CSV), read: async () => new ReadableStream({ pull: (c) => c.error(lost) }) }
    await expect(readAll(source)).rejects.toBe(lost)
  })

  it('reading a compressed table passes on the error of its source', async () => {
    const lost = new Failure('unreachable', 'The connection was lost.', 'Try again.')
    const bytes = await gzipOf(CSV.repeat(1000))
    const source = {
      ...sourceOf(bytes),
      read: async () => {
        let calls = 0
        return new ReadableStream<Uint8Array>({
          pull: (c) => (calls++ === 0 ? c.enqueue(bytes.slice(0, 50)) : c.error(lost)),
        })
      },
    }
    await expect(readAll(source)).rejects.toBe(lost)
  })

  it('reading a table stops when the signal is aborted', async () => {
    const stopped = AbortSignal.abort(new Error('stopped'))
    await expect(openTable(sourceOf(CSV), formatOf(), { signal: stopped })).rejects.toThrow('stopped')
  })

  it('leaving a table early cancels its stream', async () => {
    let cancelled = 0
    const base = sourceOf('ID,Name\n'.repeat(200_000), 10_000)
    const source = {
      ...base,
      read: async (offset?: number, length?: number) => {
        const reader = (await base.read(offset, length)).getReader()
        return new ReadableStream<Uint8Array>({
          async pull(c) {
            const { done, value } = await reader.read()
            if (done) c.close()
            else c.enqueue(value)
          },
          cancel: () => void cancelled++,
        })
      },
    }
    const { batches } = await openTable(source, formatOf())
    for await (const _ of batches) break
    expect(cancelled).toBe(2)
  })
})
