import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage, openSection, signIn } from './chromium.ts'
import { type FileServer, startFileServer } from './file-server.ts'
import { type Muster, startMuster } from './muster.ts'
import { people, toFile } from './roster.ts'

const BASIC = { username: 'exporter', password: 'pass:wörd' }
const everyone = people(40)
const mistaken = everyone[5]?.name ?? ''
const spoilt = everyone.map((person, index) =>
  index === 5 ? { ...person, numbers: [{ number: '60455501', type: 'Mobile', description: '' }] } : person,
)

let muster: Muster
let files: FileServer
let browser: Browser
beforeAll(async () => {
  files = await startFileServer()
  files.serve('/private/contacts.xlsx', { body: toFile('xlsx', spoilt), basic: BASIC })
  browser = await openBrowser()
  muster = await startMuster()
})
afterAll(async () => {
  await browser?.close()
  await muster?.stop()
  await files?.stop()
})

describe('An administrator', () => {
  it('an administrator signs in, makes a source, tests it, imports it and reads the result', async () => {
    const page = await openPage(browser, { acceptDownloads: true })
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))

    await page.goto(muster.url)
    await page.getByLabel('E-mail address').fill(muster.admin.email)
    await page.getByLabel('Password').fill('not this one')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Password').fill(muster.admin.password)
    await page.getByRole('button', { name: 'Sign in' }).click()

    await openSection(page, 'Sources')
    await page.getByRole('link', { name: 'Add your first source' }).click()
    await page.getByRole('radio', { name: 'Private HTTPS' }).check()
    await page.getByLabel('The file’s URL').fill(`${files.url}/private/contacts.xlsx`)
    await page.getByLabel('HTTP Auth username').fill(BASIC.username)
    await page.getByLabel('HTTP Auth password').fill('wrong')
    await page.getByLabel('Name of this source').fill('Team roster')
    await page.locator('.test-result').waitFor()
    expect(await page.locator('.test-result').textContent()).toMatch(/password/i)
    await page.getByLabel('HTTP Auth password').fill(BASIC.password)
    await page.getByRole('button', { name: 'Test connection' }).click()
    await page.getByText('The file was found and can be read').waitFor()
    await page
      .getByRole('region', { name: 'First rows of the file' })
      .getByText(everyone[0]?.id ?? '')
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('This file has the template’s headers').waitFor()
    await page.getByText('54 of 55 rows would come in').waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()

    await page.getByRole('heading', { level: 1, name: 'Team roster' }).waitFor()
    await page.getByRole('button', { name: 'Import now' }).click()
    await page.getByRole('heading', { level: 1, name: 'Import' }).getByText('Imported, 1 row with errors').waitFor()
    await page.getByText('39 added. 1 row could not be read.').first().waitFor()

    await page.getByRole('tab', { name: 'Problems (1 left out)' }).click()
    await page.getByRole('button', { name: 'The row' }).first().click()
    await page.getByRole('table', { name: 'Problems' }).getByText(mistaken).waitFor()
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Report as .csv' }).click()
    const report = await readFile(await (await downloading).path(), 'utf8')
    expect(report).toContain('60455501')

    await openSection(page, 'Contacts')
    const sought = everyone[7]
    await page.getByLabel('Search').fill(sought?.id ?? '')
    const rows = page.getByRole('table', { name: 'Contacts' }).locator('tbody tr')
    await expect.poll(() => rows.count()).toBe(1)
    expect(await rows.first().textContent()).toContain(sought?.name)
    expect(await page.getByRole('link', { name: 'Add a contact' }).count()).toBe(0)

    await openSection(page, 'Settings')
    await page.getByRole('link', { name: 'Audit' }).click()
    const noted = page.getByRole('table', { name: 'Audit' }).locator('tbody tr')
    await noted.filter({ hasText: 'Failed to sign in' }).waitFor()
    await noted.filter({ hasText: 'Added a source' }).getByRole('link', { name: 'Team roster' }).waitFor()
    expect(complaints).toEqual([])
  })
})

describe('The pages', () => {
  const openSources = async () => {
    const page = await openPage(browser)
    await signIn(page, `${muster.url}/sources`, muster.admin)
    await page.getByRole('heading', { level: 1, name: 'Sources' }).waitFor()
    return page
  }

  it('the sign-in page loads no other page before the user types, and the right page shows at once afterwards', async () => {
    const page = await openPage(browser)
    const scripts: string[] = []
    page.on('request', (request) => void (request.resourceType() === 'script' && scripts.push(request.url())))
    await page.goto(`${muster.url}/sources`)
    const email = page.getByLabel('E-mail address')
    await email.waitFor()
    expect(scripts.map(nameOf)).toEqual(expect.arrayContaining(['index']))
    expect(scripts.map(nameOf)).not.toContain('sources')
    await email.fill('a')
    await expect.poll(() => scripts.map(nameOf)).toContain('sources')
    await page.close()
  })

  it('a page starts to load when the user points at its link, and the previous page stays until it is ready', async () => {
    const page = await openSources()
    const asked = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    await page.route(isScript('runs'), async (route) => {
      asked.resolve()
      await release.promise
      await route.continue()
    })
    const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Runs' })
    await link.hover()
    await asked.promise
    await link.click()
    await page.locator('main[inert]').waitFor()
    expect(await page.locator('h1').textContent()).toContain('Sources')
    expect(new URL(page.url()).pathname).not.toBe('/runs')
    release.resolve()
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/runs')
    await page.close()
  })

  it('a tab whose files a deployment has replaced loads the page afresh', async () => {
    const page = await openSources()
    await page.evaluate(() => Object.assign(window, { isOldTab: true }))
    let afresh = false
    page.on('request', (request) => {
      if (request.isNavigationRequest()) afresh = true
    })
    // Pages answers with the start page if a file does not exist.
    await page.route(isScript('runs'), (route) =>
      afresh ? route.continue() : route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
    )
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Runs' }).click()
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
    expect(afresh).toBe(true)
    expect(await page.evaluate(() => 'isOldTab' in window)).toBe(false)
    await page.close()
  })

  it('the pages report that the first page cannot be loaded, and offer to try again', async () => {
    const page = await openSources()
    const script = isScript('runs')
    await page.route(script, (route) => route.abort())
    await page.goto(`${muster.url}/runs`)
    await page.getByRole('alert').getByText('This page could not be loaded.').waitFor()
    await page.unroute(script)
    await page.getByRole('button', { name: 'Load it again' }).click()
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
    await page.close()
  })

  it('a filter is in the address while it filters, also after a reload, and out of it once it is cleared', async () => {
    const page = await openPage(browser)
    await signIn(page, `${muster.url}/runs`, muster.admin)
    const state = page.getByLabel('State')
    const query = () => new URL(page.url()).search
    await state.selectOption('failed')
    await page.getByLabel('Started').selectOption('manual')
    await expect.poll(query).toBe('?status=failed&trigger=manual')
    await page.reload()
    await expect.poll(() => state.inputValue()).toBe('failed')
    await state.selectOption('')
    await expect.poll(query).toBe('?trigger=manual')
    await page.getByLabel('Started').selectOption('')
    await expect.poll(query).toBe('')
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
    expect(await page.getByLabel('Started').inputValue()).toBe('')
    await page.close()
  })
})

/** Returns the name of a script without the digest of its content. */
function nameOf(url: string): string {
  return new URL(url).pathname.replace(/^\/assets\/(.+)-.{8}\.js$/, '$1')
}

function isScript(name: string): (url: URL) => boolean {
  return ({ href }) => nameOf(href) === name
}
