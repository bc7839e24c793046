import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { movedName } from './after-import.ts'
import type { AfterImportRequest } from './request.ts'
import { type OpenSsh, startOpenSsh } from './testing/openssh.ts'
import { type BridgeProcess, openRequest, startBridge } from './testing/process.ts'

const MODIFIED = '2026-02-03T04:05:06.000Z'

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

/** Writes a file with the time of the imported version, and returns the request that settles it. */
function imported(name: string, afterImport: 'move' | 'delete', path = name): AfterImportRequest {
  writeFileSync(`${server.folder}/${name}`, 'ID\n1\n')
  utimesSync(`${server.folder}/${name}`, new Date(MODIFIED), new Date(MODIFIED))
  const { since, maxBytes, ...target } = openRequest(server, path)
  return { ...target, name, bytes: 5, modifiedAt: MODIFIED, afterImport }
}

async function act(request: AfterImportRequest): Promise<unknown> {
  return (await bridge.post('/settle', request)).json()
}

describe('after an import', () => {
  it('an imported file is moved aside with a time stamp, once', async () => {
    const request = imported('moved.csv', 'move')
    const reply = await act(request)
    expect(reply).toEqual({
      outcome: 'moved',
      name: expect.stringMatching(/^moved\.csv\.imported-\d{8}T\d{6}Z$/),
    })
    expect(await act(request)).toEqual({ outcome: 'gone' })
    expect(readdirSync(server.folder).filter((name) => name.startsWith('moved.csv'))).toHaveLength(1)
  })

  it('an imported file is deleted, once', async () => {
    const request = imported('deleted.csv', 'delete')
    expect(await act(request)).toEqual({ outcome: 'deleted' })
    expect(await act(request)).toEqual({ outcome: 'gone' })
    expect(existsSync(`${server.folder}/deleted.csv`)).toBe(false)
  })

  it('only the file that a pattern found is deleted, not a newer one', async () => {
    const request = imported('contacts-7.csv', 'delete', 'contacts-*.csv')
    writeFileSync(`${server.folder}/contacts-8.csv`, 'newer')
    expect(await act(request)).toEqual({ outcome: 'deleted' })
    expect(existsSync(`${server.folder}/contacts-8.csv`)).toBe(true)
  })

  it.each(['move', 'delete'] as const)(
    'a file that was rewritten since is left for the next import (%s)',
    async (what) => {
      const request = imported('renewed.csv', what)
      writeFileSync(`${server.folder}/renewed.csv`, 'ID\n2\n')
      expect(await act(request)).toEqual({ outcome: 'changed' })
      expect(existsSync(`${server.folder}/renewed.csv`)).toBe(true)
    },
  )

  it('a move in a folder that the user may not write to is forbidden', async () => {
    const request = { ...imported('any.csv', 'move'), path: '/etc/passwd', name: 'passwd' }
    const { bytes, modifiedAt } = await version('/etc/passwd')
    expect(await bridge.failure('/settle', { ...request, bytes, modifiedAt })).toMatchObject({ code: 'forbidden' })
  })

  it('a name that does not match the path is refused', async () => {
    const request = { ...imported('any.csv', 'delete'), name: 'other.csv' }
    expect((await bridge.post('/settle', request)).status).toBe(400)
  })

  it('the time stamp of a moved file is UTC to the second', () => {
    expect(movedName('c.csv', Date.parse('2026-02-03T04:05:06.789Z'))).toBe('c.csv.imported-20260203T040506Z')
  })
})

async function version(path: string): Promise<{ bytes: number; modifiedAt: string }> {
  const { headers } = await bridge.post('/open', { ...openRequest(server, ''), path })
  return { bytes: Number(headers.get('Muster-File-Bytes')), modifiedAt: headers.get('Muster-File-Modified') ?? '' }
}
