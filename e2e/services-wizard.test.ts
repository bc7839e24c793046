import { writeFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { college, student } from '../local/demo/connect/college.ts'
import { listener } from '../local/demo/connect/http.ts'
import { type OpenSsh, startOpenSsh } from '../sftp-bridge/testing/openssh.ts'
import { listen } from '../worker/src/testing/connections/stand-in.ts'
import { isTurnOf } from '../worker/src/testing/sample.ts'
import { openBrowser, openPage, signIn } from './chromium.ts'
import { type Muster, startMuster } from './muster.ts'
import { finished } from './run-end.ts'

/* A new administrator adds a source of a service in the wizard, on a telephone. */

const service = college()
let muster: Muster
let browser: Browser
let openSsh: OpenSsh
let server: Awaited<ReturnType<typeof listen>>
let page: Page
beforeAll(async () => {
  ;[browser, muster, openSsh, server] = await Promise.all([
    openBrowser(),
    startMuster(),
    startOpenSsh(),
    listen(listener(service)),
  ])
})
beforeEach(async () => {
  page = await openPage(browser, { viewport: { width: 360, height: 740 }, hasTouch: true })
  await signIn(page, muster.url, muster.admin)
  await page.goto(`${muster.url}/sources/new`)
})
afterEach(() => page?.close())
afterAll(async () => {
  await browser?.close()
  await muster?.stop()
  await openSsh?.stop()
  await server?.close()
})

const button = (name: string) => page.getByRole('button', { name, exact: true })

/** Goes on to the last step, imports, and returns the run whose page opens, once it has ended. */
async function runOfImport() {
  await button('Continue').click()
  await page.waitForURL(/step=when/)
  await button('Save and import').click()
  await page.waitForURL(/\/runs\/\w+$/)
  return finished(muster, page.url().split('/').at(-1) ?? '')
}

it.runIf(isTurnOf(6))(
  'the host key of an SFTP server is asked for on the screen, and the file is imported with a private key',
  async () => {
    writeFileSync(`${openSsh.folder}/staff.csv`, 'Staff ID,First,Last,Cell Phone\n71,Ana,Oak,604 555 0110\n')
    await page.getByRole('radio', { name: 'SFTP' }).check()
    await page.getByLabel('The file’s URL').fill(`sftp://localhost${openSsh.folder}/staff.csv`)
    await page.getByLabel('SFTP port').fill(String(openSsh.port))
    await page.getByLabel('Username').fill(openSsh.username)
    await page.getByRole('radio', { name: 'A private key' }).check()
    await page.getByLabel('Passphrase').fill('open up')
    await page
      .getByLabel('Private key', { exact: true })
      .fill(openSsh.addKey({ type: 'ed25519', passphrase: 'open up' }))
    await button('Continue').click()
    const question = page.locator('.notice', { hasText: 'Is this your server?' })
    await question.waitFor()
    const shown = (await question.locator('code').textContent()) ?? ''
    expect(Object.values(openSsh.hostKeys)).toContain(shown)
    // Above the buttons that stay in view, and not called a failure.
    const answer = button('This is the server’s key')
    await expect.poll(async () => ((await answer.boundingBox())?.y ?? 740) < 640).toBe(true)
    expect(await page.getByRole('alert').count()).toBe(0)
    await answer.click()
    await page.getByText('The file was found and can be read').waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe('test-result')
    await button('Continue').click()
    await page.getByText('The only row would come in').waitFor()
    expect(await runOfImport()).toMatchObject({ status: 'succeeded', counts: { added: 1 } })
    const source = (await muster.api('GET', '/api/sources')).body.items.find(
      ({ connection }: { connection: { kind: string } }) => connection.kind === 'sftp',
    )
    expect(source.connection).toMatchObject({ hostKey: shown, hasPrivateKey: true })
  },
)

it.runIf(isTurnOf(6))(
  'a filter of Connect is chosen by its name, and its attributes fill the fields, the opt-out field among them',
  async () => {
    service.contacts = ['Ana', 'Ben', 'Cleo', 'Dan'].map((firstname, i) =>
      student(i, {
        firstname,
        lastname: 'Oak',
        email1: `${firstname}@college.example`,
        smsstatus: i < 3 ? 'Opted in' : 'Opted out',
      }),
    )
    await page.getByRole('radio', { name: 'Connect' }).check()
    await page.getByLabel('Address of the web service').fill(`${server.origin}/ws/bridge.asmx`)
    await page.getByLabel('Client name').fill(service.clientName)
    await page.getByLabel('Pass key').fill(service.passKey)
    await button('Continue').click()
    await page.waitForURL(/step=columns/)
    await page.getByRole('button', { name: 'Show what would come in' }).click()
    await page.getByText('Choose a filter of Connect.').waitFor()
    await page.getByRole('button', { name: 'Close what would come in' }).click()
    await page.getByRole('combobox', { name: 'Filter' }).click()
    await page.getByRole('option', { name: 'All inquiries (70542)' }).click()
    await page.getByText('All of the first 4 contacts would come in').waitFor()
    // What suits is closed, so that the step is short, and says what it holds.
    const standard = page.locator('details', { hasText: 'Standard fields' })
    await standard.getByText(/^First Name, Last Name, Mobile Number/).waitFor()
    expect(await standard.evaluate((fold: HTMLDetailsElement) => fold.open)).toBe(false)
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(2000)
    // What is missing is shown, though it is in a part that is closed.
    const summary = standard.getByText('Standard fields')
    await summary.click()
    await page.getByLabel('First name').fill('')
    await summary.click()
    await button('Continue').click()
    await page.getByLabel('First name').fill('First Name')
    expect(await standard.evaluate((fold: HTMLDetailsElement) => fold.open)).toBe(true)
    expect(await page.getByLabel('First name').inputValue()).toBe('First Name')
    expect(await page.getByLabel('Attribute with the SMS status').inputValue()).toBe('SMS Status')
    expect(await page.getByLabel('Opted-out values').inputValue()).toBe('Opted out')
    expect(await runOfImport()).toMatchObject({ status: 'succeeded', counts: { added: 4 } })
    const { items } = (await muster.api('GET', '/api/contacts?smsStatus=opted_out')).body
    expect(items).toMatchObject([{ name: 'Dan Oak' }])
    const source = (await muster.api('GET', '/api/sources')).body.items.find(
      ({ connection }: { connection: { kind: string } }) => connection.kind === 'connect',
    )
    // Its settings speak of no file.
    await page.goto(`${muster.url}/sources/${source.id}?tab=settings`)
    await page.getByText('Contacts no longer there').waitFor()
    expect(await page.getByText(/template|missing from the file/).count()).toBe(0)
    // As the page recommends, without a press more.
    expect(source.schedule).toMatchObject({ kind: 'nightly', timeZone: 'America/New_York' })
  },
)
