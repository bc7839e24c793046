import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { openBrowser, openPage, openSection, signIn } from './chromium.ts'
import { type FileServer, startFileServer } from './file-server.ts'
import { type Muster, startMuster } from './muster.ts'
import { finished } from './run-end.ts'

/** A spreadsheet of a college, with headers of its own and one column that Muster has no field for. */
const STUDENTS = [
  'Student ID,First,Last,Cell Phone,Email,Class',
  ...['Ana', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gil', 'Hana', 'Ivo', 'Joy'].flatMap((name, i) => [
    `9001${i + 10},${name},Oak,604 555 01${i + 10},s${i}@college.example,2027`,
    `9002${i + 10},${name},Ash,604 555 02${i + 10},t${i}@college.example,2028`,
  ]),
  // A number that a spreadsheet has rounded, and somebody without an ID.
  '900199,Cy,Elm,6.04555E+09,cy@college.example,2027',
  ',Dee,Fir,604 555 0199,dee@college.example,2027',
].join('\n')

let muster: Muster
let files: FileServer
let browser: Browser
let page: Page
let clicks = 0
beforeAll(async () => {
  files = await startFileServer()
  files.serve('/students.csv', { body: Buffer.from(STUDENTS) })
  browser = await openBrowser()
  muster = await startMuster()
})
beforeEach(async () => {
  page = await openPage(browser)
  clicks = 0
})
// Each test begins with a Muster that has neither a source nor a field.
afterEach(async () => {
  await page?.close()
  for (const { id } of (await muster.api('GET', '/api/sources')).body.items)
    await muster.api('DELETE', `/api/sources/${id}?contacts=remove`)
  for (const { key } of (await muster.api('GET', '/api/fields')).body.items)
    await muster.api('DELETE', `/api/fields/${key}`)
})
afterAll(async () => {
  await browser?.close()
  await muster?.stop()
  await files?.stop()
})

/** Presses something. Every press of these tests goes through here or `choose`, so that they can be counted. */
async function click(target: Locator): Promise<void> {
  clicks++
  await target.click()
}

/** Chooses from a list: one press opens it, and one chooses. */
async function choose(list: Locator, label: string): Promise<void> {
  clicks += 2
  await list.selectOption(label)
}

const button = (name: string) => page.getByRole('button', { name, exact: true })
const result = () => page.getByRole('region', { name: 'rows would come in' })

async function countedSignIn(): Promise<void> {
  await page.goto(muster.url)
  await page.getByLabel('E-mail address').fill(muster.admin.email)
  await page.getByLabel('Password', { exact: true }).fill(muster.admin.password)
  await click(button('Sign in'))
}

/** Chooses the file in the dialog of the system, which is a press of its own. */
async function chooseFile(name = 'students.csv', text = STUDENTS): Promise<void> {
  const opened = page.waitForEvent('filechooser')
  await click(page.getByLabel('The file with the contacts'))
  clicks++
  await (await opened).setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
}

/** Returns the run whose page opens, once it has ended. */
async function runOfPage() {
  await page.waitForURL(/\/runs\/\w+$/)
  return finished(muster, page.url().split('/').at(-1) ?? '')
}

/** Maps the column without a field to one that is made in place, and imports. */
async function mapAndImport(): Promise<void> {
  await result().getByText('21 of 22 rows would come in').waitFor()
  await choose(page.getByLabel('What “Class” becomes'), 'Create “Class”…')
  await page.getByText('New field: text.').waitFor()
  await result().getByText('Class 2027').first().waitFor()
  expect(await result().textContent()).toContain('This row has no ID')
  await click(button('Continue'))
  await page.waitForURL(/step=when/)
  await click(button('Save and import'))
}

async function expectImported(): Promise<void> {
  expect(await runOfPage()).toMatchObject({ status: 'succeeded', counts: { rows: 22, added: 21, errors: 1 } })
  const { items } = (await muster.api('GET', '/api/contacts?search=900110')).body
  expect(items).toMatchObject([{ id: '900110', name: 'Ana Oak', fields: { class: ['2027'] } }])
}

it('a file with headers of its own and a custom column is imported in at most ten clicks from signing in', async () => {
  await countedSignIn()
  await click(page.getByRole('link', { name: /^Add (your first|a) source/ }).first())
  await chooseFile()
  await click(button('Continue'))
  await mapAndImport()
  await expectImported()
  expect(clicks).toBeLessThanOrEqual(10)
  // Imported once: the page said so, and the source is off.
  await expect
    .poll(async () => (await muster.api('GET', '/api/sources')).body.items)
    .toMatchObject([{ name: 'Students', enabled: false, connection: { kind: 'upload', once: true } }])
  // The pages know it too, without a reload.
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Contacts' }).click()
  await page.getByRole('link', { name: 'Add a contact' }).waitFor()
})

it('the pages know the end of a one-time import, however early it came', async () => {
  await signIn(page, muster.url, muster.admin)
  // The run has ended before its page can read it, so that nobody saw it run.
  await page.route('**/api/runs/*', async (route) => {
    await finished(muster, new URL(route.request().url()).pathname.split('/').at(-1) ?? '')
    await route.continue()
  })
  await page.goto(`${muster.url}/sources/new`)
  await chooseFile()
  await button('Continue').click()
  await page.getByLabel('What “Class” becomes').waitFor()
  await button('Continue').click()
  await button('Save and import').click()
  await runOfPage()
  await openSection(page, 'Contacts')
  await page.getByRole('link', { name: 'Add a contact' }).waitFor()
})

