import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ABSENT } from '../../core/bytes.ts'
import { Failure } from '../../core/failure.ts'
import { growth } from '../../testing/growth.ts'
import { failureOf, formatOf, gzipOf, readAll, sourceOf, zipOf } from '../../testing/tables.ts'
import { chunksOf } from '../reading.ts'
import { openTable } from '../table.ts'
import { jsonBatches, jsonShape } from './table.ts'

/** Returns the rows of a document, header first, without their numbers. */
async function rowsOf(text: string | Uint8Array): Promise<string[][]> {
  return (await readAll(text)).rows.map(([, ...cells]) => cells as string[])
}

async function noTurn(): Promise<void> {}

/** Returns the rows of a text whose bytes are decoded in blocks of this size, or the code of its failure. */
async function rowsInBlocks(text: string, blockBytes: number): Promise<unknown> {
  const bytes = new TextEncoder().encode(text)
  const chunks = async function* () {
    yield* chunksOf(await sourceOf(bytes, 7).read())
  }
  const rows: unknown[] = []
  try {
    const encoding = { name: 'utf-8', twice: false, doubt: null, open: null }
    const content = { chunks, encoding, shape: jsonShape(text) }
    for await (const { numbers, cells } of await jsonBatches(content, noTurn, blockBytes)) {
      for (const [i, row] of cells.entries()) rows.push([numbers[i], ...row])
    }
    return rows
  } catch (error) {
    if (error instanceof Failure) return error.code
    throw error
  }
}

describe('a JSON file', () => {
  it('a list of objects is read as records that are numbered from 1, below a header of their keys', async () => {
    expect(await readAll('[{"id": "7", "name": "Ana"}, {"id": "8", "name": "Zoë"}]')).toEqual({
      type: 'json',
      details: { encoding: 'utf-8' },
      rows: [
        [0, 'id', 'name'],
        [1, '7', 'Ana'],
        [2, '8', 'Zoë'],
      ],
    })
  })

  it.each(['items', 'data', 'results', 'value', 'records'])(
    'the list of records may be the member %s',
    async (name) => {
      const text = JSON.stringify({ count: 1, tags: ['a', { b: [] }], [name]: [{ id: 1 }], next: null })
      expect(await rowsOf(text)).toEqual([['id'], ['1']])
    },
  )

  it('records on lines of their own are read, also without a line break after the last one', async () => {
    expect(await rowsOf('{"id":1}\r\n\r\n{"id":2}\r\n')).toEqual([['id'], ['1'], ['2']])
    expect(await rowsOf('{"id":1}\n{"id":2}')).toEqual([['id'], ['1'], ['2']])
    expect(await rowsOf('{"id":1,"data":[1]}\n{"id":2}\n')).toEqual([
      ['id', 'data'],
      ['1', '1'],
      ['2', ABSENT],
    ])
    expect(await rowsOf('{"id":1,"groups":["a"]}\n')).toEqual([
      ['id', 'groups'],
      ['1', 'a'],
    ])
  })

  it('the columns are the keys of all records, in the order in which they are found', async () => {
    const last = ABSENT
    expect(await rowsOf('[{"a":1},{"c":2,"a":3},{"b":4}]')).toEqual([
      ['a', 'c', 'b'],
      ['1', last, last],
      ['3', '2', last],
      [last, last, '4'],
    ])
  })

  it('null is blank, and a key that a record does not have is absent', async () => {
    expect(await rowsOf('[{"id":1,"title":null},{"id":2},{"id":3,"title":""},{"id":4,"title":"\\u2029"}]')).toEqual([
      ['id', 'title'],
      ['1', ''],
      ['2', ABSENT],
      ['3', ''],
      ['4', ''],
    ])
  })

  it('numbers keep all their digits, and booleans are words', async () => {
    const text = '[{"id":12345678901234567890,"a":1.50,"b":6.04555E+09,"c":-0,"d":true,"e":false}]'
    expect((await rowsOf(text))[1]).toEqual(['12345678901234567890', '1.50', '6.04555E+09', '-0', 'true', 'false'])
  })

  it('the keys of an object have columns of their own, and what is deeper is one text', async () => {
    expect(await rowsOf('[{"address":{"city":"Bern","at":{"lat":1, "b":[2]},"tags":["a","b"]},"id":1}]')).toEqual([
      ['address.city', 'address.at', 'address.tags', 'id'],
      ['Bern', '{"lat":1, "b":[2]}', 'a\nb', '1'],
    ])
  })

  it('null in the place of an object makes its keys blank', async () => {
    expect(await rowsOf('[{"address":null},{"address":{"city":"Bern"}},{"address":{}},{}]')).toEqual([
      ['address.city'],
      [''],
      ['Bern'],
      [ABSENT],
      [ABSENT],
    ])
  })

  it('a list has a line for each of its items, and an empty list is blank', async () => {
    expect(await rowsOf('[{"g":["a",null,1,true,["x"]]},{"g":[]},{"g":["Search, Rope"]},{"g":[null]}]')).toEqual([
      ['g'],
      ['a\n1\ntrue\n["x"]'],
      [''],
      ['Search, Rope\nSearch, Rope'],
      [''],
    ])
  })

  it('the keys of the objects in a list have columns with a line for each object', async () => {
    const text =
      '[{"tel":[{"no":"1","type":"m"},{"no":"2"},{"type":null},{"no":"4","type":"l"}]},{"tel":[]},{"tel":null},{"tel":[{}]},{}]'
    expect(await rowsOf(text)).toEqual([
      ['tel.no', 'tel.type'],
      ['1\n2\n\n4', 'm\n\n\nl'],
      ['', ''],
      ['', ''],
      ['', ''],
      [ABSENT, ABSENT],
    ])
  })

  it('a key that few objects of a list have makes no blank lines', async () => {
    const objects = [{ a: 1 }, ...Array.from({ length: 5 }, () => ({ b: 2 }))]
    expect(await rowsOf(JSON.stringify([{ g: objects }]))).toEqual([
      ['g.a', 'g.b'],
      ['1', '\n2\n2\n2\n2\n2'],
    ])
  })

  it('keys such as __proto__ and keys with dots are keys like any other', async () => {
    expect(await rowsOf('[{"__proto__":1,"a.b":2,"constructor":3,"":4}]')).toEqual([
      ['__proto__', 'a.b', 'constructor', ''],
      ['1', '2', '3', '4'],
    ])
  })

  it('a JSON file may be UTF-16, have a byte-order mark, or be compressed', async () => {
    const text = '[{"id":"é"}]'
    const wide = new Uint8Array(new Uint16Array([...`\uFEFF${text}`].map((c) => c.charCodeAt(0))).buffer)
    const expected = [['id'], ['é']]
    expect(await rowsOf(wide)).toEqual(expected)
    expect(await rowsOf(wide.subarray(2))).toEqual(expected)
    expect(await rowsOf(`\uFEFF${text}`)).toEqual(expected)
    expect(await rowsOf(await gzipOf(text))).toEqual(expected)
    expect(await rowsOf(await zipOf({ 'contacts.json': text }))).toEqual(expected)
    expect(await rowsOf(await zipOf({ 'contacts.json': text, 'README.md': 'Read me' }))).toEqual(expected)
  })
})

