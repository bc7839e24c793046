import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isTurnOf } from '../worker/src/testing/sample.ts'
import { type Muster, makeFolder, ROOT, startMuster } from './muster.ts'

let state: string
let backup: string
let muster: Muster

beforeAll(async () => {
  ;[state, backup] = [await makeFolder(), await makeFolder()]
  muster = await startMuster({ MUSTER_STATE: state })
})
afterAll(async () => {
  await muster?.stop()
  for (const folder of [state, backup]) await rm(folder, { recursive: true })
})

/** Runs a command of docs/backup.md for the Muster on this machine. */
async function run(name: 'backup' | 'restore' | 'restored', ...args: string[]): Promise<string> {
  const env = { ...process.env, MUSTER_STATE: state }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, `deploy/${name}.ts`), '--local', ...args],
    {
      env,
    },
  )
  return stdout
}

const add = (id: string, last: string) =>
  muster.api('POST', '/api/contacts', {
    id,
    name: `Person ${id}`,
    numbers: [{ number: `+1604555010${last}`, type: 'mobile' }],
  })

it.runIf(isTurnOf(4))(
  'a Muster that runs is copied, and restored on the same machine with the opt-outs since',
  async () => {
    const first = await add('ana', '1')
    expect(first.status).toBe(201)
    expect(await run('backup', backup)).toContain('tables of the database')
    expect((await add('ben', '2')).status).toBe(201)
    const out = { status: 'opted_out', reason: 'Told us' }
    expect((await muster.api('PUT', `/api/contacts/${first.body.key}/sms-status`, out)).status).toBe(200)
    await muster.stop()

    expect(await run('restore', backup)).toContain('What was decided since comes back')
    muster = await startMuster({ MUSTER_STATE: state })
    const contacts = async () => (await muster.api('GET', '/api/contacts?search=person')).body.items
    await expect.poll(async () => (await contacts())[0]?.sms.status).toBe('opted_out')
    expect((await contacts()).map(({ id }: { id: string }) => id)).toEqual(['ana'])
    const next = await add('cat', '3')
    expect(Number(next.body.key)).toBeGreaterThan(1_000_000_000)
  },
)
