import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { csvRow } from '../worker/src/formats/csv-write.ts'
import { openBrowser, openPage, openSection, signIn } from './chromium.ts'
import { importNow, makeSource } from './directory.ts'
import { type FileServer, startFileServer } from './file-server.ts'
import { type Muster, startMuster } from './muster.ts'

const HEADER = ['ID', 'Name', 'Number', 'Number Type', 'Notification Priority', 'Groups']
/** Every tenth person is in the rope team. The first of them has a landline number, the second a pager number. */
const PEOPLE = Array.from({ length: 120 }, (_, n) => {
  const id = String(n).padStart(3, '0')
  const rope = n % 10 === 0
  return [
    `P${id}`,
    `Person ${id}`,
    `604555${String(1000 + n)}`,
    n === 0 ? 'landline' : n === 10 ? 'pager' : 'mobile',
    n === 110 ? 'High' : '',
    rope ? 'Members, Rope' : 'Members',
  ]
})

let muster: Muster
let files: FileServer
let browser: Browser
let page: Page
beforeAll(async () => {
  files = await startFileServer()
  files.serve('/people.csv', { body: [HEADER, ...PEOPLE].map((row) => csvRow(row)).join('') })
  browser = await openBrowser()
  muster = await startMuster()
  const source = await makeSource(muster, { url: `${files.url}/people.csv` })
  expect(await importNow(muster, source)).toMatchObject({ status: 'succeeded', counts: { added: 120 } })
  page = await openPage(browser)
  await signIn(page, muster.url, muster.admin)
})
afterAll(async () => {
  await browser?.close()
  await muster?.stop()
  await files?.stop()
})

const rows = () => page.getByRole('table', { name: 'Contacts' }).locator('tbody tr')

it('The contacts page filters in its address, says how many fit, and exports exactly these', async () => {
  await page.goto(`${muster.url}/contacts`)
  await page.getByText('1–50 of 120 contacts').waitFor()
  await page.getByRole('combobox', { name: 'Group' }).fill('rope')
  await page.getByRole('option', { name: 'Rope' }).click()
  await page.getByLabel('Search').fill('person 01')
  await page.getByText('1 contact', { exact: true }).waitFor()
  expect(await rows().textContent()).toContain('Person 010')
  await page.reload()
  await page.getByText('1 contact', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Export contacts' }).click()
  const started = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Contacts shown, as .csv' }).click()
  const stream = await (await started).createReadStream()
  const text = Buffer.concat(await stream.toArray()).toString()
  expect(text.match(/P\d{3}/g)).toEqual(['P010'])
})

it('Back from a contact shows the list as long as it was, at the place where it was left', async () => {
  await page.goto(`${muster.url}/contacts`)
  await page.getByRole('button', { name: 'Show more' }).click()
  await page.getByText('1–100 of 120 contacts').waitFor()
  const sought = page.getByRole('link', { name: 'Person 080' })
  await sought.scrollIntoViewIfNeeded()
  const top = await page.evaluate(() => scrollY)
  expect(top).toBeGreaterThan(500)
  await sought.click()
  await page.getByRole('heading', { level: 1, name: 'Person 080' }).waitFor()
  await page.goBack()
  await page.getByText('1–100 of 120 contacts').waitFor()
  await page.waitForFunction((before) => Math.abs(scrollY - before) < 100, top)
})

it('A longer list has no more rows in the page than near the view, and a blank keeps the place of the others', async () => {
  await page.goto(`${muster.url}/contacts`)
  for (const shown of ['1–100 of 120 contacts', '120 contacts']) {
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByText(shown, { exact: true }).waitFor()
  }
  await page.evaluate(() => scrollTo(0, 0))
  // Three parts of 25 rows, and two blanks.
  await expect.poll(() => page.locator('tr.blank').count()).toBe(2)
  await expect.poll(() => rows().count()).toBe(77)
  // The last blank is as high as its twenty rows would be.
  const heights = await page.evaluate(() =>
    ['tbody:last-child > tr.blank', 'tbody tr'].map(
      (row) => document.querySelector(row)?.getBoundingClientRect().height ?? 0,
    ),
  )
  expect(heights[0]).toBeCloseTo(20 * (heights[1] ?? 0), -1)
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
  await page.getByRole('link', { name: 'Person 119' }).waitFor()
  await page.getByLabel('Select all 120 shown').check()
  await page.getByText('120 contacts selected').waitFor()
})

it('Several contacts are opted out at once, with a reason that is kept with each', async () => {
  await page.goto(`${muster.url}/contacts?search=person+02`)
  await page.getByLabel('Select Person 021').check()
  await page.getByLabel('Select Person 022').check()
  await page.getByRole('button', { name: 'Opt 2 contacts out…' }).click()
  await page.getByLabel('Reason').fill('Asked at the front desk')
  await page.getByRole('button', { name: 'Opt 2 contacts out', exact: true }).click()
  await page.getByText('2 contacts opted out.').waitFor()
  await rows().filter({ hasText: 'Person 021' }).getByText('Opted out').waitFor()
  await page.getByRole('link', { name: 'Person 022' }).click()
  await page.getByText('Can be reached by voice.').waitFor()
  await page.getByText('Opted out of texts').waitFor()
  await page.getByText('“Asked at the front desk”').waitFor()
})

it('The page of a group shows recipients in order by channel, and whom the channel does not reach and why', async () => {
  await openSection(page, 'Groups')
  await page.getByRole('link', { name: 'Rope' }).click()
  await page.getByText('10 of 12 people can be reached by text').waitFor()
  const recipients = page.getByRole('table', { name: 'Recipients' }).locator('tbody tr')
  // High priority comes first.
  expect(await recipients.first().textContent()).toContain('Person 110')
  const unreached = page.getByRole('table', { name: 'Not reached' }).locator('tbody tr')
  expect(await unreached.filter({ hasText: 'Person 000' }).textContent()).toContain('No mobile number')
  await page.getByRole('tab', { name: 'Voice' }).click()
  await page.waitForURL(/tab=voice/)
  await unreached.filter({ hasText: 'Person 010' }).getByText('No telephone number').waitFor()
  expect(await unreached.count()).toBe(1)
})
