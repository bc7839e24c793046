import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { FILE_URL, World } from '../testing/world.ts'

it('a source that was saved with a link that is refused today is shown, and fails with what to do', async () => {
  const world = await World.start()
  const source = await world.source({ connection: { kind: 'https', url: FILE_URL } })
  const stored = { kind: 'https', url: 'https://1drv.ms/x/s!AbC', username: null, password: null }
  await env.DB.prepare('UPDATE source SET connection = ? WHERE id = ?').bind(JSON.stringify(stored), source).run()
  const response = await world.request('GET', `/api/sources/${source}`)
  expect(await response.json()).toMatchObject({ connection: { url: stored.url, bearer: null, header: null } })
  expect(await world.import(source, '')).toMatchObject({
    status: 'failed',
    failure: { code: 'unsupported_format', message: expect.stringContaining('personal OneDrive') },
  })
  expect(world.requests).toEqual([])
})
