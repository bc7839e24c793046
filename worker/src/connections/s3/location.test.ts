import { describe, expect, it } from 'vitest'
import { s3 } from './facts.ts'
import { objectUrl, s3Location } from './location.ts'
import { s3Schema } from './schema.ts'

const REGION = 'ca-central-1'
const ACCOUNT = '0123456789abcdef0123456789abcdef'

describe('the address of a file in S3', () => {
  it.each([
    // Virtual-hosted addresses.
    ['https://b.s3.ca-central-1.amazonaws.com/a/c.csv', 'https://b.s3.ca-central-1.amazonaws.com', 'a/c.csv'],
    ['https://b.s3.amazonaws.com/c.csv', 'https://b.s3.amazonaws.com', 'c.csv'],
    ['https://b.s3-us-west-2.amazonaws.com/c.csv', 'https://b.s3-us-west-2.amazonaws.com', 'c.csv'],
    ['https://b.s3.dualstack.us-east-2.amazonaws.com/c', 'https://b.s3.dualstack.us-east-2.amazonaws.com', 'c'],
    ['https://b.s3.cn-north-1.amazonaws.com.cn/c.csv', 'https://b.s3.cn-north-1.amazonaws.com.cn', 'c.csv'],
    ['https://b.s3.wasabisys.com/c.csv', 'https://b.s3.wasabisys.com', 'c.csv'],
    [`https://b.${ACCOUNT}.r2.cloudflarestorage.com/c.csv`, `https://b.${ACCOUNT}.r2.cloudflarestorage.com`, 'c.csv'],
    ['https://b.nyc3.digitaloceanspaces.com/c.csv', 'https://b.nyc3.digitaloceanspaces.com', 'c.csv'],
    ['https://b.storage.googleapis.com/c.csv', 'https://b.storage.googleapis.com', 'c.csv'],
    // Path-style addresses.
    ['https://s3.ca-central-1.amazonaws.com/b/a/c.csv', 'https://s3.ca-central-1.amazonaws.com/b', 'a/c.csv'],
    ['https://s3.amazonaws.com/my.bucket/c.csv', 'https://s3.amazonaws.com/my.bucket', 'c.csv'],
    ['https://minio.example.org:9000/b/c.csv', 'https://minio.example.org:9000/b', 'c.csv'],
    [`https://${ACCOUNT}.r2.cloudflarestorage.com/b/c.csv`, `https://${ACCOUNT}.r2.cloudflarestorage.com/b`, 'c.csv'],
    [`https://${ACCOUNT}.eu.r2.cloudflarestorage.com/b/c`, `https://${ACCOUNT}.eu.r2.cloudflarestorage.com/b`, 'c'],
    ['https://nyc3.digitaloceanspaces.com/b/c.csv', 'https://nyc3.digitaloceanspaces.com/b', 'c.csv'],
    ['https://storage.googleapis.com/b/c.csv', 'https://storage.googleapis.com/b', 'c.csv'],
    ['https://x.supabase.co/storage/v1/s3/b/c.csv', 'https://x.supabase.co/storage/v1/s3/b', 'c.csv'],
    ['http://localhost:1/cdn-cgi/local/r2/s3/b/a/c.csv', 'http://localhost:1/cdn-cgi/local/r2/s3/b', 'a/c.csv'],
    // Addresses as the console copies them.
    ['s3://b-1/a/c d+e.csv', 'https://b-1.s3.ca-central-1.amazonaws.com', 'a/c d+e.csv'],
    ['s3://my.bucket/c.csv', 'https://s3.ca-central-1.amazonaws.com/my.bucket', 'c.csv'],
  ])('%s is a key in a bucket', (address, bucket, key) => {
    expect(s3Schema.parse({ kind: 's3', url: address, region: REGION, accessKeyId: 'A' }).url).toBe(address)
    expect(s3Location(address, REGION)).toEqual({ bucket, key, pick: 'exact', versionId: null })
  })

  it.each(['ftp://b/c.csv', 's3://b', 's3:///c.csv', 's3://B_x/c.csv', 'http://b.s3.amazonaws.com/c.csv', 'c.csv', ''])(
    '%j is not an address of a file in S3',
    (url) => {
      expect(s3Schema.safeParse({ kind: 's3', url, region: REGION, accessKeyId: 'A' }).success).toBe(false)
    },
  )

  it.each([
    ['https://b.s3.amazonaws.com/exports/', 'exports/'],
    ['https://b.s3.amazonaws.com/', ''],
    ['https://s3.amazonaws.com/b', ''],
    ['https://b.s3.amazonaws.com/exports/contacts-*.csv', 'exports/contacts-*.csv'],
    ['s3://bucket/exports/*.csv', 'exports/*.csv'],
  ])('%s asks for the newest file', (address, key) => {
    expect(s3Location(address, REGION)).toMatchObject({ key, pick: 'newest' })
  })

  it('an address keeps the version that it names, and loses its signature', () => {
    const location = s3Location('https://b.s3.amazonaws.com/c.csv?versionId=v1&X-Amz-Signature=x', REGION)
    expect(objectUrl(location, location.key).href).toBe('https://b.s3.amazonaws.com/c.csv?versionId=v1')
  })

  it.each([
    ['https://b.s3.amazonaws.com/a+b%2Bc%20d.csv', 'a b+c d.csv', 'https://b.s3.amazonaws.com/a%20b%2Bc%20d.csv'],
    ['https://minio.example.org/b/a+b.csv', 'a+b.csv', 'https://minio.example.org/b/a%2Bb.csv'],
    ["s3://bucket/l'é(1)!.csv", "l'é(1)!.csv", 'https://bucket.s3.ca-central-1.amazonaws.com/l%27%C3%A9%281%29%21.csv'],
    ['https://minio.example.org/b/100%.csv', '100%.csv', 'https://minio.example.org/b/100%25.csv'],
    ['s3://bucket/a?b#c.csv', 'a?b#c.csv', 'https://bucket.s3.ca-central-1.amazonaws.com/a%3Fb%23c.csv'],
  ])('%s is encoded in the one way that can be signed', (address, key, url) => {
    const location = s3Location(address, REGION)
    expect(location.key).toBe(key)
    expect(objectUrl(location, key).href).toBe(url)
  })
})

