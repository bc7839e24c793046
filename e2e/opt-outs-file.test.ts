import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type S3Server, startS3 } from '../local/demo/s3.ts'
import { freePort } from '../local/ports.ts'
import { type OpenSsh, startOpenSsh } from '../sftp-bridge/testing/openssh.ts'
import { openBrowser, openPage, signIn } from './chromium.ts'
import { importNow, makeSource } from './directory.ts'
import { type Muster, startMuster } from './muster.ts'
import { PATIENCE } from './patience.ts'
import { people, toFile } from './roster.ts'

const KEYS = { accessKeyId: 'AKIAEXPORTER', secretAccessKey: 'S3cret/Key+With=Signs' }
const ROSTER = people(20)
const [first, second] = ROSTER

let s3: S3Server
let openSsh: OpenSsh
let muster: Muster
beforeAll(async () => {
  s3 = await startS3(await freePort(null), KEYS)
  openSsh = await startOpenSsh()
  muster = await startMuster({ BRIDGE_STABLE_MS: '100', MUSTER_TICK_SECONDS: '1' })
  await s3.put('exports/contacts.csv', toFile('csv', ROSTER))
  writeFileSync(`${openSsh.folder}/contacts.csv`, toFile('csv', ROSTER))
})
afterAll(async () => {
  await muster?.stop()
  await openSsh?.stop()
  await s3?.stop()
})

/** A server that takes the file: its connection, and the way of the remote side to the file. */
interface Place {
  connection(path: string): object
  read(path: string): Promise<string>
  change(path: string, text: string): Promise<void>
}

const sftp: Place = {
  connection(path) {
    const { username, password, port, folder, hostKeys } = openSsh
    const url = `sftp://localhost${folder}/contacts.csv`
    const optOuts = { path: `${folder}/${path}` }
    return { kind: 'sftp', url, port, username, password, hostKey: hostKeys.ed25519, optOuts }
  },
  read: async (path) => readFileSync(`${openSsh.folder}/${path}`, 'utf8'),
  change: async (path, text) => writeFileSync(`${openSsh.folder}/${path}`, text),
}

const bucket: Place = {
  connection: (path) => ({
    kind: 's3',
    url: `${s3.bucket}/exports/contacts.csv`,
    region: 'ca-central-1',
    ...KEYS,
    optOuts: { path },
  }),
  async read(path) {
    const client = new AwsClient({ ...KEYS, service: 's3', region: 'ca-central-1', retries: 0 })
    const response = await client.fetch(`${s3.bucket}/${path}`)
    if (!response.ok) throw new Error(`${response.status}`)
    return response.text()
  },
  change: (path, text) => s3.put(path, new TextEncoder().encode(text)),
}

const soon = <T>(read: () => Promise<T>) => expect.poll(() => read().catch(() => null), { timeout: PATIENCE })

async function contact(id: string | undefined) {
  const { body } = await muster.api('GET', '/api/contacts?limit=100')
  return body.items.find((one: { id: string }) => one.id === id)
}

async function setStatus(id: string | undefined, status: string): Promise<void> {
  const { key } = await contact(id)
  expect((await muster.api('PUT', `/api/contacts/${key}/sms-status`, { status })).status).toBe(200)
}

const writeBack = async (id: string | undefined) => (await contact(id)).sms.writeBack

/** Returns the state of a source's file. */
const stateOf = async (source: string) => (await muster.api('GET', `/api/sources/${source}/opt-outs`)).body

describe.each([
  ['SFTP', sftp],
  ['S3', bucket],
] as const)('opt-outs of a source over %s', (name, place) => {
  it('an opt-out goes to the file, is confirmed by the next import, and a change of the file is a conflict', async () => {
    const source = await makeSource(muster, place.connection('opt-outs.csv'), { name })
    expect(await importNow(muster, source)).toMatchObject({ status: 'succeeded' })
    await setStatus(first?.id, 'opted_out')
    await soon(() => place.read('opt-outs.csv')).toMatch(`${first?.id},${first?.name},`)
    await soon(() => writeBack(first?.id)).toBe('sent')
    await importNow(muster, source)
    await soon(() => writeBack(first?.id)).toBe('confirmed')

    await setStatus(second?.id, 'opted_out')
    await soon(() => writeBack(second?.id)).toBe('sent')
    const written = await place.read('opt-outs.csv')
    expect(written.trim().split('\r\n')).toHaveLength(3)
    await place.change('opt-outs.csv', written.replaceAll('Opted out', 'Opted in'))
    await importNow(muster, source)
    await soon(() => writeBack(second?.id)).toBe('conflict')
    expect([(await contact(second?.id)).sms.status, await writeBack(first?.id)]).toEqual(['opted_out', 'confirmed'])

    expect(await stateOf(source)).toMatchObject({ due: false, failure: null, writtenAt: expect.any(String) })
    expect((await muster.api('DELETE', `/api/sources/${source}?contacts=remove`)).status).toBeLessThan(300)
  })
})

it('an administrator names the file on the page, which says why a path is refused and whether the file was written', async () => {
  const source = await makeSource(muster, { ...sftp.connection('x.csv'), optOuts: null }, { name: 'Named' })
  await importNow(muster, source)
  const browser = await openBrowser()
  const page = await openPage(browser)
  await signIn(page, muster.url, muster.admin)
  await page.goto(`${muster.url}/sources/${source}?tab=settings`)
  await page.getByText('Name an opt-outs file in its settings').waitFor()
  await page.goto(`${muster.url}/sources/${source}?tab=settings&edit=settings`)
  const field = page.getByLabel('Opt-outs file')
  await field.fill(`${openSsh.folder}/contacts.csv`)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('this one would be imported as contacts').first().waitFor()
  await field.fill(`${openSsh.folder}/none/opt-outs.csv`)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' })
  await soon(() => stateOf(source)).toMatchObject({ failure: { code: 'not_found' } })
  await page.goto(`${muster.url}/sources/${source}?tab=settings`)
  await page.getByText('has not been written yet').waitFor()
  await page.getByText('The server does not have the folder of opt-outs.csv.').waitFor()
  mkdirSync(`${openSsh.folder}/none`)
  chmodSync(`${openSsh.folder}/none`, 0o777)
  // Saving again asks for an attempt.
  await muster.api('PATCH', `/api/sources/${source}`, { name: 'Named' })
  await soon(() => stateOf(source)).toMatchObject({ failure: null, writtenAt: expect.any(String) })
  await page.reload()
  await page.getByText('was last written').waitFor()
  expect(await sftp.read('none/opt-outs.csv')).toContain('ID,Name,Number,SMS Status,When')
  await page.goto(`${muster.url}/sources/${source}?tab=settings&edit=settings`)
  await page.getByLabel('Opt-outs file').fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Name an opt-outs file in its settings').waitFor()
  await browser.close()
  expect((await muster.api('DELETE', `/api/sources/${source}?contacts=remove`)).status).toBeLessThan(300)
})

it('a folder that Muster may not write to is shown on the source, and its opt-outs stay pending', async () => {
  mkdirSync(`${openSsh.folder}/closed`)
  const source = await makeSource(muster, sftp.connection('closed/opt-outs.csv'), { name: 'Closed' })
  await importNow(muster, source)
  await setStatus(first?.id, 'opted_out')
  const advice = expect.stringContaining('permission to write, rename and delete files')
  await soon(() => stateOf(source)).toMatchObject({ failure: { code: 'forbidden', advice } })
  expect(await writeBack(first?.id)).toBe('pending')
})
