import type { RequestListener } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type * as z from 'zod'
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
import type { ConnectionContext } from '../connection.ts'
import { openHttps } from './open.ts'
import { httpsSchema } from './schema.ts'

const CSV = 'ID,Name\n1,Ana\n'
const PASSWORD = 'pä55 wörd:%'

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}

type Login = Omit<z.input<typeof httpsSchema>, 'kind' | 'url'>

function connectTo(url: string, login: Login = {}) {
  return openHttps(httpsSchema.parse({ kind: 'https', url, ...login }), CONTEXT)
}

function answer(status: number, headers: Record<string, string> = {}, body = ''): RequestListener {
  return (_, response) => response.writeHead(status, headers).end(body)
}

/** A way to sign in: the settings with a secret, and the header that the server expects. */
interface SignIn {
  settings(secret: string): Login
  header: [name: string, value: string]
}

const BY_PASSWORD: SignIn = {
  settings: (password) => ({ username: 'ana', password }),
  header: ['authorization', basic('ana', PASSWORD)],
}
const TOKEN = 't0ken-in-header'
const BY_TOKEN: SignIn = { settings: (bearer) => ({ bearer }), header: ['authorization', `Bearer ${TOKEN}`] }
const BY_HEADER: SignIn = {
  settings: (value) => ({ header: { name: 'X-Api-Key', value } }),
  header: ['x-api-key', TOKEN],
}

async function makeStage({ settings, header: [name, value] }: SignIn): Promise<Stage> {
  const { origin, ...server } = await httpStage((scene, request, response) => {
    if (request.headers[name] === value) perform(scene, request, response)
    else response.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end()
  })
  const right = value.startsWith('Basic') ? PASSWORD : TOKEN
  const path = '/export/t0ken-in-path/contacts.csv?sig=t0ken-in-query'
  const connect = (url: string, secret: string, context: ConnectionContext) =>
    openHttps(httpsSchema.parse({ kind: 'https', url, ...settings(secret) }), context)
  return {
    ...server,
    connect: (credentials, context) => connect(`${origin}${path}`, credentials === 'right' ? right : 'wr0ng', context),
    nowhere: (context) => connect(`http://127.0.0.1:1${path}`, right, context),
    secrets: [right, 'wr0ng', 't0ken-in-path', 't0ken-in-query', value],
    conditional: true,
  }
}

// The credentials are another header; everything else is the same.
connectionContract('https', () => makeStage(BY_PASSWORD))
describe('with a bearer token', () => connectionContract('https', () => makeStage(BY_TOKEN)))
describe('with a header', () => connectionContract('https', () => makeStage(BY_HEADER)))

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

it('the charset of an answer is that of the file', async () => {
  for (const [type, charset] of [
    ['text/csv; charset=windows-1251', 'windows-1251'],
    ['text/csv;header=present; Charset="GBK"', 'GBK'],
    ['text/csv', undefined],
    ['text/csv; charset=', undefined],
  ] as const) {
    const url = await serve(answer(200, { 'Content-Type': type }, CSV))
    expect((await open(connectTo(url))).charset, type).toBe(charset)
  }
})

