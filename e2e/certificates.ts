import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTool } from './debian.ts'

/** A server's certificate with its private key, as PEM. */
export interface Certificate {
  key: string
  cert: string
}

/** A certificate authority for tests. */
export interface Authority {
  /** The path of the authority's own certificate, for NODE_EXTRA_CA_CERTS. */
  path: string
  /** A certificate for `localhost`, issued by the authority. */
  localhost: Certificate
  /** A certificate for `localhost` that no authority has signed. */
  selfSigned: Certificate
  /** A certificate for another name, issued by the authority. */
  elsewhere: Certificate
  remove(): Promise<void>
}

/** Makes the authority and its certificates, valid for two days. */
export async function makeAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-ca-'))
  const files = (name: string) => ({ key: join(folder, `${name}.key`), cert: join(folder, `${name}.pem`) })
  const authority = files('authority')
  const make = (name: string, subject: string, more: string[]): Certificate => {
    const { key, cert } = files(name)
    const fresh = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    runTool('openssl', ['req', ...fresh, '-keyout', key, '-out', cert, '-subj', `/CN=${subject}`, ...more])
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  }
  const signed = ['-CA', authority.cert, '-CAkey', authority.key, '-addext', 'basicConstraints=critical,CA:false']
  make('authority', 'Muster test authority', ['-addext', 'basicConstraints=critical,CA:true'])
  return {
    path: authority.cert,
    localhost: make('localhost', 'localhost', [...signed, '-addext', 'subjectAltName=DNS:localhost']),
    selfSigned: make('self-signed', 'localhost', ['-addext', 'subjectAltName=DNS:localhost']),
    elsewhere: make('elsewhere', 'elsewhere', [...signed, '-addext', 'subjectAltName=DNS:elsewhere.example.org']),
    remove: () => rm(folder, { recursive: true }),
  }
}
