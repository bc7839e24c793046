import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { freePort, isTaken } from '../local/ports.ts'
import { isTurnOf, someOf } from '../worker/src/testing/sample.ts'
import { contactsOf, importNow, makeSource } from './directory.ts'
import { startFileServer } from './file-server.ts'
import { makeFolder, startMuster } from './muster.ts'
import { people, toFile } from './roster.ts'

/** Starts Muster with only this environment, and stops it as soon as it is ready. */
async function run(env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, '../local/start.ts')], { env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.includes('Ready on')) child.kill('SIGINT')
    })
  }
  const code = await new Promise<number | null>((done) => child.on('close', done))
  return { code, output }
}

/** Returns the files and folders in a folder that others than its owner can read. */
async function readableByOthers(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true })
  const modes = await Promise.all(found.map(async (name) => [name, (await stat(join(folder, name))).mode] as const))
  return modes.filter(([, mode]) => (mode & 0o077) !== 0).map(([name]) => name)
}

describe('Starting Muster', () => {
  it('Muster prints once where it is ready, and a stop ends every process that it started', async () => {
    const muster = await startMuster()
    expect(muster.terminal().match(/Ready on/g)).toHaveLength(1)
    expect((await fetch(muster.url)).headers.get('content-type')).toContain('text/html')
    expect((await muster.api('GET', '/api/health')).body).toMatchObject({ ok: true })
    expect(await muster.stop()).toBe(0)
    expect(await isTaken(Number(new URL(muster.url).port))).toBe(false)
  })

  it('Muster runs beside another Muster', async () => {
    const [one, other] = await Promise.all([startMuster(), startMuster()])
    const made = await one.api('POST', '/api/sources', {
      name: 'Only here',
      connection: { kind: 'https', url: 'https://example.org/a.csv' },
    })
    expect(made.status).toBe(201)
    expect((await other.api('GET', '/api/sources')).body.items).toEqual([])
    await Promise.all([one.stop(), other.stop()])
  })

  it('Muster keeps its contacts, its secrets and its administrator from start to start, also under new keys', async () => {
    const state = await makeFolder()
    const files = await startFileServer()
    const basic = { username: 'exporter', password: 'secret' }
    files.serve('/contacts.csv', { body: toFile('csv', people(10)), basic })
    const first = await startMuster({ MUSTER_STATE: state })
    const source = await makeSource(first, { url: `${files.url}/contacts.csv`, ...basic })
    expect(await importNow(first, source)).toMatchObject({ status: 'succeeded' })
    await first.stop()
    expect(await readableByOthers(state)).toEqual([])
    const rotated = await promisify(execFile)(
      process.execPath,
      [resolve(import.meta.dirname, '../local/rotate-keys.ts')],
      {
        env: { ...process.env, MUSTER_STATE: state },
      },
    )
    expect(rotated.stdout).toMatch(/^The new key is [0-9a-f]{16}; the one before was [0-9a-f]{16}\./)

    files.serve('/contacts.csv', { body: toFile('csv', people(12)), basic })
    const second = await startMuster({ MUSTER_STATE: state })
    expect(await contactsOf(second, source)).toHaveLength(10)
    expect(await importNow(second, source)).toMatchObject({ status: 'succeeded', counts: { added: 2 } })
    await second.stop()
    await files.stop()
    await rm(state, { recursive: true })
  })

  it.runIf(isTurnOf(0))(
    'Muster makes an administrator if none is given, and prints the password at the first start only',
    async () => {
      const state = await makeFolder()
      const env = {
        ...process.env,
        MUSTER_STATE: state,
        MUSTER_DEMO: '0',
        MUSTER_ADMIN_PASSWORD: '',
        MUSTER_ADMIN_EMAIL: '',
      }
      const first = await run({ ...env, PORT: String(await freePort(null)) })
      const [, email, password] = /^Sign in as (\S+) with the password (\S+) /m.exec(first.output) ?? []
      expect(password).toMatch(/^\S{12,}$/)
      const again = await startMuster({
        ...env,
        MUSTER_ADMIN_EMAIL: email ?? '',
        MUSTER_ADMIN_PASSWORD: password ?? '',
      })
      await again.stop()
      const third = await run({ ...env, PORT: String(await freePort(null)) })
      expect(third.output).not.toContain('password')
      expect(third).toMatchObject({ code: 0, output: expect.stringContaining('Ready on') })
      await rm(state, { recursive: true })
    },
  )

  it.runIf(isTurnOf(5))('Muster ends when npm ends, whichever signal ends npm', async () => {
    for (const signal of someOf(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)) {
      const state = await makeFolder()
      const port = await freePort(null)
      const env = { ...process.env, PORT: String(port), MUSTER_STATE: state, MUSTER_DEMO: '0' }
      const npm = spawn('npm', ['start'], { cwd: resolve(import.meta.dirname, '..'), env })
      let output = ''
      npm.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
      await expect.poll(() => output).toContain(`Ready on http://localhost:${port}`)
      npm.kill(signal)
      await expect.poll(() => isTaken(port)).toBe(false)
      // The port is free before the last process has written its log and ended.
      await rm(state, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
    }
  })

  it.each(['PORT', 'MUSTER_INSPECTOR_PORT'])(
    'Muster reports in one line that the port of %s is taken',
    async (variable) => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      const ports = { PORT: String(await freePort(null)), [variable]: String(port) }
      const { code, output } = await run({ ...process.env, ...ports, MUSTER_DEMO: '0' })
      server.close()
      expect(code).toBe(1)
      expect(output.trim()).toMatch(new RegExp(`^Port ${port} is already taken.*$`))
    },
  )
})