describe('JSON that cannot be read', () => {
  it.each([
    ['a list that does not end', '[{"id":1},{"id":2}', 'truncated'],
    ['a list that ends after a comma', '[{"id":1},', 'truncated'],
    ['a record that does not end', '[{"id":1},{"id":2,"na', 'truncated'],
    ['a number at the end', '[{"id":12', 'truncated'],
    ['an object around the list that does not end', '{"data":[{"id":1}]', 'truncated'],
    ['a line that does not end', '{"id":1}\n{"id":', 'truncated'],
    ['zeros in the place of text', `[{"id":1},${'\0'.repeat(100)}`, 'truncated'],
    ['an empty list', '[]', 'empty'],
    ['an empty list in an object', '{"data":[],"items":[]}', 'empty'],
    ['a list of texts', '["a"]', 'not_a_contact_file'],
    ['a list of lists', '[["ID","Name"],["1","Ana"]]', 'not_a_contact_file'],
    ['a list with something else among its records', '[{"id":1},null]', 'not_a_contact_file'],
    ['an object without a list', '{"error":"no access"}', 'not_a_contact_file'],
    ['an empty object', '{}', 'not_a_contact_file'],
    ['a list in another member', '{"people":[{"id":1}]}', 'not_a_contact_file'],
    ['a list that is nested deeper', '{"data":{"items":[{"id":1}]}}', 'not_a_contact_file'],
    ['two lists', '{"data":[{"id":1}],"items":[{"id":2}]}', 'not_a_contact_file'],
    ['a comma before the end', '[{"id":1},]', 'not_a_contact_file'],
    ['single quotes', `[{"id":'1'}]`, 'not_a_contact_file'],
    ['something after the list', '[{"id":1}] x', 'not_a_contact_file'],
    ['a line break in a text', '[{"id":"a\nb"}]', 'not_a_contact_file'],
    ['an unknown escape', '[{"id":"\\x41"}]', 'not_a_contact_file'],
    ['a number with a leading zero', '[{"id":007}]', 'not_a_contact_file'],
    ['a key that comes twice', '[{"id":1},{"id":2,"id":3}]', 'header_duplicate'],
    ['a key of an object that comes twice', '[{"a":{"b":1},"a":{"b":2}}]', 'header_duplicate'],
    [
      'too many different keys',
      JSON.stringify(Array.from({ length: 1001 }, (_, i) => ({ [`k${i}`]: i }))),
      'not_a_contact_file',
    ],
    ['a very long key', JSON.stringify([{ ['k'.repeat(501)]: 1 }]), 'not_a_contact_file'],
    ['a record that does not end for long', `[{"id":"${'x'.repeat(2_500_000)}"}]`, 'not_a_contact_file'],
    ['values that are nested deeply', `[{"id":${'['.repeat(70)}${']'.repeat(70)}}]`, 'not_a_contact_file'],
  ])('%s', async (_, text, code) => {
    expect(await failureOf(text)).toBe(code)
  })

  it('a failure names the record', async () => {
    const failed = readAll('[{"id":1},{"id":2},{"id":nil}]')
    await expect(failed).rejects.toThrow('in record 3')
    await expect(readAll('[{"id":1},{"id":2},7]')).rejects.toThrow('entry 3')
  })

  it.each([
    { data: [{ id: 1 }], next: 'https://api.example.org/contacts?page=2' },
    { next: 'https://api.example.org/contacts?page=2', data: [{ id: 1 }] },
    { value: [{ id: 1 }], '@odata.nextLink': 'https://api.example.org/$skip=10' },
    { records: [{ id: 1 }], offset: 'itrX/recY' },
    { records: [{ id: 1 }], done: false, nextRecordsUrl: '/query/2' },
    { results: [{ id: 1 }], has_more: true },
    { data: [{ id: 1 }], links: { next: { href: '/2' } } },
    { data: [{ id: 1 }], paging: { next_page: 2 } },
    { data: [{ id: 1 }], page: 1, total_pages: 2 },
    { data: [{ id: 1 }], meta: { total: 1, next: '/2' } },
    { data: [{ id: 1 }], meta: { pagination: { total: 2, total_pages: 2 } } },
    { data: [{ id: 1 }], meta: { current_page: 2, last_page: 2 } },
  ])('the first page of %j is not the whole list', async (page) => {
    expect(await failureOf(JSON.stringify(page))).toBe('unsupported_format')
  })

  it.each([
    { data: [{ id: 1 }], errors: [{ message: 'Timed out' }] },
    { items: [{ id: 1 }], error: 'timeout' },
    { success: false, data: [{ id: 1 }] },
    { records: [{ id: 1 }], totalSize: 1, done: false },
    { incomplete_results: true, items: [{ id: 1 }] },
    { total: 2, items: [{ id: 1 }] },
    { results: [{ id: 1 }], count: 2 },
    { value: [{ id: 1 }], '@odata.count': 2 },
    { data: [{ id: 1 }], meta: { pagination: 7, total: 2 } },
    { data: [], page: { totalElements: 2 } },
  ])('a list that is not whole, as %j says, is truncated', async (page) => {
    expect(await failureOf(JSON.stringify(page))).toBe('truncated')
  })

  it('a list with a long error beside it is truncated', async () => {
    expect(await failureOf(JSON.stringify({ error: 'x'.repeat(20_000), items: [{ id: 1 }] }))).toBe('truncated')
  })

  it.each([
    { data: [{ id: 1 }], errors: [], error: null, success: true, partial: 'false', total: 1, count: 1, totalPages: 1 },
    {
      results: [{ id: 1 }],
      meta: { total: 1, error: '', last_page: 1 },
      links: { last: '/1', first: '/1' },
      total: 0.5,
    },
    { data: [{ id: 1 }], next: null, links: { next: null, self: '/1' }, offset: 0 },
    { data: [{ id: 1 }], has_more: false, paging: { next: { href: '' } }, meta: { hasNext: 'false' } },
  ])('the last page of %j is the whole list', async (page) => {
    expect(await failureOf(JSON.stringify(page))).toBe('none')
  })

  it('the rows before the end of a cut file are read, so that its beginning can be shown', async () => {
    const { batches } = await openTable(sourceOf('[{"id":1},{"id":2},{"name":"A'), formatOf())
    const { value } = await batches[Symbol.asyncIterator]().next()
    expect(value).toEqual({
      numbers: [0, 1, 2],
      cells: [
        ['id', 'name'],
        ['1', ABSENT],
        ['2', ABSENT],
      ],
    })
  })

  it('the setting of the format is kept', async () => {
    expect(await failureOf('[{"id":1}]', { type: 'csv' })).toBe('unsupported_format')
    expect(await failureOf('[{"id":1}]', { type: 'xlsx' })).toBe('unsupported_format')
    expect(await failureOf('[{"id":1}]', { type: 'json' })).toBe('none')
    expect(await failureOf('ID,Name\n1,Ana\n', { type: 'json' })).toBe('unsupported_format')
    expect(await failureOf('[not json', { type: 'json' })).toBe('unsupported_format')
    expect(await failureOf('<html></html>', { type: 'json' })).toBe('not_a_contact_file')
  })
})

