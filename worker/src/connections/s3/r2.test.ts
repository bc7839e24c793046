import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CONTEXT, failureOf, open, read, readText } from '../../testing/connections/contract.ts'
import { writingContract } from '../../testing/connections/writing.ts'
import { s3 } from './facts.ts'
import { objectUrl, s3Location } from './location.ts'
import { openS3, putOnS3 } from './open.ts'
import { s3Schema } from './schema.ts'

/** The R2 of the local runtime, in a process of its own. It is a real S3 API that checks signatures. */
const KEYS = { accessKeyId: 'AKIALOCAL', secretAccessKey: 'l0cal-secret/+' }
const WRANGLER_TOML = `
name = "s3"
main = "worker.js"
compatibility_date = "2026-11-01"
[[r2_buckets]]
binding = "FILES"
bucket_name = "files"
local_dev = { experimental_s3_credentials = ${JSON.stringify(KEYS).replaceAll(':', '=')} }
`
const KEY = 'in/Liste é (1)+%.csv'

let folder = ''
let wrangler: ChildProcess | undefined
let bucket = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-s3-'))
  await writeFile(join(folder, 'wrangler.toml'), WRANGLER_TOML)
  await writeFile(join(folder, 'worker.js'), 'export default { fetch: () => new Response() }')
  const cli = join(dirname(createRequire(import.meta.url).resolve('wrangler/package.json')), 'bin/wrangler.js')
  wrangler = spawn(process.execPath, [cli, 'dev', '--ip', '127.0.0.1', '--port', '0', '--inspector-port', '0'], {
    cwd: folder,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: '1' },
  })
  bucket = `${await readyAt(wrangler)}/cdn-cgi/local/r2/s3/files`
  await put('in/old.csv', 'ID,Name\n1,Old\n')
  await put('in/archive/later.csv', 'ID,Name\n1,Archived\n')
  await put(KEY, 'ID,Name\n1,Ana\n')
})

afterAll(async () => {
  const stopped = new Promise((resolve) => wrangler?.once('exit', resolve))
  if (wrangler?.kill() === true) await stopped
  await rm(folder, { recursive: true, force: true })
})

function readyAt(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const hear = (chunk: Buffer) => {
      output += chunk.toString()
      const origin = /Ready on (http:\/\/[\w.:]+)/.exec(output)?.[1]
      if (origin !== undefined) resolve(origin)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(`wrangler stopped: ${output}`)))
  })
}

async function put(key: string, body: string): Promise<void> {
  const client = new AwsClient({ ...KEYS, service: 's3', region: 'auto', retries: 0 })
  const response = await client.fetch(objectUrl(s3Location(`${bucket}/`, 'auto'), key), { method: 'PUT', body })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
}

function connectTo(path: string, keys = KEYS) {
  return openS3(s3Schema.parse({ kind: 's3', url: `${bucket}/${path}`, region: 'ca-central-1', ...keys }), CONTEXT)
}

writingContract('s3', {
  async write(name, file, signal, context, credentials) {
    const wrong = credentials === 'wrong' ? { secretAccessKey: 'wr0ng' } : {}
    const of = credentials === 'nowhere' ? 'http://127.0.0.1:1/files' : bucket
    const url = `${of}/in/contacts.csv`
    const settings = { kind: 's3', url, region: 'auto', ...KEYS, ...wrong, optOuts: { path: `written/${name}` } }
    const to = s3.optOutFile?.(s3Schema.parse(settings))
    if (to == null) throw new Error('There is no file to write')
    await putOnS3(to, context, file, signal)
  },
  connect: (name) => connectTo(`written/${encodeURIComponent(name)}`),
  secrets: () => ['wr0ng', KEYS.secretAccessKey],
})

describe('against a real S3 API', () => {
  it('a file in R2 is fetched, and not again while it stays the same', async () => {
    const file = await open(connectTo('in/old.csv'))
    expect(await readText(file)).toBe('ID,Name\n1,Old\n')
    expect(file).toMatchObject({ name: 'old.csv', modifiedAt: expect.stringMatching(/^\d{4}-/) })
    const again = { signal: new AbortController().signal, since: file.validator }
    expect(await connectTo('in/old.csv').open(again)).toBe('not_modified')
    await put('in/old.csv', 'ID,Name\n1,Older\n')
    expect(await connectTo('in/old.csv').open(again)).not.toBe('not_modified')
    await put(KEY, 'ID,Name\n1,Ana\n')
  })

  it.each(['in/', 'in/L*.csv'])(
    'the newest file of %s in R2 is found, and its name is signed with all its special characters',
    async (path) => {
      const file = await open(connectTo(path))
      expect(file.name).toBe('Liste é (1)+%.csv')
      expect(await readText(file)).toBe('ID,Name\n1,Ana\n')
    },
  )

  it('an empty file in R2 is a file', async () => {
    await put('empty/contacts.csv', '')
    expect((await read(await open(connectTo('empty/')))).byteLength).toBe(0)
  })

  it.each([
    ['a missing file', 'in/none.csv', KEYS, 'not_found'],
    ['a wrong secret key', 'in/old.csv', { ...KEYS, secretAccessKey: 'wr0ng' }, 'unauthorized'],
    ['a wrong access key', 'in/old.csv', { ...KEYS, accessKeyId: 'AKIAWRONG' }, 'unauthorized'],
    ['a wrong secret key for a folder', 'in/', { ...KEYS, secretAccessKey: 'wr0ng' }, 'unauthorized'],
  ])('%s in R2 gets its own code', async (_, path, keys, code) => {
    expect((await failureOf(() => open(connectTo(path, keys)), ['wr0ng', KEYS.secretAccessKey])).code).toBe(code)
  })
})
