import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { csvRow } from '../worker/src/formats/csv-write.ts'
import { openBrowser, openPage, openSection, signIn } from './chromium.ts'
import { type FileServer, startFileServer } from './file-server.ts'
import { type Muster, startMuster } from './muster.ts'

const STUDENTS = [
  ['Student ID', 'Name', 'Cell', 'Group', 'Advisor', 'Majors', 'Started'],
  ['S0101', 'Ana O’Brien', '6045550101', 'Freshmen', 'jdoe', 'Biology; Art', '2026-09-01'],
  ['S0102', 'Bo Li', '6045550102', 'Freshmen', '', 'History', 'soon'],
]
const PASSWORD = 'correct horse battery'

let muster: Muster
let files: FileServer
let browser: Browser
beforeAll(async () => {
  files = await startFileServer()
  files.serve('/students.csv', { body: STUDENTS.map((row) => csvRow(row)).join('') })
  browser = await openBrowser()
  muster = await startMuster()
})
afterAll(async () => {
  await browser?.close()
  await muster?.stop()
  await files?.stop()
})

async function addField(page: Page, label: string, type: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a field' }).click()
  await page.getByLabel('Label').fill(label)
  await page.getByLabel('Type').selectOption(type)
  await page.getByRole('button', { name: 'Add field' }).click()
  await page.getByRole('table', { name: 'Fields' }).getByText(label, { exact: true }).first().waitFor()
}

it('An administrator sets up fields, imports columns into them, and gives a contact’s User ID to a user', async () => {
  const page = await openPage(browser)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  const navigation = page.getByRole('navigation', { name: 'Main' })
  await signIn(page, muster.url, muster.admin)

  await openSection(page, 'Settings')
  await navigation.getByRole('link', { name: 'Fields' }).click()
  await addField(page, 'Majors', 'Text')
  await addField(page, 'Started', 'Date')

  await openSection(page, 'Sources')
  await page.getByRole('link', { name: 'Add your first source' }).click()
  await page.getByRole('radio', { name: 'A link' }).check()
  await page.getByLabel('The file’s URL').fill(`${files.url}/students.csv`)
  await page.getByRole('button', { name: 'Continue' }).click()
  // The page suggests the columns that have the same name as the fields.
  await page.getByLabel('Has List for “Majors”').check()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Students' }).waitFor()
  await page.getByRole('button', { name: 'Import now' }).click()
  await page.getByRole('heading', { level: 1, name: 'Import' }).getByText('Imported').waitFor()
  await page.getByRole('button', { name: 'all values of Ana O’Brien' }).click()
  await page.getByText('Biology; Art').waitFor()

  await openSection(page, 'Settings')
  await navigation.getByRole('link', { name: 'Users' }).click()
  await page.getByRole('button', { name: 'Add a user with the User ID jdoe' }).click()
  await page.getByLabel('Name').fill('Jo Doe')
  await page.getByLabel('E-mail address').fill('jo@example.org')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Add user', exact: true }).click()
  await page.getByRole('table', { name: 'Users' }).getByText('Jo Doe', { exact: true }).first().waitFor()
  await page.getByText('User IDs that match nobody').waitFor({ state: 'hidden' })

  await page.getByRole('table', { name: 'Users' }).getByRole('link', { name: '1' }).click()
  await page.getByRole('link', { name: 'Ana O’Brien' }).click()
  await page.getByText('Jo Doe (jdoe)').waitFor()
  await page.getByText('Sep 1, 2026').waitFor()
  expect(complaints).toEqual([])
})

it('After a change, the page reads all that it shows once more, each page once, and keeps what the user has typed', async () => {
  for (let n = 1; n < 60; n++)
    await muster.api('POST', '/api/users', { name: `Staff ${n}`, email: `staff${n}@example.org` })
  const page = await openPage(browser)
  await signIn(page, `${muster.url}/settings/users`, muster.admin)
  // The list has more than one page.
  await page.getByRole('button', { name: 'Show more' }).click()
  await page.getByText('staff59@example.org').waitFor()
  await page.getByRole('button', { name: 'Add a user' }).click()
  await page.getByLabel('Name').fill('Bo Li')
  await page.getByLabel('E-mail address').fill('bo@example.org')
  await page.waitForLoadState('networkidle')
  const calls: string[] = []
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url())
    if (pathname.startsWith('/api/')) calls.push(`${request.method()} ${pathname}${search}`)
  })
  await page.getByRole('button', { name: 'Add user', exact: true }).click()
  await page.getByRole('dialog', { name: 'Invite Bo Li?' }).getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('table', { name: 'Users' }).getByText('Bo Li', { exact: true }).first().waitFor()
  await page.waitForLoadState('networkidle')
  const [first, ...others] = calls.splice(0)
  expect(first).toBe('POST /api/users')
  const list = others.filter((call) => call.startsWith('GET /api/users?') || call === 'GET /api/users')
  expect(list).toEqual(['GET /api/users', expect.stringMatching(/^GET \/api\/users\?cursor=/)])
  expect(others.filter((call) => !list.includes(call)).sort()).toEqual([
    'GET /api/fields?limit=500',
    'GET /api/overview',
    'GET /api/session',
    'GET /api/users/unmatched',
  ])

  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByLabel('Days to keep imports').fill('45')
  const read = page.waitForResponse((response) => response.url().endsWith('/api/settings'))
  await page.getByRole('button', { name: 'Make a webhook secret' }).click()
  await read
  await page.getByText('Copy the secret now').waitFor()
  expect(await page.getByLabel('Days to keep imports').inputValue()).toBe('45')
})

it('A user who was given a password signs in, changes it, and cannot change other users', async () => {
  const page = await openPage(browser)
  await signIn(page, muster.url, { email: 'jo@example.org', password: PASSWORD })
  await page.getByRole('link', { name: 'jo@example.org' }).click()
  await page.getByLabel('Current password').fill('not this one')
  await page.getByLabel('New password').fill(`${PASSWORD}!`)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('This is not your password as it is now.').first().waitFor()
  await page.getByLabel('Current password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Your password is changed').waitFor()
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Users' }).click()
  await page.getByRole('table', { name: 'Users' }).waitFor()
  expect(await page.getByRole('button', { name: 'Add a user' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
  await signIn(page, muster.url, { email: 'jo@example.org', password: `${PASSWORD}!` })
})
