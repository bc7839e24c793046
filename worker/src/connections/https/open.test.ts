import type { RequestListener } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  CONTEXT,
  connectionContract,
  failureOf,
  open,
  read,
  readText,
  type Stage,
} from '../../testing/connections/contract.ts'
import { httpStage, perform, serve } from '../../testing/connections/stand-in.ts'
import { openHttps } from './open.ts'
import { httpsSchema } from './schema.ts'

const CSV = 'ID,Name\n1,Ana\n'
const PASSWORD = 'pä55 wörd:%'

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}

function connectTo(url: string, login: { username?: string; password?: string } = {}) {
  return openHttps(httpsSchema.parse({ kind: 'https', url, ...login }), CONTEXT)
}

function answer(status: number, headers: Record<string, string> = {}, body = ''): RequestListener {
  return (_, response) => response.writeHead(status, headers).end(body)
}

async function makeStage(): Promise<Stage> {
  const { origin, ...server } = await httpStage((scene, request, response) => {
    if (request.headers.authorization === basic('ana', PASSWORD)) perform(scene, request, response)
    else response.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end()
  })
  const settings = (url: string, password: string) =>
    httpsSchema.parse({ kind: 'https', url, username: 'ana', password })
  const path = '/export/t0ken-in-path/contacts.csv?sig=t0ken-in-query'
  return {
    ...server,
    connect: (credentials, context) =>
      openHttps(settings(`${origin}${path}`, credentials === 'right' ? PASSWORD : 'wr0ng'), context),
    nowhere: (context) => openHttps(settings(`http://127.0.0.1:1${path}`, PASSWORD), context),
    secrets: [PASSWORD, 'wr0ng', 't0ken-in-path', 't0ken-in-query', basic('ana', PASSWORD)],
    conditional: true,
  }
}

connectionContract('https', makeStage)

describe('a file over HTTPS', () => {
  it('a file over HTTPS has the time of its last change and its validators', async () => {
    const url = await serve(answer(200, { ETag: 'W/"v1"', 'Last-Modified': 'Mon, 23 Nov 2026 03:00:00 GMT' }, CSV))
    expect(await open(connectTo(`${url}/a.csv`))).toMatchObject({
      modifiedAt: '2026-11-23T03:00:00.000Z',
      validator: { etag: 'W/"v1"', lastModified: 'Mon, 23 Nov 2026 03:00:00 GMT' },
    })
  })

  it('a file over HTTPS has no validator if the server names no version', async () => {
    const url = await serve(answer(200, {}, CSV))
    expect(await open(connectTo(`${url}/a.csv`))).toMatchObject({ modifiedAt: null, validator: null })
  })

  it('a file without an ETag is requested by the time of its last change', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve((request, response) => {
      seen.push(request.headers['if-modified-since'], request.headers['if-none-match'])
      response.writeHead(304).end()
    })
    const since = { etag: null, lastModified: 'Mon, 23 Nov 2026 03:00:00 GMT' }
    const signal = new AbortController().signal
    expect(await connectTo(`${url}/a.csv`).open({ signal, since })).toBe('not_modified')
    expect(seen).toEqual([since.lastModified, undefined])
  })

  it('an unexpected 304 is never taken for an unchanged file', async () => {
    const url = await serve(answer(304))
    expect((await failureOf(() => open(connectTo(url)))).code).toBe('server_error')
  })

  it.each([
    ['/a/contacts.csv?token=s3cret', {}, 'contacts.csv'],
    ['/contact%20list.xlsx', {}, 'contact list.xlsx'],
    ['/export/', {}, 'export'],
    ['/', {}, 'file'],
    ['/x', { 'Content-Disposition': 'attachment; filename="staff; list.csv"' }, 'staff; list.csv'],
    ['/x', { 'Content-Disposition': 'attachment; filename=staff.csv' }, 'staff.csv'],
    ['/x', { 'Content-Disposition': `attachment; filename="x.csv"; filename*=UTF-8''%C3%A9quipe.csv` }, 'équipe.csv'],
    ['/x', { 'Content-Disposition': 'attachment; filename="../../etc/passwd"' }, 'passwd'],
    ['/x.csv', { 'Content-Disposition': 'inline' }, 'x.csv'],
    ['/%E0%A4%A', {}, '%E0%A4%A'],
  ])('the file at %s with %j has the name %s', async (path, headers, name) => {
    const url = await serve(answer(200, headers, CSV))
    expect((await open(connectTo(`${url}${path}`))).name).toBe(name)
  })

  it('a file that the server compresses unasked arrives decompressed', async () => {
    const packed = gzipSync(CSV.repeat(1000))
    const url = await serve((_, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': packed.byteLength }).end(packed)
    })
    expect(await readText(await open(connectTo(url)))).toBe(CSV.repeat(1000))
  })

  it('a file that unpacks to more than the size limit is refused', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(Buffer.alloc(CONTEXT.maxBytes + 1)))
    })
    expect((await failureOf(async () => read(await open(connectTo(url))))).code).toBe('too_large')
  })

  it('a file is requested uncompressed, so that its announced length can be checked', async () => {
    let asked: string | string[] | undefined
    const url = await serve((request, response) => {
      asked = request.headers['accept-encoding']
      response.end(CSV)
    })
    await open(connectTo(url))
    expect(asked).toBe('identity')
  })
})

