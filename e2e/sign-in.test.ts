import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { totpCode } from '../worker/src/security/totp.ts'
import { openBrowser, openPage, signIn } from './chromium.ts'
import { type Muster, startMuster } from './muster.ts'

const BEN = { email: 'ben@example.org', password: 'otter bridge lamp six' }
const NEW_PASSWORD = 'seven quiet harbours'
const PHONE = { viewport: { width: 390, height: 844 } }

let muster: Muster
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
  muster = await startMuster({ MUSTER_DEMO: '0' })
})
afterAll(async () => {
  await browser?.close()
  await muster?.stop()
})

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

it('An invited user chooses a password on a phone; an easy one is refused, and the link works once', async () => {
  const page = await openPage(browser)
  await signIn(page, muster.url, muster.admin)
  await page.goto(`${muster.url}/users`)
  await press(page, 'Add a user')
  await page.getByLabel('Name').fill('Ben Ray')
  await page.getByLabel('E-mail address').fill(BEN.email)
  await press(page, 'Add user')
  await press(page, 'Make invitation link')
  const link = await page.getByLabel('Link to choose a password').inputValue()
  await press(page, 'Done')

  const phone = await openPage(browser, PHONE)
  await phone.goto(link)
  await phone.getByLabel('Your name').fill('Benjamin Ray')
  await phone.getByLabel('Password').fill('benjamin2026')
  await press(phone, 'Set the password and sign in')
  await phone.getByText('little more than your name').first().waitFor()
  await phone.getByLabel('Password').fill(BEN.password)
  await press(phone, 'Set the password and sign in')
  await phone.getByRole('navigation', { name: 'Main' }).waitFor()
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.viewport.width)
  await phone.goto(link)
  await phone.getByLabel('Your name').fill('Somebody Else')
  await phone.getByLabel('Password').fill('a stolen link is late')
  await press(phone, 'Set the password and sign in')
  await phone.getByText('This link was used already').first().waitFor()

  // The administrator ends the session that the phone has.
  await page.reload()
  await press(page, 'Change Benjamin Ray')
  await press(page, 'End sessions…')
  await press(page, 'End sessions')
  await page.getByText('Benjamin Ray is signed out everywhere.').waitFor()
  await phone.goto(`${muster.url}/contacts`)
  await phone.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
})

it('A user turns on an authenticator app and signs in with its code, or with a recovery code', async () => {
  const page = await openPage(browser)
  await signIn(page, muster.url, BEN)
  await page.goto(`${muster.url}/account`)
  await press(page, 'Set up')
  const secret = (await page.getByLabel('Or enter this key').inputValue()).replaceAll(' ', '')
  const step = () => Math.floor(Date.now() / 30_000)
  const used = step()
  await page.getByLabel('Code that the app shows').fill(totpCode(secret, used))
  await press(page, 'Turn on')
  const [recovery = ''] = ((await page.locator('pre.code').textContent()) ?? '').split('\n')
  await press(page, 'I have kept them')

  const typed = async (code: string) => {
    await page.getByRole('button', { name: 'Sign out', exact: true }).first().click()
    await page.getByLabel('E-mail address').fill(BEN.email)
    await page.getByLabel('Password').fill(BEN.password)
    await press(page, 'Sign in')
    await page.getByLabel('Code').fill(code)
    await press(page, 'Sign in')
  }
  // Each code counts once, and the neighbours of the current half minute count too.
  await typed(totpCode(secret, used))
  await page.getByText('This code is not right').first().waitFor()
  await page.getByLabel('Code').fill(totpCode(secret, Math.max(used + 1, step())))
  await press(page, 'Sign in')
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
  await typed(recovery)
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
  await page.goto(`${muster.url}/account`)
  await page.getByText('You have 9 of 10 recovery codes left.').waitFor()
  await press(page, 'Turn off')
  await page.getByText('It is off.').waitFor()
})

it('A user who forgot the password gets a link by e-mail, which ends all other sessions', async () => {
  const other = await openPage(browser)
  await signIn(other, muster.url, BEN)
  const page = await openPage(browser)
  await page.goto(muster.url)
  await press(page, 'Forgot your password?')
  await page.getByLabel('E-mail address').fill(BEN.email)
  await press(page, 'Send a link for a new password')
  await page.getByText('Look into your mailbox').waitFor()
  const link = async () => {
    const texts = (await muster.emails(BEN.email)).map(({ text }) => /http\S+\/new-password#\S+/.exec(text)?.[0])
    return texts.find((found) => found !== undefined) ?? ''
  }
  await expect.poll(link).not.toBe('')
  await page.goto(await link())
  await page.getByLabel('Password').fill(NEW_PASSWORD)
  await press(page, 'Change the password and sign in')
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
  await other.goto(`${muster.url}/contacts`)
  await other.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
})

it('A session that ends asks for the password over the page; what was typed is kept, and saving it goes on by itself', async () => {
  const page = await openPage(browser)
  await signIn(page, `${muster.url}/contacts/new`, muster.admin)
  await page.getByLabel('Name', { exact: true }).fill('Ana O’Brien')
  // Ends all sessions but the one that the test calls the API with.
  await muster.api('DELETE', '/api/account/sessions')
  await page.getByLabel('ID', { exact: true }).fill('E0031')
  await press(page, 'Save')

  const over = page.getByRole('dialog', { name: 'Your session has ended' })
  await over.waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await over.getByLabel('Password').fill('not this one')
  await over.getByRole('button', { name: 'Sign in', exact: true }).click()
  await over.getByRole('alert').waitFor()
  await over.getByLabel('Password').fill(muster.admin.password)
  await over.getByRole('button', { name: 'Sign in', exact: true }).click()
  await over.waitFor({ state: 'detached' })
  await page.getByRole('heading', { level: 1, name: 'Ana O’Brien' }).waitFor()
})

it('A link from an e-mail leads where it points after signing in', async () => {
  const page = await openPage(browser)
  await signIn(page, `${muster.url}/settings/users?from=mail`, muster.admin)
  await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
  expect(new URL(page.url()).search).toBe('?from=mail')
})