describe('a web page', () => {
  it('a table that was saved as a page is passed on, and refused later by its own name', async () => {
    const page = '<table><tr><td>ID</td></tr></table>'
    const url = await serve(answer(200, { 'Content-Type': 'text/html' }, page))
    expect(await readText(await open(connectTo(url)))).toBe(page)
  })

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

/** Plays hosts of the internet for the running test: `answers` gets each request. */
function playHosts(answers: (url: URL, headers: Headers) => Response): { url: string; headers: Headers }[] {
  const seen: { url: string; headers: Headers }[] = []
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
    const headers = new Headers(init.headers)
    seen.push({ url: url.href, headers })
    return answers(url, headers)
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  return seen
}

function redirect(to: string, headers: Record<string, string> = {}): Response {
  return new Response(null, { status: 302, headers: { Location: to, ...headers } })
}

const webPage = () => new Response('<!doctype html><title>Files</title>', { headers: { 'Content-Type': 'text/html' } })

describe('a share link', () => {
  const SHEET = 'https://docs.google.com/spreadsheets/d/1AbC/edit#gid=7'
  const WORK = 'https://example-my.sharepoint.com/:x:/g/personal/ana/EAbC?e=t0k'

  it('a Google sheet is fetched from its export, which redirects to another host', async () => {
    const seen = playHosts((url) =>
      url.hostname === 'docs.google.com'
        ? redirect('https://doc-0s-sheets.googleusercontent.com/export/x?format=csv')
        : new Response(CSV, { headers: { 'Content-Disposition': `attachment; filename="Staff-Sheet1.csv"` } }),
    )
    const file = await open(connectTo(SHEET))
    expect([file.name, await readText(file)]).toEqual(['Staff-Sheet1.csv', CSV])
    expect(seen.map(({ url }) => url)).toEqual([
      'https://docs.google.com/spreadsheets/d/1AbC/export?format=csv&gid=7',
      'https://doc-0s-sheets.googleusercontent.com/export/x?format=csv',
    ])
  })

  it.each([
    [SHEET, 'https://accounts.google.com/v3/signin/identifier?continue=x', 'Anyone with the link'],
    [
      'https://drive.google.com/file/d/0B/view',
      'https://accounts.google.com/ServiceLogin?s3cret',
      'Anyone with the link',
    ],
    [WORK, 'https://login.microsoftonline.com/common/oauth2/authorize?s3cret', 'Anyone with the link'],
    ['https://www.dropbox.com/s/x/a.csv', 'https://www.dropbox.com/login?cont=x', 'in Dropbox'],
    ['https://gitlab.example.org/g/p/-/blob/main/a.csv', 'https://gitlab.example.org/users/sign_in', 'PRIVATE-TOKEN'],
    ['https://files.example.org/a.csv', 'https://example.okta.com/login', 'without a sign-in page'],
    ['https://files.example.org/a.csv', 'https://accounts.google.com/o/oauth2/auth', 'Anyone with the link'],
  ])(
    'a redirect of %s to the sign-in page %s is unauthorized, with the advice of the host',
    async (link, to, advice) => {
      const seen = playHosts(() => redirect(to))
      const failure = await failureOf(() => open(connectTo(link)), ['s3cret', 't0k'])
      expect(failure).toMatchObject({ code: 'unauthorized', advice: expect.stringContaining(advice) })
      expect(failure.message).toContain(new URL(to).host)
      expect(seen).toHaveLength(1)
    },
  )

  it.each([
    [SHEET, 403, 'forbidden'],
    [SHEET, 401, 'unauthorized'],
    [WORK, 403, 'forbidden'],
  ])('the answer to %s with status %i has the advice of the host', async (link, status, code) => {
    playHosts(() => new Response(null, { status }))
    const advice = expect.stringContaining('Anyone with the link')
    expect(await failureOf(() => open(connectTo(link)))).toMatchObject({ code, advice })
  })

  it('a web page in the place of a shared file has the advice of the host', async () => {
    playHosts(() => webPage())
    const advice = expect.stringContaining('Anyone with the link')
    expect(await failureOf(() => open(connectTo(SHEET)))).toMatchObject({ code: 'not_a_contact_file', advice })
  })

  it('the identity that SharePoint gives to a visitor is sent again to the same host, and to no other', async () => {
    const cookie = 'FedAuth=77u/PD94=='
    const seen = playHosts((url, headers) => {
      if (url.pathname.startsWith('/:x:/'))
        return redirect('/personal/ana/_layouts/15/download.aspx?UniqueId=1', {
          'Set-Cookie': `${cookie}; path=/; HttpOnly`,
        })
      if (url.hostname !== 'example-my.sharepoint.com') return new Response(CSV)
      return headers.get('Cookie') === cookie
        ? redirect('https://other.example.org/a.csv', { 'Set-Cookie': 'more=1' })
        : redirect('https://login.microsoftonline.com/')
    })
    expect(await readText(await open(connectTo(WORK)))).toBe(CSV)
    expect(seen.map(({ url, headers }) => [new URL(url).host, headers.get('Cookie')])).toEqual([
      ['example-my.sharepoint.com', null],
      ['example-my.sharepoint.com', cookie],
      ['other.example.org', null],
    ])
    expect(seen[0]?.url).toBe(`${WORK}&download=1`)
    // Another fetch begins without them.
    await open(connectTo(WORK))
    expect(seen[3]?.headers.get('Cookie')).toBeNull()
  })

  it('a link of Nextcloud is downloaded once the address itself gave a web page, with the cookies of that page', async () => {
    const seen: (string | undefined)[][] = []
    const url = await serve((request, response) => {
      seen.push([request.url, request.headers.cookie])
      if (request.url?.endsWith('/download?dir=%2F')) response.writeHead(200, { 'Content-Type': 'text/csv' }).end(CSV)
      else response.writeHead(200, { 'Content-Type': 'text/html', 'Set-Cookie': 'nc=1; path=/' }).end('<!DOCTYPE html>')
    })
    expect(await readText(await open(connectTo(`${url}/index.php/s/AbCdEfGh?dir=%2F`)))).toBe(CSV)
    expect(seen).toEqual([
      ['/index.php/s/AbCdEfGh?dir=%2F', undefined],
      ['/index.php/s/AbCdEfGh/download?dir=%2F', 'nc=1'],
    ])
  })

  it('a file whose address looks like a link of Nextcloud is taken as it is', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve((request, response) => {
      seen.push(request.url)
      response.end(CSV)
    })
    expect(await readText(await open(connectTo(`${url}/s/contacts`)))).toBe(CSV)
    expect(seen).toEqual(['/s/contacts'])
  })

  it('a link of Nextcloud with a password gives the advice of Nextcloud', async () => {
    const url = await serve((request, response) => {
      if (request.url?.endsWith('/download')) response.writeHead(303, { Location: '/s/AbCdEfGh/authenticate' }).end()
      else response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!DOCTYPE html>')
    })
    expect(await failureOf(() => open(connectTo(`${url}/s/AbCdEfGh`)))).toMatchObject({
      code: 'not_a_contact_file',
      advice: expect.stringContaining('without a password'),
    })
  })

  it('each address of a share link is checked', async () => {
    for (const [to, code] of [
      ['https://10.0.0.1/a.csv', 'address_refused'],
      ['http://example.org/a.csv', 'redirect_refused'],
    ]) {
      const seen = playHosts(() => redirect(to ?? ''))
      expect((await failureOf(() => open(connectTo(SHEET)))).code).toBe(code)
      expect(seen).toHaveLength(1)
    }
  })

  it('a token for a private file of GitHub goes to the host of the file only', async () => {
    const seen = playHosts((url) =>
      url.hostname === 'raw.githubusercontent.com'
        ? redirect('https://media.githubusercontent.com/a')
        : new Response(CSV),
    )
    await open(connectTo('https://github.com/o/r/blob/main/a.csv', { bearer: 't0ken' }))
    expect(seen.map(({ url, headers }) => [url, headers.get('Authorization')])).toEqual([
      ['https://raw.githubusercontent.com/o/r/main/a.csv', 'Bearer t0ken'],
      ['https://media.githubusercontent.com/a', null],
    ])
  })
})

describe('a token or a header', () => {
  it.each([
    [{ bearer: 't0ken' }, 'authorization', 'Bearer t0ken', 'the token'],
    [
      { header: { name: 'X-Api-Key', value: 'k3y with spaces' } },
      'x-api-key',
      'k3y with spaces',
      'the header X-Api-Key',
    ],
    [
      { header: { name: 'Authorization', value: 'Token t0ken' } },
      'authorization',
      'Token t0ken',
      'header Authorization',
    ],
  ])('%j is sent within the origin, and dropped across origins', async (login, name, value, what) => {
    const seen: (string | string[] | undefined)[] = []
    const other = await serve((request, response) => {
      seen.push(request.headers[name])
      response.writeHead(401).end()
    })
    const url = await serve((request, response) => {
      seen.push(request.headers[name])
      if (request.url === '/no') response.writeHead(401).end()
      else response.writeHead(307, { Location: request.url === '/a' ? '/b' : `${other}/c` }).end()
    })
    const dropped = await failureOf(() => open(connectTo(`${url}/a`, login)), [value])
    expect(dropped).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('has moved to') })
    expect(seen).toEqual([value, value, undefined])
    const refused = await failureOf(() => open(connectTo(`${url}/no`, login)), [value])
    expect(refused).toMatchObject({ code: 'unauthorized', message: expect.stringContaining(what) })
  })

  it.each<[login: object, path: string]>([
    [{ bearer: 'a b' }, 'bearer'],
    [{ bearer: 'a\r\nX: 1' }, 'bearer'],
    [{ header: { name: 'X-Key', value: 'a\nb' } }, 'header.value'],
    [{ header: { name: 'X-Key', value: 'é' } }, 'header.value'],
    [{ header: { name: 'X-Key', value: ' a' } }, 'header.value'],
    [{ header: { name: 'X Key', value: 'a' } }, 'header.name'],
    [{ header: { name: 'X-Key:', value: 'a' } }, 'header.name'],
    [{ header: { name: '', value: 'a' } }, 'header.name'],
    ...[
      'Host',
      'Cookie',
      'content-length',
      'Content-Type',
      'Connection',
      'Transfer-Encoding',
      'TE',
      'Upgrade',
      'Expect',
    ].map((name): [object, string] => [{ header: { name, value: 'a' } }, 'header.name']),
    ...[
      'Proxy-Authorization',
      'If-None-Match',
      'Range',
      'Accept-Encoding',
      'Sec-Fetch-Mode',
      'Keep-Alive',
      'Trailer',
    ].map((name): [object, string] => [{ header: { name, value: 'a' } }, 'header.name']),
    [{ bearer: 'a', header: { name: 'X-Key', value: 'b' } }, 'header'],
    [{ bearer: 'a', username: 'ana' }, 'bearer'],
    [{ password: 'a', header: { name: 'X-Key', value: 'b' } }, 'header'],
  ])('%j is refused at %s', (login, path) => {
    const { error } = httpsSchema.safeParse({ kind: 'https', url: 'https://a.example.org/a.csv', ...login })
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path)
  })
})

describe('the first page of a list', () => {
  it('a JSON answer whose header names a next page is refused', async () => {
    const headers = { 'Content-Type': 'application/json', Link: '</p?page=2>; rel="next", </p?page=9>; rel="last"' }
    const url = await serve(answer(200, headers, '[{"id":1}]'))
    expect((await failureOf(() => open(connectTo(url)))).code).toBe('unsupported_format')
  })

  it('a link to something else is no next page', async () => {
    const headers = { 'Content-Type': 'application/json', Link: '</p?page=1>; rel="prev"' }
    expect(await readText(await open(connectTo(await serve(answer(200, headers, '[]')))))).toBe('[]')
    const csv = { 'Content-Type': 'text/csv', Link: '</style.css>; rel=next' }
    expect(await readText(await open(connectTo(await serve(answer(200, csv, CSV)))))).toBe(CSV)
  })
})
