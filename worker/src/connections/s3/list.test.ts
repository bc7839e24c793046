import { describe, expect, it } from 'vitest'
import { listUrl, newest, readPage } from './list.ts'
import { s3Location } from './location.ts'

const HOST = 'b.example.org'
const at = (address: string) => s3Location(address, 'ca-central-1')
const pick = (address: string, ...objects: [key: string, modified: number][]) =>
  newest(
    at(address),
    objects.map(([key, modified]) => ({ key, modified })),
    null,
  )?.key ?? null

describe('a page of a list', () => {
  it('a page of a list gives keys unchanged, times, and the token of the next page', () => {
    const page = readPage(
      `<?xml version="1.0" encoding="UTF-8"?>
      <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>e/</Prefix>
      <IsTruncated>true</IsTruncated><NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken>
      <Contents><Key>e/a &amp; b&#233;.csv</Key><LastModified>2026-11-20T10:00:00.000Z</LastModified><Owner><ID>x</ID></Owner></Contents>
      <Contents><LastModified>2026-11-21T10:00:00Z</LastModified><Key> e/c.csv</Key></Contents>
      <CommonPrefixes><Prefix>e/old/</Prefix></CommonPrefixes></ListBucketResult>`,
      HOST,
    )
    expect(page).toEqual({
      objects: [
        { key: 'e/a & bé.csv', modified: Date.UTC(2026, 10, 20, 10) },
        { key: ' e/c.csv', modified: Date.UTC(2026, 10, 21, 10) },
      ],
      next: '1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=',
    })
  })

  it('a page of a list without a token is the last one', () => {
    expect(readPage('<ListBucketResult/>', HOST)).toEqual({ objects: [], next: null })
  })

  it.each([
    '',
    '{}',
    '<html><body>Sign in</body></html>',
    '<ListBucketResult><Contents><Key>a',
    '<ListBucketResult><Contents><Key>a</Contents></Key></ListBucketResult>',
    '<!DOCTYPE a><ListBucketResult/>',
  ])('the document %j is not a page of a list', (document) =>
    expect(() => readPage(document, HOST)).toThrow('b.example.org did not answer with a list of files.'),
  )

  it('a page is requested with only the folder as prefix, and with an encoded token', () => {
    expect(listUrl(at('https://b.s3.amazonaws.com/e/c-*.csv'), null).href).toBe(
      'https://b.s3.amazonaws.com/?list-type=2&delimiter=%2F&prefix=e%2Fc-',
    )
    expect(listUrl(at('https://minio.example.org/b/'), 'a+/=').href).toBe(
      'https://minio.example.org/b/?list-type=2&delimiter=%2F&prefix=&continuation-token=a%2B%2F%3D',
    )
  })
})

describe('the newest file', () => {
  it('the newest file of a folder is the one that changed last, without the files in subfolders', () => {
    expect(pick('s3://bucket/e/', ['e/a.csv', 1], ['e/b.csv', 3], ['e/c.csv', 2], ['e/old/d.csv', 4])).toBe('e/b.csv')
  })

  it('the newest of two files from the same moment is the one whose name sorts last', () => {
    expect(pick('s3://bucket/e/', ['e/2026-11-02.csv', 1], ['e/2026-11-01.csv', 1])).toBe('e/2026-11-02.csv')
  })

  it('the newest file of a pattern matches the whole name, and only * is special in the pattern', () => {
    const address = 'https://b.s3.amazonaws.com/e/c-*.csv'
    expect(pick(address, ['e/c-1.csv', 1], ['e/c-2.csv.gz', 3], ['e/c-1Xcsv', 4], ['e/xc-3.csv', 5])).toBe('e/c-1.csv')
    expect(pick('s3://bucket/*(1).csv', ['a(1).csv', 1], ['a1.csv', 2])).toBe('a(1).csv')
  })

  it.each<[pattern: string, key: string, fits: boolean]>([
    ['e/*', 'e/a', true],
    ['e/*', 'e/a/b', false],
    ['e/a*a', 'e/a', false],
    ['e/a*a', 'e/aa', true],
    ['*/b*c', 'x/bbcc', true],
    ['*/b*c', 'x/y/bc', false],
    ['**b', 'ab', true],
    ['a*bc*d', 'abcbcd', true],
    ['a*bc*d', 'abcbxd', true],
    ['a*bc*d', 'abxcd', false],
  ])('the pattern %s fits the key %s: %s', (pattern, key, fits) => {
    expect(pick(`s3://bucket/${pattern}`, [key, 1])).toBe(fits ? key : null)
  })

  it.each(['e/', 'e/x.tmp', 'e/x.PART', 'e/x.csv.filepart'])('the newest file is never %s', (key) => {
    expect(pick('s3://bucket/e/', [key, 2])).toBeNull()
    expect(pick('s3://bucket/e/', [key, 2], ['e/a.csv', 1])).toBe('e/a.csv')
  })

  it('the newest file may be on an earlier page', () => {
    const best = { key: 'e/a.csv', modified: 5 }
    expect(newest(at('s3://bucket/e/'), [{ key: 'e/b.csv', modified: 4 }], best)).toBe(best)
  })
})
