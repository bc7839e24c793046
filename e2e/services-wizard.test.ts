import { writeFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type OpenSsh, startOpenSsh } from '../sftp-bridge/testing/openssh.ts'
import { openBrowser, openPage, signIn } from './chromium.ts'
import { type Muster, startMuster } from './muster.ts'
import { finished } from './run-end.ts'

/* A new administrator adds a source of a service in the wizard, on a telephone. */

let muster: Muster
let browser: Browser
let openSsh: OpenSsh
let page: Page
beforeAll(async () => {
  ;[browser, muster, openSsh] = await Promise.all([openBrowser(), startMuster(), startOpenSsh()])
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

it('the host key of an SFTP server is asked for on the screen, and the file is imported with a private key', async () => {
  writeFileSync(`${openSsh.folder}/staff.csv`, 'Staff ID,First,Last,Cell Phone\n71,Ana,Oak,604 555 0110\n')
  await page.getByRole('radio', { name: 'SFTP' }).check()
  await page.getByLabel('The file’s URL').fill(`sftp://localhost${openSsh.folder}/staff.csv`)
  await page.getByLabel('SFTP port').fill(String(openSsh.port))
  await page.getByLabel('Username').fill(openSsh.username)
  await page.getByRole('radio', { name: 'A private key' }).check()
  await page.getByLabel('Passphrase').fill('open up')
  await page.getByLabel('Private key', { exact: true }).fill(openSsh.addKey({ type: 'ed25519', passphrase: 'open up' }))
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
  await button('Continue').click()
  await page.getByText('The only row would come in').waitFor()
  expect(await runOfImport()).toMatchObject({ status: 'succeeded', counts: { added: 1 } })
  const source = (await muster.api('GET', '/api/sources')).body.items.find(
    ({ connection }: { connection: { kind: string } }) => connection.kind === 'sftp',
  )
  expect(source.connection).toMatchObject({ hostKey: shown, hasPrivateKey: true })
})
