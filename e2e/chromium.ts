import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { installPackage } from './debian.ts'
import { PATIENCE } from './patience.ts'

const DEBIANS = '/usr/bin/chromium'
const PLACES = [DEBIANS, '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Opens Chromium without a window. Installs Debian's package first if it is missing. */
export async function openBrowser(): Promise<Browser> {
  const found = PLACES.find((path) => existsSync(path))
  if (found === undefined) installPackage('chromium')
  return chromium.launch({
    executablePath: found ?? DEBIANS,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  })
}

/** Opens a page that waits for as long as a busy machine needs. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage(options)
  page.setDefaultTimeout(PATIENCE)
  return page
}

/** Signs a user in, and waits for the first page. `url` is the address of the pages. */
export async function signIn(page: Page, url: string, user: { email: string; password: string }): Promise<void> {
  await page.goto(url)
  await page.getByLabel('E-mail address').fill(user.email)
  await page.getByLabel('Password').fill(user.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
}

/**
 * Opens a page of the main navigation, such as `Sources`. The previous page stays until the code of the next one is loaded,
 * and may have links of the same names.
 */
export async function openSection(page: Page, name: string): Promise<void> {
  const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name })
  await link.click()
  await link.and(page.locator('[aria-current=page]')).waitFor()
}
