import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { directory } from '../testing/current.ts'
import { Muster } from '../testing/muster.ts'

let muster: Muster

beforeEach(async () => {
  muster = await new Muster(env).begin()
})

/** A template file whose only person is “Ми” in Windows-1251. */
const FILE = Uint8Array.from([
  ...new TextEncoder().encode('ID,Name,Number,Number Type,Groups\nE1,'),
  0xcc,
  0xe8,
  ...new TextEncoder().encode(',6045550101,mobile,Search\n'),
])

const TYPE = { 'Content-Type': 'text/csv; charset=windows-1251' }

describe('the encoding that a server says', () => {
  it('is that of a file that is fetched', async () => {
    const run = await muster.import(await muster.source(), () => new Response(FILE, { headers: TYPE }))
    expect(run).toMatchObject({ status: 'succeeded', counts: { added: 1, warnings: 0 } })
    expect((await directory()).map(({ details }) => details.name)).toEqual(['Ми'])
  })

  it('is kept with a file that is uploaded, so that planning it again reads the same', async () => {
    const source = await muster.source({ connection: { kind: 'upload' } })
    expect((await muster.upload(source, FILE, { headers: TYPE })).status).toBe(202)
    await muster.drain()
    expect((await directory()).map(({ details }) => details.name)).toEqual(['Ми'])
    const again = await muster.import(source, '', 'preview')
    expect(again).toMatchObject({ status: 'previewed', counts: { unchanged: 1, updated: 0, warnings: 0 } })
  })

  it('is in doubt for a file that says none and has few letters, and the run names it', async () => {
    const run = await muster.import(await muster.source(), () => new Response(FILE))
    const { items } = await muster.api<{ items: { code: string; row: number }[] }>(
      'GET',
      `/api/runs/${run.id}/problems`,
    )
    expect(items).toMatchObject([{ code: 'encoding_doubtful', row: 1 }])
  })
})
