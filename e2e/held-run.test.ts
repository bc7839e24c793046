import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage, signIn } from './chromium.ts'
import { contactsOf, emailsTo, importNow, makeSource } from './directory.ts'
import { type FileServer, startFileServer } from './file-server.ts'
import { type Muster, startMuster } from './muster.ts'
import { people, toFile } from './roster.ts'

const everyone = people(60)
/** A third of the people are missing, and one is new. */
const cut = [...everyone.slice(0, 40), ...people(61).slice(60)]
const COORDINATOR = 'coordinator@example.org'

let muster: Muster
let files: FileServer
let browser: Browser
beforeAll(async () => {
  files = await startFileServer()
  muster = await startMuster()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await muster?.stop()
  await files?.stop()
})

/** Imports everybody, and then the file that lacks a third of them. Returns the source and its held run. */
async function held(name: string, settings: object = {}) {
  const path = `/${name}.csv`
  files.serve(path, { body: toFile('csv', everyone) })
  const source = await makeSource(muster, { url: `${files.url}${path}` }, { name, covers: 'own', ...settings })
  await importNow(muster, source)
  files.serve(path, { body: toFile('csv', cut) })
  const run = await importNow(muster, source)
  expect(run).toMatchObject({ status: 'held', applied: { added: 1 }, waiting: { removed: 20 } })
  return { path, source, run }
}

/** Presses a button of a page, and the button with the same name in the question that follows. */
async function decide(page: Page, button: string, confirm = button): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: confirm, exact: true }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

describe('A held run', () => {
  it('a held run is approved and undone on a phone, from the link in its mail', async () => {
    const { source, run } = await held('roster', { notify: { emails: [COORDINATOR], when: 'never' } })
    const before = await contactsOf(muster, source)
    const [mail] = await emailsTo(muster, COORDINATOR, 1)
    const link = /https?:\/\/\S+\/runs\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? ''
    expect(link).toContain(run.id)

    const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
    const page = await openPage(browser, phone)
    await signIn(page, link, muster.admin)
    await page.getByText('1 added is done. 20 removals wait.').first().waitFor()
    await page.getByText('20 of 60 contacts are missing from the file.').waitFor()
    // The answer and its buttons are on the first screen.
    for (const name of ['Remove 20 contacts', 'Keep them', 'Review all']) {
      const box = await page.getByRole('button', { name, exact: true }).boundingBox()
      expect(box?.y, name).toBeGreaterThan(0)
      expect((box?.y ?? 0) + (box?.height ?? 0), name).toBeLessThanOrEqual(phone.viewport.height)
    }
    const rows = page.getByRole('table', { name: 'Changes' }).locator('tr.change')
    await expect.poll(() => rows.count()).toBe(20)
    await decide(page, 'Remove 20 contacts')
    await page.getByText('1 added, 20 removed').first().waitFor()
    // Nothing waits any more, so all changes are listed.
    await expect.poll(() => rows.count()).toBe(21)
    expect(await contactsOf(muster, source)).toHaveLength(41)

    await decide(page, 'Undo…', 'Undo')
    await page.getByRole('heading', { level: 1, name: 'Undo of roster' }).waitFor()
    await page.getByText('Taken back:').first().waitFor()
    const after = await contactsOf(muster, source)
    expect(after).toEqual(before.filter(({ id }) => everyone.some((person) => person.id === id)))
    await page.close()
  })

  it('a held run stays on the page of its source after a newer run has failed', async () => {
    const { path, source, run } = await held('drivers')
    files.serve(path, { status: 404, body: 'Gone', type: 'text/plain' })
    expect(await importNow(muster, source)).toMatchObject({ status: 'failed' })
    const page = await openPage(browser)
    await signIn(page, `${muster.url}/sources/${source}`, muster.admin)
    await page.getByRole('heading', { name: '20 removals wait for you' }).waitFor()
    await page.getByRole('link', { name: 'Review' }).click()
    await page.waitForURL(`**/runs/${run.id}`)
    await decide(page, 'Keep them')
    await page.getByText('20 removals were rejected.').first().waitFor()
    // The button that was pressed is gone, and the focus is not lost with it.
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main')
    expect(await contactsOf(muster, source)).toHaveLength(61)
    await page.close()
  })

  it('a plan that is stale says so in place of its approval, and is made again', async () => {
    const { source, run } = await held('pilots')
    await muster.api('PATCH', `/api/sources/${source}`, { format: { defaultCountry: 'CA' } })
    const page = await openPage(browser)
    await signIn(page, `${muster.url}/runs/${run.id}`, muster.admin)
    await page.getByText('The settings have changed since, so this plan can no longer be approved').waitFor()
    expect(await page.getByRole('button', { name: 'Remove 20 contacts' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Plan again' }).click()
    await page.getByRole('button', { name: 'Remove 20 contacts' }).waitFor()
    expect(page.url()).not.toContain(run.id)
    await page.close()
  })
})
