import * as XLSX from 'xlsx'
import type { S3Server } from '../local/demo/s3.ts'
import type { OpenSsh } from '../sftp-bridge/testing/openssh.ts'
import type { Behaviour, FileServer } from './file-server.ts'

/** The secrets that the tests enter, right and wrong. None of them may ever appear in an output. */
export const SECRETS = {
  basic: { username: 'exporter', password: 'right-Basic-Pa55' },
  wrongPassword: 'wr0ng-Pa55',
  keys: { accessKeyId: 'AKIAEXPORTER', secretAccessKey: 'r1ght/S3+secret' },
  wrongKey: 'wr0ng/S3+secret',
  sessionToken: 's3ssion-T0ken',
  query: 'sig=t0ken-in-the-query',
  passphrase: 'pa55-Phrase',
}

/** A way in which fetching fails, and the connection that makes it happen. */
export type FailureCase = [what: string, code: string, connection: object]

/** The servers that the failure cases need. */
export interface Stage {
  files: FileServer
  /** The same files behind a certificate that no authority has signed, and behind one for another name. */
  selfSigned: FileServer
  elsewhere: FileServer
  s3: S3Server
  openSsh: OpenSsh
  /** A port of the same server, through which `growing.csv` grows while it is fetched. */
  growingPort: number
  /** A port on which nothing listens, and a port whose server never answers. */
  closedPort: number
  silentPort: number
  /** A private key that the server does not know. */
  unknownKey: string
  good: Uint8Array
}

/**
 * Returns the cases of web servers. Each behaviour has its own address, which carries a token as some sharing links do.
 */
export function httpsCases({ files, selfSigned, elsewhere, closedPort, good }: Stage): FailureCase[] {
  let cases = 0
  const at = (behaviour: Behaviour, server = files) => {
    const path = `/case-${++cases}/contacts.csv`
    server.serve(path, behaviour)
    return { kind: 'https', url: `${server.url}${path}?${SECRETS.query}`, ...SECRETS.basic }
  }
  const redirect = (location: string) => at({ status: 302, headers: { location } })
  const to = (url: string) => ({ kind: 'https', url, ...SECRETS.basic })
  const html = '<!doctype html><title>Sign in</title>'
  return [
    [
      'a wrong password',
      'unauthorized',
      { ...at({ body: good, basic: SECRETS.basic }), password: SECRETS.wrongPassword },
    ],
    ['403', 'forbidden', at({ status: 403 })],
    ['404', 'not_found', at({ status: 404 })],
    ['410', 'not_found', at({ status: 410 })],
    ['429', 'rate_limited', at({ status: 429, headers: { 'retry-after': '60' } })],
    ['500', 'server_error', at({ status: 500 })],
    ['a redirect in a circle', 'redirect_refused', redirect('contacts.csv')],
    ['a redirect that leaves TLS', 'redirect_refused', redirect('http://files.example.org/contacts.csv')],
    ['a redirect to the metadata service', 'address_refused', redirect('https://169.254.169.254/latest/')],
    ['a redirect to it as a number', 'address_refused', redirect('https://2852039166/latest/')],
    ['a redirect to a private network', 'address_refused', redirect('https://10.0.0.1/contacts.csv')],
    ['a redirect to a unique-local address', 'address_refused', redirect('https://[fd00::1]/contacts.csv')],
    ['a private address', 'address_refused', to('https://192.168.1.10/contacts.csv')],
    ['a certificate that no authority has signed', 'tls_failed', at({ body: good }, selfSigned)],
    ['a certificate for another name', 'tls_failed', at({ body: good }, elsewhere)],
    ['a name that does not exist', 'dns_failed', to(`https://muster.invalid/contacts.csv?${SECRETS.query}`)],
    ['a port on which nothing listens', 'unreachable', to(`https://localhost:${closedPort}/contacts.csv`)],
    ['a body that breaks off', 'truncated', at({ body: good, cutAfter: 300 })],
    ['600 MB, announced', 'too_large', at({ streams: { bytes: 600_000_000, announced: true } })],
    ['a sign-in page', 'not_a_contact_file', at({ body: html, type: 'text/html' })],
    ['bytes that are no text', 'not_a_contact_file', at({ streams: { bytes: 5000, announced: false } })],
    ['nothing', 'empty', at({ body: '' })],
    ['a PDF', 'unsupported_format', at({ body: '%PDF-1.7\n%âãÏÓ\n1 0 obj\n', type: 'application/pdf' })],
    ['a workbook behind a password', 'encrypted_file', at({ body: encryptedWorkbook() })],
  ]
}

