import { createHash, randomBytes } from 'node:crypto'
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenRequest } from './request.ts'
import { type OpenSsh, startOpenSsh } from './testing/openssh.ts'
import { type BridgeProcess, openRequest, startBridge } from './testing/process.ts'
import { cutAfter, startProxy } from './testing/proxy.ts'

const MEGABYTE = 1_000_000

let server: OpenSsh
let bridge: BridgeProcess

beforeAll(async () => {
  server = await startOpenSsh()
  bridge = await startBridge()
})

afterAll(async () => {
  await bridge?.stop()
  await server?.stop()
})

const open = (name: string, changes?: Partial<OpenRequest>) => bridge.post('/open', openRequest(server, name, changes))
const failure = (name: string, changes?: Partial<OpenRequest>) =>
  bridge.failure('/open', openRequest(server, name, changes))

/** Writes a file in the user's folder, last modified `secondsAgo`, and returns its path. */
function write(name: string, content: string | Buffer, secondsAgo = 3600): string {
  const path = `${server.folder}/${name}`
  writeFileSync(path, content)
  const time = Math.floor(Date.now() / 1000) - secondsAgo
  utimesSync(path, time, time)
  return path
}

describe('a file', () => {
  it('a file arrives complete, with its name, size and time', async () => {
    const content = randomBytes(5 * MEGABYTE + 17)
    const path = write('Kontakte für März.csv', content)
    const response = await open('Kontakte für März.csv')
    expect(response.status).toBe(200)
    expect(decodeURIComponent(response.headers.get('Muster-File-Name') ?? '')).toBe('Kontakte für März.csv')
    expect(response.headers.get('Muster-File-Bytes')).toBe(String(content.length))
    const modified = Date.parse(response.headers.get('Muster-File-Modified') ?? '')
    expect(modified).toBe(statSync(path).mtimeMs)
    const received = Buffer.from(await response.arrayBuffer())
    expect(digest(received)).toBe(digest(content))
  })

  it('an empty file arrives as an empty file', async () => {
    write('empty.csv', '')
    const response = await open('empty.csv')
    expect([response.status, response.headers.get('Content-Length'), await response.text()]).toEqual([200, '0', ''])
  })

  it('a file that is still the known version is not sent again', async () => {
    write('known.csv', 'ID\n1\n')
    const first = await open('known.csv')
    await first.text()
    const since = { name: 'known.csv', bytes: 5, modifiedAt: first.headers.get('Muster-File-Modified') ?? '' }
    expect((await open('known.csv', { since })).status).toBe(304)
    expect((await open('known.csv', { since: { ...since, bytes: 6 } })).status).toBe(200)
  })

  it('a missing file is not_found', async () => {
    expect(await failure('nothing.csv')).toMatchObject({ code: 'not_found' })
    expect(await failure('no folder/contacts.csv')).toMatchObject({ code: 'not_found' })
    expect(await failure('no folder/contacts-*.csv')).toMatchObject({ code: 'not_found' })
  })

  it('a folder is not taken for a file', async () => {
    mkdirSync(`${server.folder}/folder.csv`)
    expect(await failure('folder.csv')).toMatchObject({ code: 'not_found' })
  })

  it('a failure names the file, and not the folders of its path', async () => {
    const failures = [
      await failure('payroll 7/none.csv'),
      await failure('payroll 7/none-*.csv'),
      await failure('folder.csv/none.csv'),
      await failure('../../../etc/shadow', { path: '/etc/ssh/shadow' }),
    ]
    for (const one of failures) expect(JSON.stringify(one)).not.toMatch(/payroll|folder\.csv|\/etc|tmp/)
    expect(failures[0]).toMatchObject({ message: expect.stringContaining('none.csv') })
  })

  it('a file that the user may not read is forbidden', async () => {
    expect(await failure('../../../etc/shadow', { path: '/etc/shadow' })).toMatchObject({ code: 'forbidden' })
  })

  it('a file with a temporary name is never taken', async () => {
    write('contacts.csv.part', 'ID\n')
    expect(await failure('contacts.csv.part')).toMatchObject({ code: 'not_found' })
  })

  it('a file over the size limit is refused before it is read', async () => {
    write('large.csv', 'x'.repeat(2001))
    expect(await failure('large.csv', { maxBytes: 2000 })).toMatchObject({ code: 'too_large' })
    expect((await open('large.csv', { maxBytes: 2001 })).status).toBe(200)
  })
})

