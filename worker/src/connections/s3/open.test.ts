import type { IncomingMessage, RequestListener } from 'node:http'
import { describe, expect, it } from 'vitest'
import {
  CONTEXT,
  connectionContract,
  failureOf,
  open,
  readText,
  type Stage,
} from '../../testing/connections/contract.ts'
import { closeEarly, httpStage, perform, serve } from '../../testing/connections/stand-in.ts'
import { openS3 } from './open.ts'
import { s3Schema } from './schema.ts'

const SECRET = 'wJalrXUtnFEMI/K7MDENG'
const CSV = 'ID,Name\n1,Ana\n'

const settings = (url: string, more: Record<string, string> = {}) =>
  s3Schema.parse({
    kind: 's3',
    url,
    region: 'ca-central-1',
    accessKeyId: 'AKIARIGHT',
    secretAccessKey: SECRET,
    ...more,
  })
const errorDocument = (code: string, more = '') =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code>${more}<HostId>s3cret-host-id</HostId></Error>`

/** Starts a stand-in of S3 for one test and returns the URL of its bucket. */
async function serveBucket(handler: RequestListener): Promise<string> {
  return `${await serve(handler)}/bucket`
}

async function makeStage(): Promise<Stage> {
  const { origin, ...server } = await httpStage((scene, request, response) => {
    if (request.headers.authorization?.includes('Credential=AKIARIGHT/'))
      perform(scene, request, response, errorDocument('NoSuchKey'))
    else response.writeHead(403).end(errorDocument('InvalidAccessKeyId', `<AWSAccessKeyId>AKIAWRONG</AWSAccessKeyId>`))
  })
  return {
    ...server,
    connect: (credentials, context) =>
      openS3(
        settings(`${origin}/bucket/a/contacts.csv`, {
          accessKeyId: credentials === 'right' ? 'AKIARIGHT' : 'AKIAWRONG',
        }),
        context,
      ),
    nowhere: (context) => openS3(settings('http://127.0.0.1:1/bucket/contacts.csv'), context),
    secrets: [SECRET, 'AKIAWRONG', 'Signature=', 's3cret-host-id'],
    conditional: true,
  }
}

connectionContract('s3', makeStage)

describe('a request to S3', () => {
  it('a request to S3 is signed for the region, with the session token, and asks for uncompressed bytes', async () => {
    let seen: IncomingMessage['headers'] = {}
    const bucket = await serveBucket((request, response) => {
      seen = request.headers
      response.end(CSV)
    })
    await open(openS3(settings(`${bucket}/contacts.csv`, { sessionToken: 't0ken' }), CONTEXT))
    expect(seen.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIARIGHT\/\d{8}\/ca-central-1\/s3\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    )
    expect(seen).toMatchObject({ 'x-amz-security-token': 't0ken', 'accept-encoding': 'identity' })
  })

  it('a request to S3 is not sent without a secret key', async () => {
    const { secretAccessKey: _, ...rest } = settings('http://127.0.0.1:1/bucket/contacts.csv')
    expect((await failureOf(() => open(openS3(s3Schema.parse(rest), CONTEXT)))).code).toBe('unauthorized')
  })

  it('a request to S3 is sent only once, even if the service fails', async () => {
    let requests = 0
    const bucket = await serveBucket((_, response) => {
      requests++
      response.writeHead(503).end(errorDocument('SlowDown'))
    })
    expect((await failureOf(() => open(openS3(settings(`${bucket}/contacts.csv`), CONTEXT)))).code).toBe('rate_limited')
    expect(requests).toBe(1)
  })
})

describe('what S3 answers becomes advice', () => {
  it.each([
    [301, 'PermanentRedirect', '<Endpoint>b.s3.us-east-2.amazonaws.com</Endpoint>', 'wrong_region'],
    [400, 'AuthorizationHeaderMalformed', '<Region>us-east-2</Region>', 'wrong_region'],
    [307, 'TemporaryRedirect', '', 'server_error'],
    [403, 'AccessDenied', '<Message>User arn:aws:iam::1:user/x is not authorized</Message>', 'forbidden'],
    [403, 'InvalidAccessKeyId', '', 'unauthorized'],
    [403, 'SignatureDoesNotMatch', '<StringToSign>x</StringToSign>', 'unauthorized'],
    [400, 'ExpiredToken', '', 'unauthorized'],
    [403, 'RequestTimeTooSkewed', '', 'unauthorized'],
    [404, 'NoSuchKey', '<Key>secret/path.csv</Key>', 'not_found'],
    [404, 'NoSuchBucket', '', 'not_found'],
    [405, 'MethodNotAllowed', '', 'not_found'],
    [403, 'InvalidObjectState', '', 'forbidden'],
    [503, 'SlowDown', '', 'rate_limited'],
    [400, 'RequestTimeout', '', 'timeout'],
    [500, 'InternalError', '', 'server_error'],
    [400, '&lt;script>', '', 'server_error'],
  ])('S3 answer %i %s %s is %s', async (status, code, more, expected) => {
    const bucket = await serveBucket((_, response) => response.writeHead(status).end(errorDocument(code, more)))
    const secrets = ['arn:aws', 'secret/path', 'StringToSign', 'script', SECRET]
    const failure = await failureOf(() => open(openS3(settings(`${bucket}/contacts.csv`), CONTEXT)), secrets)
    expect(failure.code).toBe(expected)
  })

  it.each([
    ['the document', {}, '<Region>us-east-2</Region>'],
    ['its sentence', {}, "<Message>the region 'ca-central-1' is wrong; expecting 'us-east-2'</Message>"],
    ['a header', { 'x-amz-bucket-region': 'us-east-2' }, ''],
  ])('the failure names the right region if %s of the answer gives it', async (_, headers, more) => {
    const bucket = await serveBucket((_, response) => {
      response.writeHead(400, headers).end(errorDocument('AuthorizationHeaderMalformed', more))
    })
    expect(await failureOf(() => open(openS3(settings(`${bucket}/contacts.csv`), CONTEXT)))).toMatchObject({
      code: 'wrong_region',
      message: 'The bucket is in the region us-east-2, not in ca-central-1.',
      advice: expect.stringContaining('Set the region to us-east-2.'),
    })
  })

  it('a denial in the right region is not taken for a wrong region', async () => {
    const bucket = await serveBucket((_, response) => {
      response.writeHead(403, { 'x-amz-bucket-region': 'ca-central-1' }).end(errorDocument('AccessDenied'))
    })
    expect(await failureOf(() => open(openS3(settings(`${bucket}/contacts.csv`), CONTEXT)))).toMatchObject({
      code: 'forbidden',
      advice: expect.stringContaining('s3:ListBucket'),
    })
  })

  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [429, 'rate_limited'],
    [500, 'server_error'],
    [521, 'unreachable'],
  ])('status %i without a document is %s', async (status, code) => {
    const bucket = await serveBucket((_, response) => response.writeHead(status, { 'Retry-After': '5' }).end())
    expect((await failureOf(() => open(openS3(settings(`${bucket}/contacts.csv`), CONTEXT)))).code).toBe(code)
  })
})

describe('a folder or a pattern in S3', () => {
  const contents = (key: string, day: string) =>
    `<Contents><Key>${key}</Key><LastModified>2026-11-${day}T10:00:00.000Z</LastModified></Contents>`

  it('a pattern in S3 gives the newest file over all pages', async () => {
    const asked: string[] = []
    const bucket = await serveBucket((request, response) => {
      const url = new URL(request.url ?? '', 'http://x')
      asked.push(url.pathname + url.search)
      if (!url.searchParams.has('list-type')) response.end(url.pathname)
      else if (url.searchParams.get('continuation-token') === 'p+2') {
        response.end(`<ListBucketResult>${contents('in/c-3.csv', '05')}</ListBucketResult>`)
      } else {
        const page = contents('in/c-1.csv', '01') + contents('in/c-2 é.csv', '09')
        response.end(`<ListBucketResult>${page}<NextContinuationToken>p+2</NextContinuationToken></ListBucketResult>`)
      }
    })
    const file = await open(openS3(settings(`${bucket}/in/c-*.csv`), CONTEXT))
    expect(file.name).toBe('c-2 é.csv')
    expect(await readText(file)).toBe('/bucket/in/c-2%20%C3%A9.csv')
    expect(asked).toEqual([
      '/bucket/?list-type=2&delimiter=%2F&prefix=in%2Fc-',
      '/bucket/?list-type=2&delimiter=%2F&prefix=in%2Fc-&continuation-token=p%2B2',
      '/bucket/in/c-2%20%C3%A9.csv',
    ])
  })

  it('a folder without a file is not_found', async () => {
    const bucket = await serveBucket((_, response) => response.end('<ListBucketResult/>'))
    expect((await failureOf(() => open(openS3(settings(`${bucket}/in/`), CONTEXT)))).code).toBe('not_found')
  })

  it('a list of a folder that breaks off is truncated, not a shorter list', async () => {
    const bucket = await serveBucket((_, response) => {
      response.writeHead(200, { 'Content-Length': 5000 }).write(`<ListBucketResult>${contents('in/c-1.csv', '01')}`)
      closeEarly(response)
    })
    expect((await failureOf(() => open(openS3(settings(`${bucket}/in/`), CONTEXT)))).code).toBe('truncated')
  })

  it('a folder on a server that is not S3 is a server error', async () => {
    const bucket = await serveBucket((_, response) => response.end('<html><body>Welcome</body></html>'))
    expect((await failureOf(() => open(openS3(settings(`${bucket}/in/`), CONTEXT)))).code).toBe('server_error')
  })
})
