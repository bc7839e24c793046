import { appendFileSync, chmodSync, truncateSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { basename, join } from 'node:path'
import ssh2 from 'ssh2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startS3 } from '../local/demo/s3.ts'
import { freePort } from '../local/ports.ts'
import { startOpenSsh } from '../sftp-bridge/testing/openssh.ts'
import { startProxy } from '../sftp-bridge/testing/proxy.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import { contactsOf, emailsTo, importNow, makeSource } from './directory.ts'
import { type FailureCase, httpsCases, SECRETS, type Stage, s3Cases, sftpCases } from './failure-cases.ts'
import { startFileServer } from './file-server.ts'
import { type Muster, startMuster } from './muster.ts'
import { processesOf } from './processes.ts'
import { contactOf, people, toFile } from './roster.ts'

const list = people(8)
const good = toFile('csv', list)
const key = ssh2.utils.generateKeyPairSync('ed25519', {
  passphrase: SECRETS.passphrase,
  cipher: 'aes256-ctr',
  rounds: 8,
})

let authority: Authority
let stage: Stage
let silent: Server
let growing: Awaited<ReturnType<typeof startProxy>>
let muster: Muster
beforeAll(async () => {
  authority = await makeAuthority()
  const silentPort = await freePort(null)
  silent = createServer().listen(silentPort, '127.0.0.1')
  const openSsh = await startOpenSsh()
  const remote = (name: string) => join(openSsh.folder, name)
  // The file grows before each request that the server gets.
  growing = await startProxy(openSsh.port, () => ({ request: () => appendFileSync(remote('growing.csv'), '\n') }))
  stage = {
    files: await startFileServer(authority.localhost),
    selfSigned: await startFileServer(authority.selfSigned),
    elsewhere: await startFileServer(authority.elsewhere),
    s3: await startS3(await freePort(null), SECRETS.keys),
    openSsh,
    growingPort: growing.port,
    closedPort: await freePort(null),
    silentPort,
    unknownKey: key.private,
    good,
  }
  stage.files.serve('/good.csv', { body: good, basic: SECRETS.basic })
  await stage.s3.put('contacts.csv', good)
  for (const name of ['contacts.csv', 'forbidden.csv', 'growing.csv']) writeFileSync(remote(name), good)
  for (const name of ['empty.csv', 'large.csv']) writeFileSync(remote(name), '')
  chmodSync(remote('forbidden.csv'), 0)
  truncateSync(remote('large.csv'), 600_000_000)
  // The bridge waits less for the server that says nothing than it does in production.
  const bridge = { BRIDGE_STABLE_MS: '100', BRIDGE_FIRST_BYTE_MS: '12000' }
  muster = await startMuster({ NODE_EXTRA_CA_CERTS: authority.path, ...bridge })
})
afterAll(async () => {
  growing?.close()
  silent?.close()
  await muster?.stop()
  const { files, selfSigned, elsewhere, s3, openSsh } = stage ?? {}
  await Promise.all([files, selfSigned, elsewhere, s3, openSsh].map((server) => server?.stop()))
  await authority?.remove()
})

/** Makes a source that has imported the good file once. */
async function makeExisting(address: string): Promise<string> {
  const source = await makeSource(
    muster,
    { url: `${stage.files.url}/good.csv`, ...SECRETS.basic },
    { notify: { emails: [address], when: 'never' } },
  )
  expect(await importNow(muster, source)).toMatchObject({ status: 'succeeded', counts: { added: list.length } })
  return source
}

async function connect(source: string, connection: object): Promise<void> {
  const patched = await muster.api('PATCH', `/api/sources/${source}`, { connection })
  expect(patched.status, JSON.stringify(patched.body)).toBe(200)
}

/** Runs an import that fails. Returns its failure code, and whether everything else is as required. */
async function outcomeOf(source: string, address: string) {
  const { status, failure } = await importNow(muster, source)
  const [email] = await emailsTo(muster, address, 1)
  return {
    status,
    code: failure?.code,
    advises: /\S.*\.$/.test(failure?.advice ?? ''),
    keeps: JSON.stringify(await contactsOf(muster, source)) === JSON.stringify(list.map(contactOf)),
    tells: email?.text.includes(failure?.message) === true && email.text.includes(failure?.advice),
  }
}

function failsWith(code: string) {
  return { status: 'failed', code, advises: true, keeps: true, tells: true }
}

const KINDS: [kind: string, cases: (stage: Stage) => FailureCase[]][] = [
  ['https', httpsCases],
  ['s3', s3Cases],
  ['sftp', sftpCases],
]

describe('A fetch that fails', () => {
  // The kinds are tested at the same time, since a server that never answers takes a while.
  it.concurrent.each(KINDS)('a failed fetch over %s changes nothing and mails its reason', async (kind, casesOf) => {
    const cases = casesOf(stage)
    const outcomes = new Map<string, object>()
    const waiting = [...cases.entries()]
    // A few at a time: on a busy machine, all at once would take longer than a test of a connection may.
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, [what, , connection]] = next
        const address = `${kind}-${index}@example.org`
        const source = await makeExisting(address)
        await connect(source, connection)
        const tested = await muster.api('POST', `/api/sources/${source}/test`)
        outcomes.set(what, { tested: tested.body.code, ...(await outcomeOf(source, address)) })
      }
    }
    await Promise.all(Array.from({ length: 4 }, work))
    expect(Object.fromEntries(outcomes)).toEqual(
      Object.fromEntries(cases.map(([what, code]) => [what, { tested: code, ...failsWith(code) }])),
    )
  })

  it('a fetch over SFTP is refused when the server’s key has changed, and shows both fingerprints', async () => {
    const { openSsh } = stage
    const source = await makeExisting('key@example.org')
    const { username, password, port, folder, hostKeys } = openSsh
    const pinned = hostKeys.ed25519
    const url = `sftp://localhost${folder}/contacts.csv`
    await connect(source, { kind: 'sftp', url, port, username, password, hostKey: pinned })
    expect(await importNow(muster, source)).toMatchObject({ status: 'succeeded', counts: { unchanged: list.length } })

    await openSsh.replaceHostKeys()
    writeFileSync(join(folder, 'contacts.csv'), toFile('csv', list.slice(0, 2)))
    expect(await outcomeOf(source, 'key@example.org')).toEqual(failsWith('host_key_changed'))
    const { body } = await muster.api('POST', `/api/sources/${source}/test`)
    expect(body).toMatchObject({ ok: false, code: 'host_key_changed' })
    expect(Object.values(openSsh.hostKeys)).toContain(body.hostKey)
    expect(body.detail).toContain(pinned)
    expect(body.detail).toContain(body.hostKey)
  })

  it('a fetch that finds no SFTP bridge fails only for a moment, because the bridge is started again', async () => {
    const { username, password, port, folder, hostKeys } = stage.openSsh
    const source = await makeExisting('bridge@example.org')
    const url = `sftp://localhost${folder}/contacts.csv`
    await connect(source, { kind: 'sftp', url, port, username, password, hostKey: hostKeys.ed25519 })
    process.kill(processesOf(muster).bridge, 'SIGKILL')
    expect(await outcomeOf(source, 'bridge@example.org')).toEqual(failsWith('bridge_unavailable'))
    await expect.poll(async () => (await muster.api('POST', `/api/sources/${source}/test`)).body.ok).toBe(true)
  })
})

