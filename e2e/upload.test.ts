import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser, openPage, signIn } from './chromium.ts'
import { type Muster, startMuster } from './muster.ts'
import { finished } from './run-end.ts'

const NAMES = ['Ana Oak', 'Ben Ash', 'Cleo Elm', 'Zoë Müller', 'Eve Fir', 'Finn Yew']

/** An export as people have them: a title, a blank line, semicolons, Windows-1252, stand-ins for blanks, and a total. */
function messy(people: readonly string[]): Buffer {
  const rows = people.map(
    (name, i) =>
      `N00${i};${name};(604) 555-011${i};${i % 2 === 0 ? 'n/a' : `604.555.012${i}`};Search, Rope;${i < 6 ? 'M' : 'L'}`,
  )
  const header = 'Employee No;Full Name;Cell Phone;Home Phone;Team;Shirt Size'
  return Buffer.from(['Roster of the team', '', header, ...rows, `Total;${people.length};;;;`].join('\r\n'), 'latin1')
}

let muster: Muster
let browser: Browser
let page: Page
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-upload-'))
  await writeFile(join(folder, 'roster.csv'), messy(NAMES))
  browser = await openBrowser()
  muster = await startMuster()
  page = await openPage(browser)
  await signIn(page, muster.url, muster.admin)
})
afterAll(async () => {
  await browser?.close()
  await muster?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function directory(): Promise<{ id: string; name: string; numbers: unknown[]; fields: object }[]> {
  const { items } = (await muster.api('GET', '/api/contacts?limit=500')).body
  return items.sort((a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id))
}

/** Returns the run whose page opens, once it has ended. */
async function runOfPage() {
  await page.waitForURL(/\/runs\/\w+$/)
  return finished(muster, page.url().split('/').at(-1) ?? '')
}

/** Runs curl with these arguments, and returns the JSON that it prints. */
async function curl(...args: string[]) {
  const { stdout } = await promisify(execFile)('curl', ['-sS', ...args])
  return JSON.parse(stdout)
}

it('a messy spreadsheet with a custom column gets into an empty Muster by the browser', async () => {
  await page.goto(`${muster.url}/fields`)
  await page.getByRole('button', { name: 'Add a field' }).first().click()
  await page.getByLabel('Label').fill('Shirt size')
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })

  await page.goto(`${muster.url}/sources/new`)
  // With the keyboard only: the control of the browser has the focus, and the file follows.
  await page.getByLabel('The file with the contacts').focus()
  await page.getByLabel('The file with the contacts').setInputFiles(join(folder, 'roster.csv'))
  await page.getByText('The file was found and can be read').waitFor()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('6 of 6 columns imported.').waitFor()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('radio', { name: 'I upload the next file' }).check()
  expect(await page.getByText('How often to import').count()).toBe(0)
  await page.getByRole('button', { name: 'Save and import' }).click()

  expect(await runOfPage()).toMatchObject({ status: 'succeeded', trigger: 'manual', counts: { added: 6, errors: 0 } })
  const people = await directory()
  expect(people.map(({ name }) => name)).toEqual(NAMES)
  expect(people[1]).toMatchObject({
    id: 'N001',
    numbers: [
      { number: '+16045550111', type: 'mobile' },
      { number: '+16045550121', type: 'landline' },
    ],
    groups: ['Rope', 'Search'],
    fields: { shirtSize: ['M'] },
  })
})

it('the page of the source uploads a file that is chosen or dropped, and opens its run', async () => {
  const [source] = (await muster.api('GET', '/api/sources')).body.items
  await page.goto(`${muster.url}/sources/${source.id}`)
  await page.getByText('The last one: roster.csv').waitFor()
  const text = messy([...NAMES, 'Gil Pine']).toString('latin1')
  const dropped = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer()
    const bytes = Uint8Array.from(content, (char) => char.charCodeAt(0))
    transfer.items.add(new File([bytes], 'dropped.csv'))
    return transfer
  }, text)
  await page.locator('.drop').dispatchEvent('drop', { dataTransfer: dropped })
  await page.getByText('dropped.csv').waitFor()
  await page.getByRole('button', { name: 'Upload and preview' }).click()
  expect(await runOfPage()).toMatchObject({ status: 'previewed', counts: { added: 1 } })
  expect(await directory()).toHaveLength(6)

  await page.goto(`${muster.url}/sources/${source.id}`)
  await page.getByRole('button', { name: 'Import the last file again' }).click()
  expect(await runOfPage()).toMatchObject({ status: 'succeeded', file: { name: 'dropped.csv' } })
  expect(await directory()).toHaveLength(7)
})

it('curl uploads with the line of the page and a token for this source only', async () => {
  const [source] = (await muster.api('GET', '/api/sources')).body.items
  await page.goto(`${muster.url}/settings/tokens`)
  // Once the empty list is there, it offers the same.
  await page.getByRole('button', { name: 'Make a token' }).first().click()
  await page.getByLabel('Name').fill('Nightly export')
  await page.getByRole('group', { name: 'For which sources?' }).getByLabel('Roster').check()
  await page.getByRole('button', { name: 'Make token' }).click()
  const token = await page.getByLabel('Token', { exact: true }).inputValue()
  await page.goto(`${muster.url}/sources/${source.id}?tab=webhook`)
  const line = await page.getByLabel('With curl').inputValue()
  const [, ...args] =
    line
      .replace('TOKEN', token)
      .replace('contacts.csv', 'roster.csv')
      .match(/"[^"]*"|\S+/g) ?? []
  const words = args.map((word) => word.replace(/^"|"$/g, ''))

  await writeFile(join(folder, 'roster.csv'), messy([...NAMES, 'Gil Pine', 'Hana Rowan']))
  const { stdout } = await promisify(execFile)('curl', ['-sS', ...words], { cwd: folder })
  const { runId } = JSON.parse(stdout)
  const run = await finished(muster, runId)
  expect(run).toMatchObject({ status: 'succeeded', trigger: 'api', file: { name: 'roster.csv' }, counts: { added: 1 } })
  expect((await directory()).at(-1)).toMatchObject({ name: 'Hana Rowan', fields: { shirtSize: ['L'] } })

  const url = `${muster.url}/api/sources/${source.id}/file`
  const auth = ['-H', `Authorization: Bearer ${token}`]
  expect(await curl(...auth, `${muster.url}/api/runs/${runId}`)).toMatchObject({ status: 'succeeded' })
  expect(await curl(...auth, `${muster.url}/api/sources`)).toMatchObject({ code: 'forbidden' })
  expect(await curl(...auth, '-X', 'PUT', '-F', `file=@${join(folder, 'roster.csv')}`, url)).toMatchObject({
    status: 415,
    code: 'unsupported_media_type',
  })
})

it('a refusal reaches a sender that is still sending a large file', async () => {
  const [source] = (await muster.api('GET', '/api/sources')).body.items
  const large = join(folder, 'large.bin')
  await writeFile(large, Buffer.alloc(30_000_000, 'a'))
  const url = `${muster.url}/api/sources/${source.id}/file`
  // Without "Expect", curl sends at once; "chunked" has no length.
  for (const how of ['X-Known: 1', 'Transfer-Encoding: chunked']) {
    const refused = await curl('-H', 'Expect:', '-H', how, '-H', 'Authorization: Bearer no', '-T', large, url)
    expect(refused).toMatchObject({ status: 401, code: 'unauthorized' })
  }
})
