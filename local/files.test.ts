import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startMiniflare } from './miniflare.ts'
import { standIn, withFiles } from './stand-in.ts'

let folder: string
let miniflare: Miniflare

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-files-'))
  miniflare = await startMiniflare({
    port: 0,
    workers: [withFiles({ ...standIn('muster', 'testing/use-files.ts'), r2Buckets: { R2: 'files' } }, folder)],
  })
})

afterAll(async () => {
  await miniflare.dispose()
  await rm(folder, { recursive: true })
})

it('the stand-in for R2 answers each call that Muster makes as R2 does', async () => {
  const ask = async (name: string) => (await miniflare.dispatchFetch(`http://muster/${name}`)).json()
  const seen = await ask('FILES')
  expect(seen).toMatchObject({
    whole: ['plans/one/run.1/changes.0', 4, 'Zoë'],
    left: [['plans/one/run.1~1.x', 3, true]],
  })
  expect(seen).toEqual(await ask('R2'))
})