it('a file with an address is imported in at most twelve clicks, and is tested as soon as its field is left', async () => {
  await countedSignIn()
  await click(page.getByRole('link', { name: /^Add (your first|a) source/ }).first())
  await click(page.getByRole('radio', { name: 'A link' }))
  await click(page.getByLabel('The file’s URL'))
  await page.keyboard.type(`${files.url}/students.csv`)
  await page.keyboard.press('Tab')
  await page.getByText('The file was found and can be read').waitFor()
  await click(button('Continue'))
  await mapAndImport()
  await expectImported()
  expect(clicks).toBeLessThanOrEqual(12)
  const [source] = (await muster.api('GET', '/api/sources')).body.items
  expect(source).toMatchObject({ name: 'Students', enabled: true, connection: { kind: 'https' } })
})

it('the step is in the address, Back goes to the step before, and a reload keeps the settings but no password', async () => {
  await signIn(page, muster.url, muster.admin)
  files.serve('/private.csv', { body: Buffer.from(STUDENTS), basic: { username: 'me', password: 'sesame' } })
  await page.goto(`${muster.url}/sources/new`)
  await page.getByRole('radio', { name: 'Private HTTPS' }).check()
  await page.getByLabel('The file’s URL').fill(`${files.url}/private.csv`)
  await page.getByLabel('HTTP Auth username').fill('me')
  await page.getByLabel('HTTP Auth password').fill('sesame')
  await button('Continue').click()
  await page.waitForURL(/step=columns/)
  await page.getByLabel('What “Email” becomes').selectOption('Leave out')
  await button('Continue').click()
  await page.waitForURL(/step=when/)
  await page.goBack()
  await page.waitForURL(/step=columns/)
  expect(await page.getByLabel('What “Email” becomes').inputValue()).toBe('')
  await page.getByRole('link', { name: 'Back', exact: true }).click()
  await page.getByLabel('Name of this source').fill('Everybody')

  await page.reload()
  expect(await page.getByLabel('Name of this source').inputValue()).toBe('Everybody')
  expect(await page.getByLabel('HTTP Auth username').inputValue()).toBe('me')
  expect(await page.getByLabel('HTTP Auth password').inputValue()).toBe('')
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('sesame')
  await page.getByLabel('HTTP Auth password').fill('sesame')
  await button('Continue').click()
  await page.getByLabel('What “Email” becomes').waitFor()
  expect(await page.getByLabel('What “Email” becomes').inputValue()).toBe('')
})

it('a test is made once for the same values, and keeps the focus where it was', async () => {
  await signIn(page, muster.url, muster.admin)
  const tests: string[] = []
  page.on('request', (request) => void (request.url().endsWith('/test') && tests.push(request.postData() ?? '')))
  await page.goto(`${muster.url}/sources/new`)
  await page.getByRole('radio', { name: 'A link' }).check()
  await page.getByLabel('The file’s URL').fill(`${files.url}/missing.csv`)
  await page.keyboard.press('Tab')
  await page.getByRole('alert').waitFor()
  expect(tests).toHaveLength(1)
  await page.getByLabel('The file’s URL').focus()
  await page.keyboard.press('Tab')
  const again = page.getByRole('button', { name: 'Test connection' })
  await again.focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => tests.length).toBe(2)
  await page.getByRole('alert').waitFor()
  expect(await again.evaluate((element) => element === document.activeElement)).toBe(true)
})

it('a dropped file can have its next version fetched from an address', async () => {
  await signIn(page, muster.url, muster.admin)
  await page.goto(`${muster.url}/sources/new`)
  await chooseFile()
  await button('Continue').click()
  await page.getByLabel('What “Class” becomes').waitFor()
  await button('Continue').click()
  await page.getByRole('radio', { name: 'Muster fetches it' }).check()
  await page.getByLabel('The file’s URL').fill(`${files.url}/students.csv`)
  await page.getByRole('radio', { name: 'On some days of the week' }).check()
  await page.getByText('The next 5:').waitFor()
  await button('Save and import').click()
  expect(await runOfPage()).toMatchObject({ status: 'succeeded', counts: { added: 21 } })
  const [source] = (await muster.api('GET', '/api/sources')).body.items
  expect(source).toMatchObject({ connection: { kind: 'https' }, schedule: { kind: 'weekly' }, enabled: true })
})

it('what Tab reaches is never under the buttons that stay in view, and a phone shows what a column becomes', async () => {
  await page.setViewportSize({ width: 1024, height: 600 })
  await signIn(page, muster.url, muster.admin)
  await page.goto(`${muster.url}/sources/new`)
  await chooseFile()
  await button('Continue').click()
  await page.getByLabel('What “Class” becomes').waitFor()
  const covered = [await coveredAtTab(page)]
  await page.setViewportSize({ width: 360, height: 740 })
  expect((await page.getByLabel('What “Class” becomes').boundingBox())?.width).toBeGreaterThan(140)
  await page.setViewportSize({ width: 1024, height: 600 })
  await button('Continue').click()
  await page.waitForURL(/step=when/)
  covered.push(await coveredAtTab(page))
  expect(covered).toEqual([[], []])
})

/** Goes through the form with Tab. Returns what has the focus while a bar that stays in view lies over the end of it. */
async function coveredAtTab(page: Page): Promise<string[]> {
  const covered: string[] = []
  await page.locator('main').focus()
  for (let at: string | null = ''; at !== null; ) {
    await page.keyboard.press('Tab')
    at = await page.evaluate(() => {
      const { activeElement } = document
      if (!activeElement?.closest('main') || activeElement.closest('.action-bar')) return null
      const { x, width, bottom } = activeElement.getBoundingClientRect()
      const over = document.elementFromPoint(x + width / 2, Math.floor(bottom) - 2)
      return over?.closest('.action-bar, .live-result') && !activeElement.closest('.live-result')
        ? (activeElement.closest('label') ?? activeElement).outerHTML.slice(0, 120)
        : ''
    })
    if (at) covered.push(at)
  }
  return covered
}
