import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { openBrowser, openSection, signIn } from './chromium.ts'
import { emailsTo, importNow, makeSource } from './directory.ts'
import { type FileServer, startFileServer } from './file-server.ts'
import { type Muster, startMuster } from './muster.ts'
import { PATIENCE } from './patience.ts'
import { people, toFile } from './roster.ts'
import { finished } from './run-end.ts'

const everyone = people(60)

let muster: Muster
let files: FileServer
let browser: Browser
/** In which the administrator is signed in. */
let context: BrowserContext
let page: Page
beforeAll(async () => {
  files = await startFileServer()
  muster = await startMuster()
  browser = await openBrowser()
  context = await browser.newContext()
  context.setDefaultTimeout(PATIENCE)
  const first = await context.newPage()
  await signIn(first, muster.url, muster.admin)
  await first.close()
})
afterAll(async () => {
  await browser?.close()
  await muster?.stop()
  await files?.stop()
})
beforeEach(async () => {
  page = await context.newPage()
})
afterEach(() => page.close())

/** Makes a source of the first `count` people. */
function sourceOf(name: string, count: number): Promise<string> {
  files.serve(`/${name}.csv`, { body: toFile('csv', everyone.slice(0, count)) })
  return makeSource(muster, { url: `${files.url}/${name}.csv` }, { name, covers: 'own' })
}

async function start(source: string): Promise<string> {
  return (await muster.api('POST', `/api/sources/${source}/runs`, { mode: 'apply' })).body.id
}

it('the list of runs shows the end of a run without a reload', async () => {
  const source = await sourceOf('slow', 3)
  const file = Promise.withResolvers<void>()
  files.serve('/slow.csv', { body: toFile('csv', everyone.slice(0, 3)), after: file.promise })
  const id = await start(source)
  await page.goto(`${muster.url}/runs?source=${source}`)
  await page.getByRole('table', { name: 'Runs' }).getByText('Fetching').waitFor()
  file.resolve()
  expect(await finished(muster, id)).toMatchObject({ status: 'succeeded' })
  await page.getByRole('table', { name: 'Runs' }).getByText('Imported').waitFor()
})

it('a page shows what a run that was started elsewhere has changed', async () => {
  const source = await sourceOf('elsewhere', 2)
  await page.clock.install()
  await page.goto(`${muster.url}/contacts?source=${source}`)
  await page.getByText('No contact matches').waitFor()
  await importNow(muster, source)
  await page.clock.fastForward(31_000)
  await page.getByText('2 contacts', { exact: true }).waitFor()
})

it('a page is read again when the viewer comes back to its tab', async () => {
  const { status, body: user } = await muster.api('POST', '/api/users', { name: 'Min Lee', email: 'min@example.org' })
  expect(status, JSON.stringify(user)).toBe(201)
  await page.goto(`${muster.url}/settings/users`)
  await page.getByText('Min Lee', { exact: true }).waitFor()
  await muster.api('PATCH', `/api/users/${user.id}`, { name: 'Min Li' })
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await page.getByText('Min Li', { exact: true }).waitFor()
})

/** Imports 60 people, and then a file that lacks a third of them. Returns the held run. */
async function held(name: string) {
  const source = await sourceOf(name, 60)
  await importNow(muster, source)
  files.serve(`/${name}.csv`, { body: toFile('csv', everyone.slice(0, 40)) })
  const run = await importNow(muster, source)
  expect(run).toMatchObject({ status: 'held', waiting: { removed: 20 } })
  return run
}

