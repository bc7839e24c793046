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
  mapping: unknown
}

/** Returns the sources without what an import changes, which a schedule of the demo may start meanwhile. */
async function sources(): Promise<Source[]> {
  const { items } = (await muster.api('GET', '/api/sources')).body
  return items.map(({ health: _, lastRun: __, held: ___, nextRuns: ____, ...settings }: Source & Moving) => settings)
}

type Moving = Record<'health' | 'lastRun' | 'held' | 'nextRuns', unknown>

async function changes(): Promise<{ action: string; detail: string | null }[]> {
  const { body } = await muster.api('GET', '/api/audit?limit=500')
  return body.items.filter(({ action }: { action: string }) => action.endsWith('_changed'))
}

async function editSource({ id }: Source): Promise<void> {
  await page.goto(`${muster.url}/sources/${id}?tab=settings&edit=settings`)
  await page.getByLabel('Name of this source').waitFor()
}

async function save({ name }: Pick<Source, 'name'>): Promise<void> {
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' })
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
  // Nothing can be saved until something changes.
  await page.getByLabel('Days to keep imports').fill('31')
  await page.getByLabel('Days to keep imports').fill('30')
  expect(await page.getByRole('button', { name: 'Save' }).and(page.locator(':enabled')).count()).toBe(0)
  expect(await sources()).toEqual(before)
  expect(await changes()).toEqual([])
})

it('several values of the SMS status are entered one on each line', async () => {
  const connect = (await sources()).find(({ connection }) => connection.kind === 'connect')
  if (connect === undefined) throw new Error('The demo has no source in Connect')
  await editSource(connect)
  await page.getByText('Opt-out field').click()
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

it('rows are left out, columns joined, values turned into others, and a value given to everybody', async () => {
  const connect = (await sources()).find(({ connection }) => connection.kind === 'connect')
  const d4h = (await sources()).find(({ connection }) => connection.kind === 'd4h')
  if (connect === undefined || d4h === undefined) throw new Error('The demo has no source of each kind')
  await editSource(d4h)
  await page.getByRole('radio', { name: 'What you choose' }).check()
  const position = page.getByRole('row', { name: /^Position/ })
  await position.getByText('Turn values into others').click()
  await position.getByRole('button', { name: 'Add a value' }).click()
  await position.getByLabel('In the file').fill('TL')
  await position.getByLabel('becomes', { exact: true }).fill('Team Lead')
  await page.getByText('What no single column has').click()
  await page.getByRole('button', { name: 'Same value for everybody' }).click()
  await page.getByLabel('For everybody').fill('Members')
  await page.getByLabel('Is for', { exact: true }).selectOption('Groups')
  await page.getByRole('button', { name: 'Join columns' }).click()
  await page.getByLabel('First column').fill('Status')
  await page.getByLabel('and column').fill('Reference')
  await page.getByLabel('Between them').fill(' / ')
  await page.getByLabel('Is for', { exact: true }).nth(1).selectOption('Number description')
  await page.getByText('Contacts that are left out').click()
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await page.getByLabel('Attribute').fill('Status')
  await page.getByLabel('What the rule does').selectOption('Keep only rows with')
  await page.getByLabel('Values, one on each line').fill('Operational\nObserver\n')
  await page.getByLabel('Blank cells too').check()
  await save(d4h)
  const saved = (await sources()).find(({ id }) => id === d4h.id)
  expect(saved).toMatchObject({ rows: [{ column: 'Status', keep: ['Operational', 'Observer', ''] }] })
  expect(saved?.mapping).toEqual(
    expect.arrayContaining([
      { column: 'Position', to: 'title', values: { TL: 'Team Lead' } },
      { constant: 'Members', to: 'groups' },
      { columns: ['Status', 'Reference'], join: ' / ', to: 'numberDescription' },
    ]),
  )
  await page.getByText('Keep only those where “Status” is “Operational”, “Observer” or blank').waitFor()
  await editSource(d4h)
  await save(d4h)
  expect((await sources()).find(({ id }) => id === d4h.id)).toEqual(saved)
})

it('a file over HTTPS has one way to sign in, and its saved secret stays until another way is chosen', async () => {
  const url = 'https://github.com/example/contacts/blob/main/staff.csv'
  await page.goto(`${muster.url}/sources/new`)
  await page.getByRole('radio', { name: 'A link' }).check()
  await page.getByLabel('The file’s URL').fill(url)
  await page.getByText('Fetched from https://raw.githubusercontent.com/example/contacts/main/staff.csv').waitFor()
  const authentication = page.getByLabel('Authentication')
  await authentication.selectOption('Bearer token')
  expect(await page.getByRole('radio', { name: 'Private HTTPS' }).isChecked()).toBe(true)
  await page.getByLabel('Name of this source').fill('Staff of the repository')
  // The token is missing.
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('Fill in this secret').first().waitFor()
  await page.getByLabel('Bearer token', { exact: true }).fill('t0ken')
  // What cannot be reached from here can be saved all the same.
  await page.getByRole('link', { name: 'When', exact: true }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Staff of the repository' }).waitFor()
  const connection = async () =>
    (await sources()).find(({ name }) => name === 'Staff of the repository')?.connection as unknown
  const saved = (await sources()).find(({ name }) => name === 'Staff of the repository')
  if (saved === undefined) throw new Error('The source was not saved')
  expect(saved.connection).toMatchObject({ url, username: null, hasBearer: true, header: null })

  // Another way and back: the saved token is still the one.
  await editSource(saved)
  await authentication.selectOption('User name and password (Basic)')
  await authentication.selectOption('Bearer token')
  await save(saved)
  expect(await connection()).toEqual(saved.connection)

  await editSource(saved)
  await authentication.selectOption('Header of your own, such as X-Api-Key')
  await page.getByLabel('Name of the header').fill('X-Api-Key')
  await page.getByLabel('Value of the header').fill('k3y')
  await save(saved)
  expect(await connection()).toMatchObject({ hasBearer: false, header: { name: 'X-Api-Key', hasValue: true } })
  await editSource(saved)
  await page.getByLabel('Name of the header').fill('X-Key')
  await save(saved)
  expect(await connection()).toMatchObject({ header: { name: 'X-Key', hasValue: true } })

  await editSource(saved)
  await authentication.selectOption('None: the file is public')
  await save(saved)
  expect(await connection()).toMatchObject({ hasBearer: false, hasPassword: false, header: null })
})