describe('a pattern', () => {
  it('a pattern takes the newest matching file, but no temporary or moved file, folder or dead link', async () => {
    const folder = `${server.folder}/daily`
    mkdirSync(folder)
    write('daily/contacts-1.csv', 'oldest', 900)
    write('daily/contacts-2.csv', 'newest', 600)
    write('daily/contacts-3.csv', 'older', 800)
    write('daily/contacts-4.csv.tmp', 'temporary', 10)
    write('daily/contacts-5.csv.imported-20260203T040506Z', 'moved', 10)
    write('daily/others-1.csv', 'other', 10)
    mkdirSync(`${folder}/contacts-6`)
    symlinkSync(`${folder}/nowhere`, `${folder}/contacts-7`)
    const response = await open('daily/contacts-*')
    expect([response.headers.get('Muster-File-Name'), await response.text()]).toEqual(['contacts-2.csv', 'newest'])

    symlinkSync(`${folder}/others-1.csv`, `${folder}/contacts-8`)
    expect(await (await open('daily/contacts-*')).text()).toBe('other')
  })

  it('a pattern that matches nothing is not_found', async () => {
    expect(await failure('payroll-*.csv')).toMatchObject({ code: 'not_found' })
  })

  it('a pattern is compared with every file of a large folder', async () => {
    mkdirSync(`${server.folder}/many`)
    for (let i = 0; i < 1000; i++) write(`many/c-${i}.csv`, String(i), i === 637 ? 10 : 1000 + i)
    expect(await (await open('many/c-*.csv')).text()).toBe('637')
  })
})

describe('a file that is still being written', () => {
  const STILL = { code: 'truncated', message: expect.stringContaining('is still being written') }

  it('a file that grows between two looks is not taken', async () => {
    const path = write('growing.csv', 'ID\n')
    expect(await failureWhile('growing.csv', () => appendFileSync(path, '1\n'))).toMatchObject(STILL)
    expect((await open('growing.csv')).status).toBe(200)
  })

  it('a file that is rewritten with the same size between two looks is not taken', async () => {
    const path = write('rewritten.csv', 'ID\n1\n')
    let time = 1_790_000_000
    expect(await failureWhile('rewritten.csv', () => utimesSync(path, time, ++time))).toMatchObject(STILL)
  })

  it('a file that grows while it is read breaks off', async () => {
    const path = write('growing-late.csv', randomBytes(20 * MEGABYTE))
    const response = await open('growing-late.csv')
    expect(response.status).toBe(200)
    appendFileSync(path, 'more')
    await expect(response.arrayBuffer()).rejects.toThrow()
    await expect.poll(() => bridge.log.at(-1)).toContain('"code":"truncated"')
  })

  it('a file that becomes shorter while it is read breaks off', async () => {
    const path = write('shrinking.csv', randomBytes(20 * MEGABYTE))
    const response = await open('shrinking.csv')
    truncateSync(path, MEGABYTE)
    await expect(response.arrayBuffer()).rejects.toThrow()
  })
})

describe('a connection', () => {
  it('a connection that is cut half-way ends the body before its announced length', async () => {
    write('cut.csv', randomBytes(20 * MEGABYTE))
    const proxy = await startProxy(server.port, () => cutAfter(8 * MEGABYTE, 'cut'))
    const response = await open('cut.csv', { port: proxy.port })
    expect(response.headers.get('Content-Length')).toBe(String(20 * MEGABYTE))
    let received = 0
    await expect(async () => {
      for await (const chunk of response.body ?? []) received += chunk.length
    }).rejects.toThrow()
    expect(received).toBeGreaterThan(MEGABYTE)
    expect(received).toBeLessThan(20 * MEGABYTE)
    await expect.poll(() => bridge.log.at(-1)).toContain('"code":"truncated"')
    proxy.close()
  })

  it('a connection that stalls half-way times out', async () => {
    write('stall.csv', randomBytes(20 * MEGABYTE))
    const proxy = await startProxy(server.port, () => cutAfter(8 * MEGABYTE, 'stall'))
    const response = await open('stall.csv', { port: proxy.port, timeouts: { idle: 300 } })
    await expect(response.arrayBuffer()).rejects.toThrow()
    await expect.poll(() => bridge.log.at(-1)).toContain('"code":"timeout"')
    proxy.close()
  })

  it('a connection is closed when its client has gone', async () => {
    write('abandoned.csv', randomBytes(20 * MEGABYTE))
    const reader = new AbortController()
    const response = await bridge.post('/open', openRequest(server, 'abandoned.csv'), reader.signal)
    expect(response.status).toBe(200)
    reader.abort()
    await expect.poll(() => bridge.log.at(-1)).toContain('"code":"bridge_unavailable"')
  })
})

describe('200 MB', () => {
  it('a file of 200 MB takes no more memory than one of 20 MB, even if the reader pauses', async () => {
    truncateSync(write('large.csv', ''), 20 * MEGABYTE)
    await (await open('large.csv')).arrayBuffer()
    const before = peakMemory()
    truncateSync(write('huge.csv', ''), 200 * MEGABYTE)
    const response = await open('huge.csv')
    let received = 0
    for await (const chunk of response.body ?? []) {
      if (received === 0) await sleep(4000)
      received += chunk.length
    }
    expect(received).toBe(200 * MEGABYTE)
    expect(peakMemory() - before).toBeLessThan(80 * MEGABYTE)
  })
})

/** Returns the failure to open a file that `change` changes before each request that the server gets. */
async function failureWhile(name: string, change: () => void) {
  const proxy = await startProxy(server.port, () => ({ request: change }))
  const failed = await failure(name, { port: proxy.port })
  proxy.close()
  return failed
}

/** Returns the peak memory of the bridge since it started, in bytes. */
function peakMemory(): number {
  const status = readFileSync(`/proc/${bridge.child.pid}/status`, 'utf8')
  return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1])
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