it('the changes of a held run are those of the decision, whoever made it', async () => {
  const run = await held('decided')
  await page.goto(`${muster.url}/runs/${run.id}?part=all`)
  await page.getByText('waits', { exact: true }).first().waitFor()
  const approved = await muster.api('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan.hash })
  expect(approved.status, JSON.stringify(approved.body)).toBe(202)
  expect(await finished(muster, run.id)).toMatchObject({ status: 'succeeded' })
  await page.getByText('20 removed').first().waitFor()
  await expect.poll(() => page.getByText('not made', { exact: true }).count()).toBe(0)
})

it('the list of e-mails shows without a reload that one has been sent', async () => {
  await held('mailed')
  await emailsTo(muster, muster.admin.email, 1)
  // As the list was before the e-mail was sent.
  const before = async (route: Route) => {
    const response = await route.fetch()
    const { items, next } = await response.json()
    await route.fulfill({ response, json: { items: [{ ...items[0], status: 'pending', sentAt: null }], next } })
  }
  await page.route(/\/api\/notifications\b/, before, { times: 1 })
  await page.goto(`${muster.url}/settings/mail`)
  await page.getByText('Being sent').waitFor()
  await page.getByText('Being sent').waitFor({ state: 'detached' })
})

it('saved import settings leave alone what was changed elsewhere meanwhile', async () => {
  const source = await sourceOf('before', 3)
  await page.goto(`${muster.url}/sources/${source}?tab=settings&edit=settings`)
  await page.getByText('Reports', { exact: true }).click()
  await page.getByLabel('E-mail addresses').fill('coordinator@example.org')
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('button', { name: 'Rename…' }).click()
  await page.getByRole('dialog').getByLabel('Name of this source').fill('After')
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click()
  await page.getByRole('heading', { level: 1, name: 'After' }).waitFor()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Edit import settings' }).waitFor()
  const { body } = await muster.api('GET', `/api/sources/${source}`)
  expect(body).toMatchObject({ name: 'After', notify: { emails: ['coordinator@example.org'] } })
})

it('a dialog begins without the reason and the problem of one that was cancelled', async () => {
  const { body: sources } = await muster.api('GET', '/api/sources')
  for (const { id } of sources.items) await muster.api('PATCH', `/api/sources/${id}`, { enabled: false })
  const contact = { id: 'M1', name: 'Ana Oak', groups: ['Rope', 'Canoe'] }
  const { body: made } = await muster.api('POST', '/api/contacts', contact)
  await page.goto(`${muster.url}/contacts/${made.key}`)
  const dialog = page.getByRole('dialog')
  const cancel = () => dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Opt out…' }).click()
  await dialog.getByLabel('Reason').fill('Sent STOP')
  await cancel()
  await page.getByRole('button', { name: 'Opt in…' }).click()
  expect(await dialog.getByLabel('Reason').inputValue()).toBe('')
  await cancel()

  await openSection(page, 'Groups')
  await page.getByRole('button', { name: 'Change Canoe' }).click()
  await page.getByRole('button', { name: 'Rename…' }).click()
  await dialog.getByLabel('Name').fill('Rope')
  await dialog.getByRole('button', { name: 'Rename' }).click()
  await dialog.getByRole('alert').waitFor()
  await cancel()
  await page.getByRole('button', { name: 'Change Canoe' }).click()
  await page.getByRole('button', { name: 'Delete…' }).click()
  await dialog.getByRole('heading', { name: 'Delete Canoe?' }).waitFor()
  expect(await dialog.getByRole('alert').count()).toBe(0)
})

it('the page of a run begins with its whole title', async () => {
  const source = await sourceOf('titled', 2)
  const run = await importNow(muster, source)
  await page.route(`**/api/sources/${source}`, async (route) => {
    await new Promise((done) => setTimeout(done, 300))
    await route.continue()
  })
  await page.addInitScript(() => {
    const titles = new Set<string | null>()
    const look = () => document.querySelector('h1') && titles.add(document.querySelector('h1')?.textContent ?? null)
    new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })
    Object.assign(window, { titles })
  })
  await page.goto(`${muster.url}/runs/${run.id}`)
  await page.getByRole('heading', { level: 1, name: 'Import of titled' }).waitFor()
  expect(await page.evaluate('[...window.titles].filter((title) => title.startsWith("Import"))')).toHaveLength(1)
})