describe('the file for opt-outs of a source in S3', () => {
  const file = (url: string, path: string) =>
    s3Schema.safeParse({ kind: 's3', url, region: REGION, accessKeyId: 'A', optOuts: { path } })
  const location = (url: string, path: string) => {
    const { data } = file(url, path)
    const settings = data === undefined ? null : s3.optOutFile?.(data)
    return settings == null ? null : s3Location(settings.url, REGION)
  }

  it.each([
    ['s3://b-1/out/contacts.csv', 'in/opt-outs.csv', 'in/opt-outs.csv'],
    ['s3://b-1/out/', 'out/back/opt-outs.csv', 'out/back/opt-outs.csv'],
    ['s3://b-1/out/contacts-*.csv', 'out/opt-outs.csv', 'out/opt-outs.csv'],
    ['s3://b-1/contacts.csv', '/Opt-outs é (1)+%.csv', 'Opt-outs é (1)+%.csv'],
    ['s3://b-1/contacts.csv', 's3://b-1/a b.csv', 'a b.csv'],
    ['s3://b-1/contacts.csv', 'https://b-1.s3.ca-central-1.amazonaws.com/a+b.csv?versionId=1', 'a b.csv'],
    ['https://minio.example.org/b-1/contacts.csv', 'https://minio.example.org/b-1/a+b.csv', 'a+b.csv'],
  ])('beside %s, the path %s is a key in the same bucket', (url, path, key) => {
    const { bucket } = s3Location(url, REGION)
    expect(location(url, path)).toEqual({ bucket, key, pick: 'exact', versionId: null })
  })

  it('the query of an address is not kept: it may be a key, and the credentials of the source write the file', () => {
    const { data } = file(
      's3://b-1/contacts.csv',
      `https://b-1.s3.${REGION}.amazonaws.com/out.csv?X-Amz-Signature=abc#d`,
    )
    expect(data?.optOuts).toEqual({ path: `https://b-1.s3.${REGION}.amazonaws.com/out.csv` })
  })

  it.each([
    ['s3://b-1/out/contacts.csv', 'out/contacts.csv'],
    ['s3://b-1/out/contacts.csv', 's3://b-1/out/contacts.csv'],
    ['s3://b-1/out/', 'out/opt-outs.csv'],
    ['s3://b-1/out/*.csv', 'out/opt-outs.csv'],
  ])('a source that reads %s does not write %s, since it would import that file', (url, path) => {
    expect(file(url, path).error?.issues).toMatchObject([
      { path: ['optOuts', 'path'], message: expect.stringContaining('would be imported as contacts') },
    ])
  })

  it.each([
    'in/',
    'in/*.csv',
    'in/../contacts.csv',
    's3://another/opt-outs.csv',
    'https://minio.example.org/another/opt-outs.csv',
    'https://example.com/opt-outs.csv',
    'https://',
    'ftp://minio.example.org/b-1/opt-outs.csv',
  ])('the path %s is refused', (path) => {
    expect(file('https://minio.example.org/b-1/contacts.csv', path).error?.issues).toMatchObject([
      { path: ['optOuts', 'path'], message: expect.stringContaining('in the same bucket') },
    ])
  })
})
