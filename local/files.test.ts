import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { filesWorker } from './files.ts'
import { startMiniflare } from './miniflare.ts'

/** What Muster does with files; what it sees of it is the answer. */
const SCRIPT = `
const text = async (object) => object === null ? null : [object.key, object.size, await new Response(object.body).text()]
const about = (object) => object === null ? null : [object.key, object.size, Math.abs(Date.now() - object.uploaded) < 60_000]

export default {
  async fetch(request, env) {
    const files = env[new URL(request.url).pathname.slice(1)]
    const large = new Uint8Array(6_000_000).map((_, i) => i % 251)
    const part = new Uint8Array(new ArrayBuffer(100), 10, 3).fill(65)
    await files.put('plans/one/run.1/changes.0', 'first')
    await files.put('plans/one/run.1/changes.0', 'Zoë')
    await files.put('plans/one/run.1~1.x', part)
    await files.put('plans/one/run.10/changes.0', new Uint8Array(0))
    await files.put('snapshots/a.0', large)
    const seen = {
      whole: await text(await files.get('plans/one/run.1/changes.0')),
      part: await text(await files.get('plans/one/run.1~1.x')),
      range: await text(await files.get('snapshots/a.0', { range: { offset: 250, length: 3 } })),
      end: await text(await files.get('snapshots/a.0', { range: { offset: 5_999_998, length: 100 } })),
      empty: about(await files.head('plans/one/run.10/changes.0')),
      about: about(await files.head('snapshots/a.0')),
      missing: [await files.get('no/such'), await files.head('no/such'), await files.get('plans'), await files.head('plans/one')],
      all: (await files.list()).objects.map(about),
      page: await files.list({ limit: 2, startAfter: 'plans/one/run.1/changes.0' }).then(({ objects, truncated }) => [objects.map(about), truncated]),
      prefix: (await files.list({ prefix: 'plans/one/run.1/' })).objects.map(about),
    }
    await files.delete('snapshots/a.0')
    await files.delete(['plans/one/run.1/changes.0', 'plans/one/run.10/changes.0', 'no/such'])
    return Response.json({ ...seen, left: (await files.list()).objects.map(about) })
  },
}`

let folder: string
let miniflare: Miniflare

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-files-'))
  miniflare = await startMiniflare({
    port: 0,
    workers: [
      {
        name: 'muster',
        compatibilityDate: '2026-11-01',
        modules: true,
        script: SCRIPT,
        r2Buckets: { R2: 'files' },
        serviceBindings: { STAND_IN: 'files' },
      },
      filesWorker('files', folder),
    ],
  })
})

afterAll(async () => {
  await miniflare.dispose()
  await rm(folder, { recursive: true })
})

it('answers as R2 does to all that Muster asks of it', async () => {
  const ask = async (name: string) => (await miniflare.dispatchFetch(`http://muster/${name}`)).json()
  const seen = await ask('STAND_IN')
  expect(seen).toMatchObject({
    whole: ['plans/one/run.1/changes.0', 4, 'Zoë'],
    left: [['plans/one/run.1~1.x', 3, true]],
  })
  expect(seen).toEqual(await ask('R2'))
})
