import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type S3Server, startS3 } from '../local/demo/s3.ts'
import { freePort } from '../local/ports.ts'
import { type OpenSsh, startOpenSsh } from '../sftp-bridge/testing/openssh.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import { contactsOf, importNow, makeSource } from './directory.ts'
import { type FileServer, startFileServer } from './file-server.ts'
import { type Muster, startMuster } from './muster.ts'
import { contactOf, people, toFile } from './roster.ts'

const BASIC = { username: 'exporter', password: 'pass:wörd' }
const KEYS = { accessKeyId: 'AKIAEXPORTER', secretAccessKey: 'S3cret/Key+With=Signs' }
const everyone = people(60)
/** The people a week later: two have left, two have joined, and one has a new title. */
const first = everyone.slice(0, 58)
const second = everyone.slice(2).map((person, index) => (index === 0 ? { ...person, title: 'Deputy' } : person))

let authority: Authority
let files: FileServer
let s3: S3Server
let openSsh: OpenSsh
let muster: Muster
beforeAll(async () => {
  authority = await makeAuthority()
  files = await startFileServer(authority.localhost)
  s3 = await startS3(await freePort(null), KEYS)
  openSsh = await startOpenSsh()
  muster = await startMuster({ NODE_EXTRA_CA_CERTS: authority.path, BRIDGE_STABLE_MS: '100' })
})
afterAll(async () => {
  await muster?.stop()
  await openSsh?.stop()
  await s3?.stop()
  await files?.stop()
  await authority?.remove()
})

/** Puts one file at all four places. */
async function publish(file: Uint8Array): Promise<void> {
  files.serve('/public/contacts.csv', { body: file })
  files.serve('/private/contacts.csv', { body: file, basic: BASIC })
  await s3.put('exports/contacts.csv', file)
  writeFileSync(`${openSsh.folder}/contacts.csv`, file)
}

/** Returns the connection of each option as an administrator fills it in (seed: How to populate Import Settings). */
function connections(): [option: string, connection: object][] {
  const { username, password, port, folder, hostKeys } = openSsh
  const sftp = { kind: 'sftp', url: `sftp://localhost${folder}/contacts.csv`, port, username, password }
  return [
    ['1) a public file over HTTPS', { kind: 'https', url: `${files.url}/public/contacts.csv` }],
    ['2) a private file over HTTPS', { kind: 'https', url: `${files.url}/private/contacts.csv`, ...BASIC }],
    ['3) a private file over SFTP', { ...sftp, hostKey: hostKeys.ed25519 }],
    [
      '4) a private file from S3',
      { kind: 's3', url: `${s3.bucket}/exports/contacts.csv`, region: 'ca-central-1', ...KEYS },
    ],
  ]
}

describe('The four options', () => {
  it('the four options import the same file to the same directory, and then its next version', async () => {
    for (const [option, connection] of connections()) {
      await publish(toFile('csv', first))
      const tested = await muster.api('POST', '/api/sources/test', { name: option, connection })
      expect(tested.body, option).toMatchObject({ ok: true, file: { name: 'contacts.csv' } })
      expect(tested.body.rows, option).toHaveLength(10)

      const source = await makeSource(muster, connection, { name: option })
      const added = await importNow(muster, source)
      expect(added, option).toMatchObject({ status: 'succeeded', counts: { matched: 58, added: 58, errors: 0 } })
      expect(await contactsOf(muster, source), option).toEqual(first.map(contactOf))
      expect(await importNow(muster, source), option).toMatchObject({ status: 'unchanged' })

      await publish(toFile('csv', second))
      expect(await importNow(muster, source), option).toMatchObject({
        status: 'succeeded',
        counts: { matched: 58, added: 2, updated: 1, unchanged: 55, removed: 2 },
      })
      expect(await contactsOf(muster, source), option).toEqual(second.map(contactOf))

      expect((await muster.api('DELETE', `/api/sources/${source}?contacts=remove`)).status, option).toBeLessThan(300)
      expect((await muster.api('GET', '/api/contacts')).body.items, option).toEqual([])
    }
  })

  it('the test of an SFTP connection shows the fingerprint of the server’s key before it signs in', async () => {
    const [, , [, sftp] = []] = connections()
    const { body } = await muster.api('POST', '/api/sources/test', {
      name: 'New',
      connection: { ...sftp, hostKey: null },
    })
    expect(body).toMatchObject({ ok: false, code: 'host_key_unknown', hostKey: expect.stringMatching(/^SHA256:/) })
    expect(Object.values(openSsh.hostKeys)).toContain(body.hostKey)
  })
})