const VALUE = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
)
const RECORD = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 5 }), VALUE, { minKeys: 1, maxKeys: 5 })

describe('the reader of JSON beside JSON.parse', () => {
  it('every record has the values that JSON.parse gives, wherever the blocks are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(RECORD, { minLength: 1, maxLength: 5 }),
        fc.constantFrom<[string, string, string]>(
          ['[', ',', ']'],
          ['\n{"x":[1],"data":[', ' ,\t', ']}\n'],
          ['', '\n', '\n'],
        ),
        fc.integer({ min: 1, max: 60 }),
        async (records, [open, between, close], block) => {
          const text = open + records.map((record) => JSON.stringify(record)).join(between) + close
          const keys = [...new Set(records.flatMap((record) => Object.keys(JSON.parse(JSON.stringify(record)))))]
          const rows = await rowsInBlocks(text, block)
          expect(Array.isArray(rows)).toBe(true)
          const [[, ...header], ...read] = rows as [[number, ...string[]]]
          expect(header.toSorted()).toEqual(keys.toSorted())
          for (const [i, record] of records.entries()) {
            const cells = header.map((key) => (Object.hasOwn(record, key) ? plain(record[key]) : ABSENT))
            expect(read[i]).toEqual([i + 1, ...cells])
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('a text is refused exactly if JSON.parse refuses it', async () => {
    const parts = [
      '[',
      ']',
      '{',
      '}',
      '"a"',
      ':',
      ',',
      '1',
      '-',
      '.5',
      'e3',
      'null',
      'true',
      ' ',
      '\n',
      '"\\u00e9"',
      '"',
    ]
    const inside = fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((list) => list.join(''))
    await fc.assert(
      fc.asyncProperty(inside, fc.integer({ min: 1, max: 30 }), async (value, block) => {
        const text = `[{"id":${value}}]`
        let isValid = true
        try {
          JSON.parse(text)
        } catch {
          isValid = false
        }
        const rows = await rowsInBlocks(text, block)
        // What JSON.parse takes may still have a key twice, or an entry that is no object.
        if (isValid)
          expect(Array.isArray(rows) || rows === 'header_duplicate' || rows === 'not_a_contact_file').toBe(true)
        else expect(['not_a_contact_file', 'truncated']).toContain(rows)
      }),
      { numRuns: 2000 },
    )
  })
})

it.each<[string, number, (n: number) => string]>([
  ['many records', 2500, (n) => JSON.stringify(Array.from({ length: n }, (_, i) => ({ id: i, name: `Ana ${i}` })))],
  ['a long list', 30_000, (n) => JSON.stringify([{ id: 1, g: Array.from({ length: n }, (_, i) => i % 100) }])],
  ['many escapes', 30_000, (n) => `[{"id":"${'\\n'.repeat(n)}"}]`],
  ['different keys', 1500, (n) => JSON.stringify(Array.from({ length: n }, (_, i) => ({ [`k${i % 900}`]: i })))],
])('the work for %s follows the size of the file', async (_, size, text) => {
  expect(await growth(size, async (n) => void (await readAll(text(n))))).toBeLessThan(LINEAR)
})

/** Eight times the size must not take nearly 64 times as long. */
const LINEAR = 24

/** Returns a value as the cell of a record. */
function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
