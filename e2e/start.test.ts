import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isTaken } from '../local/ports.ts'
import { startMuster } from './muster.ts'

describe('Starting Muster', () => {
  it('says once where it is ready, and stops with everything it started', async () => {
    const muster = await startMuster()
    expect(muster.terminal().match(/Ready on/g)).toHaveLength(1)
    expect((await fetch(muster.url)).headers.get('content-type')).toContain('text/html')
    expect((await muster.api('GET', '/api/health')).body).toMatchObject({ ok: true })
    expect(await muster.stop()).toBe(0)
    expect(await isTaken(Number(new URL(muster.url).port))).toBe(false)
  })

  it('runs beside another one', async () => {
    const [one, other] = await Promise.all([startMuster(), startMuster()])
    const made = await one.api('POST', '/api/sources', {
      name: 'Only here',
      connection: { kind: 'https', url: 'https://example.org/a.csv' },
    })
    expect(made.status).toBe(201)
    expect((await other.api('GET', '/api/sources')).body.items).toEqual([])
    await Promise.all([one.stop(), other.stop()])
  })

  it('says in one line that its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const env = { ...process.env, PORT: String(port), MUSTER_DEMO: '0' }
    const child = spawn(process.execPath, [resolve(import.meta.dirname, '../local/start.ts')], { env })
    let output = ''
    child.stdout.on('data', (text) => (output += text))
    child.stderr.on('data', (text) => (output += text))
    const [code] = await once(child, 'exit')
    server.close()
    expect(code).toBe(1)
    expect(output.trim()).toMatch(new RegExp(`^Port ${port} is already taken.*$`))
  })
})
