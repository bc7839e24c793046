import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser, openPage, signIn } from './chromium.ts'
import { type Muster, startMuster } from './muster.ts'

let muster: Muster
let browser: Browser
let page: Page
beforeAll(async () => {
  browser = await openBrowser()
  muster = await startMuster({ MUSTER_DEMO: '1' })
  page = await openPage(browser)
  await signIn(page, muster.url, muster.admin)
})
afterAll(async () => {
  await browser?.close()
  await muster?.stop()
})

interface Source {
  id: string
  name: string
  connection: { kind: string }
  smsStatus: unknown
}

async function sources(): Promise<Source[]> {
  return (await muster.api('GET', '/api/sources')).body.items
}

async function changes(): Promise<{ action: string; detail: string | null }[]> {
  const { body } = await muster.api('GET', '/api/audit?limit=500')
  return body.items.filter(({ action }: { action: string }) => action.endsWith('_changed'))
}

async function editSource({ id }: Source): Promise<void> {
  await page.goto(`${muster.url}/sources/${id}/edit`)
  await page.getByLabel('Name of this source').waitFor()
}

async function save({ name }: Source): Promise<void> {
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

it('a form that is saved without a change sends nothing that the API refuses, and changes nothing', async () => {
  const before = await sources()
  expect(new Set(before.map(({ connection }) => connection.kind)).size).toBeGreaterThan(4)
  for (const source of before) {
    await editSource(source)
    await save(source)
  }
  await page.goto(`${muster.url}/settings`)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  expect(await sources()).toEqual(before)
  expect(await changes()).toEqual([])
})

it('several values of the SMS status are entered one on each line', async () => {
  const connect = (await sources()).find(({ connection }) => connection.kind === 'connect')
  if (connect === undefined) throw new Error('The demo has no source in Connect')
  await editSource(connect)
  const optedOut = page.getByLabel('Opted-out values')
  expect(await optedOut.inputValue()).toBe('N')
  await optedOut.pressSequentially('\nNo thanks \n')
  await save(connect)
  expect((await sources()).find(({ id }) => id === connect.id)).toMatchObject({
    smsStatus: { optedIn: 'Y', optedOut: ['N', 'No thanks'] },
  })
  expect(await changes()).toMatchObject([{ detail: 'smsStatus.optedOut: N → N, No thanks' }])
  await editSource(connect)
  expect(await optedOut.inputValue()).toBe('N\nNo thanks')
  await page.goto(`${muster.url}/settings/audit`)
  await page.getByText('SMS status › opted out: N → N, No thanks').waitFor()
})
