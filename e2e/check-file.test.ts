import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage, signIn } from './chromium.ts'
import { type Muster, startMuster } from './muster.ts'
import { people, toFile } from './roster.ts'

const everyone = people(1200)
const spoilt = everyone.map((person, index) =>
  index === 5 ? { ...person, numbers: [{ number: '60455501', type: 'Mobile', description: '' }] } : person,
)

let muster: Muster
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
  muster = await startMuster()
})
afterAll(async () => {
  await browser?.close()
  await muster?.stop()
})

describe('Checking a file in the browser', () => {
  it('a check of a file in the browser shows what an import would do, and the file never leaves the machine', async () => {
    const page = await openPage(browser)
    await signIn(page, muster.url, muster.admin)
    await page.getByRole('link', { name: 'Check a file' }).click()
    await page.getByRole('heading', { level: 1, name: 'Check a file' }).waitFor()
    await page.waitForLoadState('networkidle')

    const sent: string[] = []
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      // The code that reads files comes only once there is one.
      if (request.method() !== 'GET' || !pathname.startsWith('/assets/')) sent.push(`${request.method()} ${pathname}`)
    })
    const choose = (name: string, buffer: Buffer) =>
      page.getByLabel('File', { exact: true }).setInputFiles({ name, mimeType: 'application/octet-stream', buffer })

    await choose('contacts.xlsx', Buffer.from(toFile('xlsx', everyone)))
    await page.getByText('1,200 contacts can be imported as they stand.').waitFor()

    await choose('contacts.csv', Buffer.from(toFile('csv', spoilt)))
    await page.getByText('1 row would be left out. The rest can be imported.').waitFor()
    await page.getByRole('table', { name: 'Problems' }).getByText('60455501', { exact: true }).waitFor()

    await choose('letter.pdf', Buffer.from('%PDF-1.7\n'))
    await page.getByRole('alert').waitFor()
    expect(sent).toEqual([])
  })
})
