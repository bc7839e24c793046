import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage, openSection, signIn } from './chromium.ts'
import { type Muster, startMuster } from './muster.ts'

let muster: Muster
let browser: Browser
let page: Page
let demo: string
beforeAll(async () => {
  muster = await startMuster({ MUSTER_DEMO: '1' })
  demo = /^Change the demo files at (\S+)$/m.exec(muster.terminal())?.[1] ?? ''
  browser = await openBrowser()
  page = await openPage(browser)
  await signIn(page, muster.url, muster.admin)
})
afterAll(async () => {
  await browser?.close()
  await muster?.stop()
})

/** Presses the demo page's button for a week, then *Import now*, and waits until the run has this status. */
async function importNow(version: number, outcome: string): Promise<void> {
  expect((await fetch(`${demo}/version/${version}`, { method: 'POST' })).status).toBe(200)
  await openSection(page, 'Sources')
  await page.getByRole('link', { name: 'Demo: team roster (CSV)' }).click()
  await page.getByRole('heading', { level: 1, name: 'Demo: team roster (CSV)' }).waitFor()
  await page.getByRole('button', { name: 'Import now' }).click()
  await page.getByRole('heading', { level: 1 }).getByText(outcome).waitFor()
}

/** Presses a button on the run's page, and the button that confirms it. */
async function press(button: string, confirm = button): Promise<void> {
  await page.getByRole('button', { name: button }).click()
  await page.getByRole('dialog').getByRole('button', { name: confirm }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

/** Returns the whole directory as the export has it. */
async function exported(): Promise<string> {
  return (await muster.download('/api/contacts.csv')).text()
}

describe('A demo file that drops a third of the roster', () => {
  let whole: string
  let kept: string

  it('the new people are imported, and the page of the held run shows the removals before any is made', async () => {
    await importNow(2, 'Imported, ')
    whole = await exported()
    await importNow(3, 'Waiting for your decision')
    const text = await page.getByRole('main').textContent()
    expect(text).toMatch(/11 added are done\. [\d,]+ removals wait\./)
    expect(text).toMatch(/[\d,]+ of [\d,]+ contacts are missing from the file\. Was it saved with a filter on/)
    const removals = page.getByRole('table', { name: 'Changes' }).locator('tr.change')
    await expect.poll(() => removals.first().textContent()).toMatch(/To remove.*E\d{7}/)
    kept = await exported()
    for (const line of whole.split('\r\n')) expect(kept).toContain(line)
    expect(kept.split('\r\n').length).toBeGreaterThan(whole.split('\r\n').length)
    const emails = await muster.emails('coordinator@example.org')
    expect(emails.filter(({ subject }) => / waits?$/.test(subject))).toHaveLength(1)
  })

  it('a rejection leaves what was imported, and the page keeps who rejected the rest and why it waited', async () => {
    await press('Keep them')
    await page.getByRole('heading', { level: 1 }).getByText('Rejected').waitFor()
    const text = await page.getByRole('main').textContent()
    expect(text).toContain(`Rejected by ${muster.admin.email}`)
    expect(text).toMatch(/contacts are missing from the file/)
    expect(await exported()).toBe(kept)
  })

  it('rejected changes are offered again when a person asks for them, and can be approved', async () => {
    await importNow(3, 'Waiting for your decision')
    await press('Remove')
    await page.getByRole('heading', { level: 1 }).getByText('Imported').waitFor()
    expect(await page.getByRole('main').textContent()).toContain(`Approved by ${muster.admin.email}`)
    expect((await exported()).length).toBeLessThan(whole.length * 0.75)
  })

  it('an approved import is undone, and the directory is as it was before', async () => {
    await press('Undo…', 'Undo')
    await page.getByRole('heading', { level: 1, name: 'Undo' }).getByText('Undone').waitFor()
    expect(await exported()).toBe(kept)
    await page.getByRole('link', { name: 'The import it takes back' }).click()
    await page.getByRole('heading', { level: 1 }).getByText('Undone').waitFor()
    expect(await page.getByRole('button', { name: 'Undo…' }).count()).toBe(0)
  })

  it('the history of a contact that was removed and restored keeps each of its changes', async () => {
    const { body } = await muster.api('GET', '/api/contacts?search=E0001000')
    await page.goto(`${muster.url}/contacts/${body.items[0].key}`)
    const history = page.locator('ol.history')
    await history.getByRole('link', { name: 'by an import' }).first().waitFor()
    expect(await history.textContent()).toMatch(/Added by an undo.*Removed by an import.*Added by an import/)
  })
})
