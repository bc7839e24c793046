import { describe, expect, it } from 'vitest'
import { failureOf, formatOf, gzipOf, readAll, sourceOf, zipOf } from '../testing/tables.ts'
import { csvRow } from './csv-write.ts'
import xlsx from './golden/contacts.xlsx?url&inline'
import windowsCsv from './golden/contacts-windows-1252.csv?url&inline'
import { openTable } from './table.ts'
import { workbookStream, writeWorkbook } from './workbook.ts'

/** Tests what differs between runtimes: decoders, decompression, and how streams are cancelled. */
describe('in the runtime of the Worker', () => {
  const rows = [
    [1, 'ID', 'Name'],
    [2, '1', 'Zoë €'],
  ]
  const csv = 'ID,Name\r\n1,Zoë €\r\n'

  it('the files of LibreOffice are read in workerd', async () => {
    for (const file of [xlsx, windowsCsv]) {
      const read = await readAll(Uint8Array.from(atob(file.split(',')[1] ?? ''), (letter) => letter.charCodeAt(0)))
      expect(read.rows.find(([number]) => number === 4)?.slice(0, 6)).toEqual([
        4,
        '007',
        '',
        'Zoë & Ana\nsecond line',
        '16045550100',
        '2024-02-29',
      ])
    }
  })

  it('Windows-1252 and UTF-16 are read in workerd', async () => {
    const windows = new Uint8Array([...new TextEncoder().encode('ID,Name\r\n1,Zo'), 0xeb, 0x20, 0x80, 0x0d, 0x0a])
    expect((await readAll(windows)).rows).toEqual(rows)
    const units = new Uint8Array(Uint16Array.from(`\uFEFF${csv}`, (letter) => letter.charCodeAt(0)).buffer)
    expect((await readAll(units)).rows).toEqual(rows)
  })

  it.each([
    ['windows-1250', 'a375636a61', 'Łucja'],
    ['windows-1251', 'cce8f5e0e8eb', 'Михаил'],
    ['macintosh', '4a6f738e', 'José'],
    ['koi8-r', 'edc9c8c1c9cc', 'Михаил'],
    ['iso-8859-2', 'a375636a61', 'Łucja'],
    ['gbk', 'c0eec4c8', '李娜'],
    ['gb18030', 'c0eec4c8', '李娜'],
    ['big5', 'a4fda470a9fa', '王小明'],
    ['shift_jis', '8e529363', '山田'],
    ['euc-jp', 'bbb3c5c4', '山田'],
    ['iso-2022-jp', '1b2442 3b33 4544 1b2842', '山田'],
    ['euc-kr', 'b1e8b9cebcf6', '김민수'],
  ])('a text in %s is read in workerd, wherever its bytes are cut', async (encoding, hex, name) => {
    const bytes =
      hex
        .replaceAll(' ', '')
        .match(/../g)
        ?.map((byte) => Number.parseInt(byte, 16)) ?? []
    const line = [0x78, 0x2c, ...bytes, 0x0a]
    const text = new Uint8Array([...new TextEncoder().encode('ID,Name\n'), ...line, ...line])
    for (const chunkBytes of [1, 1000]) {
      const read = await readAll(sourceOf(text, chunkBytes), { encoding })
      expect(read.rows.slice(1).map(([, , cell]) => cell)).toEqual([name, name])
      expect(read.details.encoding).toBe(encoding)
    }
  })

  it('gzip and ZIP are opened in workerd, and cut ones are truncated', async () => {
    const gzip = await gzipOf(csv)
    expect((await readAll(gzip)).rows).toEqual(rows)
    expect((await readAll(await zipOf({ 'contacts.csv': csv }))).rows).toEqual(rows)
    const workbook = await writeWorkbook([
      {
        name: 'A',
        rows: [
          ['ID', 'Name'],
          ['1', 'Zoë €'],
        ],
      },
    ])
    expect((await readAll(await gzipOf(workbook))).rows).toEqual(rows)
    expect(await failureOf(gzip.slice(0, -10))).toBe('truncated')
    expect(await failureOf(gzip.slice(0, -1))).toBe('truncated')
  })

  it('a gzip file of several members, and one with padding, is read whole in workerd', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `${i},Zoë ${i * 7919}\r\n`)
    const [one, two] = await Promise.all([gzipOf(csv + lines.join('')), gzipOf('2,Bo\r\n')])
    const several = new Uint8Array([...one, ...two, ...new Array(600).fill(0)])
    expect((await readAll(several)).rows.at(-1)).toEqual([20_003, '2', 'Bo'])
    expect(await failureOf(new Uint8Array([...one, 1, 2, 3]))).toBe('truncated')
  })

  it('a decompression bomb is stopped in workerd', async () => {
    const lines = await gzipOf(new Uint8Array(66 * 1024 * 1024).fill(0x0a))
    expect(await failureOf(lines)).toBe('too_large')
  })

  it('a workbook reads back as it was written in workerd, and can be left half read or half written', async () => {
    const bytes = await writeWorkbook([
      {
        name: 'A',
        rows: [
          ['ID', 'Name'],
          ['1', 'Zoë €'],
        ],
      },
    ])
    expect((await readAll(bytes)).rows).toEqual(rows)
    const { batches } = await openTable(sourceOf(await gzipOf(csvRow(['ID', 'Name']).repeat(200_000))), formatOf())
    for await (const _ of batches) break
    let left = false
    const endless = async function* () {
      try {
        for (let row = 0; ; row++) {
          yield [`${row}`.repeat(20)]
          if (row % 1000 === 0) await new Promise((done) => setTimeout(done))
        }
      } finally {
        left = true
      }
    }
    const reader = workbookStream([{ name: 'A', rows: endless() }]).getReader()
    for (let chunk = 0; chunk < 30; chunk++) await reader.read()
    await reader.cancel()
    await expect.poll(() => left).toBe(true)
  })
})