describe('A secret', () => {
  it('a secret that was entered appears in no answer, e-mail or log, and not in plain text on the disk', async () => {
    const { basic, wrongPassword, keys, wrongKey, sessionToken, passphrase, query } = SECRETS
    const { password } = stage.openSsh
    const body = key.private.split('\n')[3] ?? ''
    const secrets = [
      basic.password,
      wrongPassword,
      keys.secretAccessKey,
      wrongKey,
      sessionToken,
      passphrase,
      password,
      body,
      query,
    ]
    const base64 = [basic.password, wrongPassword].map((text) =>
      Buffer.from(`${basic.username}:${text}`).toString('base64'),
    )

    const runs = await muster.api('GET', '/api/runs?limit=500')
    const reported: string[] = []
    for (const { id } of runs.body.items)
      reported.push(JSON.stringify((await muster.api('GET', `/api/runs/${id}`)).body))
    for (const path of ['runs', 'notifications', 'audit']) {
      reported.push(JSON.stringify((await muster.api('GET', `/api/${path}?limit=500`)).body))
    }
    const sources = JSON.stringify((await muster.api('GET', '/api/sources?limit=500')).body)
    expect(sources).toContain('?…')
    const files = await readdir(muster.state, { recursive: true, withFileTypes: true })
    const stored = new Map<string, string>()
    for (const file of files.filter((entry) => entry.isFile())) {
      const path = join(file.parentPath, file.name)
      stored.set(path, (await readFile(path)).toString('latin1'))
    }
    // The search finds a value that is not secret, which proves that the search works.
    expect([...stored.values()].some((text) => text.includes(basic.username))).toBe(true)
    const emails = [...stored].filter(([path]) => path.endsWith('.eml'))
    expect(emails.length).toBeGreaterThan(40)
    for (const email of await muster.emails('@example.org')) reported.push(email.subject + email.text + email.html)
    const logs = [...stored].filter(([path]) => path.endsWith('.log'))
    expect(logs.map(([path]) => basename(path)).sort()).toEqual(['bridge.log', 'worker.log'])

    for (const secret of [...secrets, ...base64]) {
      expect(secret).toMatch(/^\S{8,}$/)
      expect([...reported, sources].filter((text) => text.includes(secret))).toEqual([])
      expect([...stored].filter(([, text]) => text.includes(secret)).map(([path]) => path)).toEqual([])
    }
  })
})