/** Returns the cases of S3: R2's own API, and a server that answers like Amazon where R2 has no such answer. */
export function s3Cases({ s3, files, closedPort }: Stage): FailureCase[] {
  const { keys, wrongKey, sessionToken } = SECRETS
  const s3At = (url: string, changes: object = {}) => ({ kind: 's3', url, region: 'ca-central-1', ...keys, ...changes })
  const answer = (path: string, status: number, code: string, more = '') => {
    const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No</Message>${more}</Error>`
    const behaviour = { status, body, type: 'application/xml' }
    const inRegion = /\/ca-central-1\/s3\/aws4_request/
    files.serve(path, {
      body: 'ID\n',
      otherwise: { unless: ({ headers }) => inRegion.test(headers.authorization ?? '') === (more !== ''), behaviour },
    })
    return `${files.url}${path}`
  }
  const region = '<Region>ca-central-1</Region>'
  return [
    ['a wrong secret key', 'unauthorized', s3At(`${s3.bucket}/contacts.csv`, { secretAccessKey: wrongKey })],
    ['an unknown access key', 'unauthorized', s3At(`${s3.bucket}/contacts.csv`, { accessKeyId: 'AKIANOBODY' })],
    ['a missing object', 'not_found', s3At(`${s3.bucket}/none.csv`)],
    ['an empty folder', 'not_found', s3At(`${s3.bucket}/none/`)],
    [
      'another region',
      'wrong_region',
      s3At(answer('/bucket/region.csv', 400, 'AuthorizationHeaderMalformed', region), { region: 'us-east-2' }),
    ],
    ['no permission', 'forbidden', s3At(answer('/bucket/denied.csv', 403, 'AccessDenied'), { sessionToken })],
    ['too many requests', 'rate_limited', s3At(answer('/bucket/busy.csv', 503, 'SlowDown'))],
    ['a service that does not exist', 'dns_failed', s3At('https://bucket.s3.muster.invalid/contacts.csv')],
    ['a service that is down', 'unreachable', s3At(`https://localhost:${closedPort}/bucket/contacts.csv`)],
    ['a service in a private network', 'address_refused', s3At('https://10.0.0.1/bucket/contacts.csv')],
  ]
}

/** Returns the cases of SFTP, with OpenSSH's own server. */
export function sftpCases({ openSsh, growingPort, closedPort, silentPort, unknownKey }: Stage): FailureCase[] {
  const { username, password, port, folder, hostKeys } = openSsh
  const right = { kind: 'sftp', port, username, password, hostKey: hostKeys.ed25519 }
  const at = (name: string, changes: object = {}) => ({
    ...right,
    url: `sftp://localhost${folder}/${name}`,
    ...changes,
  })
  const byKey = { password: null, privateKey: unknownKey, passphrase: SECRETS.passphrase }
  return [
    ['a wrong password', 'unauthorized', at('contacts.csv', { password: SECRETS.wrongPassword })],
    ['a key the server does not know', 'unauthorized', at('contacts.csv', byKey)],
    ['a host key nobody has looked at', 'host_key_unknown', at('contacts.csv', { hostKey: null })],
    ['a missing file', 'not_found', at('none.csv')],
    ['a pattern that fits nothing', 'not_found', at('none-*.csv')],
    ['a file of another user', 'forbidden', at('forbidden.csv')],
    ['a file that is still growing', 'truncated', at('growing.csv', { port: growingPort })],
    ['600 MB', 'too_large', at('large.csv')],
    ['nothing', 'empty', at('empty.csv')],
    ['a name that does not exist', 'dns_failed', at('contacts.csv', { url: 'sftp://muster.invalid/contacts.csv' })],
    ['a port on which nothing listens', 'unreachable', at('contacts.csv', { port: closedPort })],
    ['a server that says nothing', 'timeout', at('contacts.csv', { port: silentPort })],
    ['a private address', 'address_refused', at('contacts.csv', { url: 'sftp://172.16.0.1/contacts.csv' })],
  ]
}

function encryptedWorkbook(): Uint8Array {
  const container = XLSX.CFB.utils.cfb_new()
  XLSX.CFB.utils.cfb_add(container, '/EncryptionInfo', Buffer.alloc(2000))
  XLSX.CFB.utils.cfb_add(container, '/EncryptedPackage', Buffer.alloc(5000))
  return Buffer.from(XLSX.CFB.write(container, { type: 'base64' }).toString(), 'base64')
}