describe('a web page', () => {
  it('a web page is not a contact file', async () => {
    const page = '\n<!doctype html><title>Sign in</title>'
    const url = await serve(answer(200, { 'Content-Type': 'text/html; charset=utf-8' }, page))
    expect(await failureOf(() => open(connectTo(url)))).toMatchObject({
      code: 'not_a_contact_file',
      advice: expect.stringContaining('Google Sheets'),
    })
  })

  it('CSV that a script sends with the content type of a page is a contact file', async () => {
    const url = await serve(answer(200, { 'Content-Type': 'text/html' }, CSV))
    expect(await readText(await open(connectTo(url)))).toBe(CSV)
  })
})

describe('a redirect', () => {
  it('a redirect is followed five times, not six', async () => {
    const url = await serve((request, response) => {
      const left = Number(request.url?.slice(1))
      if (left === 0) response.end(CSV)
      else response.writeHead(302, { Location: `/${left - 1}` }).end()
    })
    expect(await readText(await open(connectTo(`${url}/5`)))).toBe(CSV)
    expect((await failureOf(() => open(connectTo(`${url}/6`)))).code).toBe('redirect_refused')
  })

  it('a redirect keeps the credentials within the origin, and drops them across origins', async () => {
    const seen: (string | undefined)[] = []
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization)
      response.end(CSV)
    })
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(307, { Location: request.url === '/a' ? '/b' : `${other}/c` }).end()
    })
    await open(connectTo(`${url}/a`, { username: 'ana', password: PASSWORD }))
    expect(seen).toEqual([basic('ana', PASSWORD), basic('ana', PASSWORD), undefined])
  })

  it('credentials in the target of a redirect are never used', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization)
      if (request.url === '/b') response.end(CSV)
      else response.writeHead(302, { Location: `http://eve:pw@${request.headers.host}/b` }).end()
    })
    await open(connectTo(`${url}/a`))
    expect(seen).toEqual([undefined, undefined])
  })

  it('the failure names the redirect if the new origin asks for the credentials that were dropped', async () => {
    const other = await serve(answer(401))
    const url = await serve(answer(302, { Location: `${other}/c` }))
    const login = { username: 'ana', password: PASSWORD }
    expect(await failureOf(() => open(connectTo(url, login)), [PASSWORD])).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('has moved to'),
    })
  })

  it.each([
    ['to a private network', 'https://10.0.0.1/contacts.csv?t=s3cret', 'address_refused'],
    ['to the metadata service', 'https://[::ffff:169.254.169.254]/latest/', 'address_refused'],
    ['away from https', 'http://example.com/contacts.csv?t=s3cret', 'redirect_refused'],
    ['to another scheme', 'ftp://example.com/contacts.csv', 'redirect_refused'],
    ['to a file', 'file:///etc/passwd', 'redirect_refused'],
    ['to no address', 'https://', 'redirect_refused'],
  ])('a redirect %s is refused', async (_, location, code) => {
    const url = await serve(answer(302, { Location: location }))
    expect((await failureOf(() => open(connectTo(url)), ['s3cret', 'contacts.csv'])).code).toBe(code)
  })

  it('a redirect without a target is refused', async () => {
    const url = await serve(answer(301))
    expect((await failureOf(() => open(connectTo(url)))).code).toBe('redirect_refused')
  })
})

describe('a status', () => {
  it.each([
    [401, 'unauthorized', false],
    [403, 'forbidden', false],
    [404, 'not_found', false],
    [410, 'not_found', false],
    [408, 'timeout', true],
    [504, 'timeout', true],
    [429, 'rate_limited', true],
    [500, 'server_error', true],
    [503, 'server_error', true],
    [418, 'server_error', true],
    [206, 'server_error', true],
    [521, 'unreachable', true],
    [522, 'timeout', true],
    [526, 'tls_failed', false],
    [530, 'dns_failed', true],
  ])('status %i means %s', async (status, code, retryable) => {
    const url = await serve(answer(status))
    expect(await failureOf(() => open(connectTo(`${url}/contacts.csv?t=s3cret`)), ['s3cret'])).toMatchObject({
      code,
      retryable,
    })
  })

  it('the failure for status 401 says whether a user name was sent', async () => {
    const url = await serve(answer(401))
    expect((await failureOf(() => open(connectTo(url)))).message).toContain('none are set')
    const login = { username: 'ana', password: PASSWORD }
    expect((await failureOf(() => open(connectTo(url, login)))).message).toContain('did not accept')
  })

  it.each([
    ['7', 7],
    [new Date(Date.now() - 60_000).toUTCString(), 0],
    ['soon', null],
  ])('the failure for status 429 with Retry-After %s says how long to wait', async (header, seconds) => {
    const url = await serve(answer(429, { 'Retry-After': header }))
    expect((await failureOf(() => open(connectTo(url)))).retryAfter).toBe(seconds)
  })
})

describe('a server that cannot be reached', () => {
  it('a host name that does not exist is dns_failed', async () => {
    expect((await failureOf(() => open(connectTo('https://muster.invalid/contacts.csv')))).code).toBe('dns_failed')
  })

  it('a server without TLS is tls_failed', async () => {
    const url = await serve(answer(200))
    expect((await failureOf(() => open(connectTo(url.replace('http:', 'https:'))))).code).toBe('tls_failed')
  })

  it('a server that closes the connection without an answer is unreachable', async () => {
    const server = createTcpServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    expect((await failureOf(() => open(connectTo(`http://127.0.0.1:${port}/`)))).code).toBe('unreachable')
  })
})
