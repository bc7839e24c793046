import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openBrowser, openPage, signIn } from '../e2e/chromium.ts'
import { startMuster } from '../e2e/muster.ts'
import { finished } from '../e2e/run-end.ts'
import { smallPng } from './small-png.ts'

/**
 * Takes the pictures of README.md and of the guides from a fresh demo (`npm run screenshot`), in the light scheme: three weeks
 * of its files are imported, so that there are additions, changes, removals that wait, and rows with problems.
 */
const FOLDER = join(import.meta.dirname, 'pictures')
/** A spreadsheet of a college with headers of its own, for the picture of the mapping. */
const STUDENTS = `Student ID,First,Last,Cell Phone,Email,Class
900110,Ana,Oak,604 555 0110,ana.oak@college.example,2027
900111,Ben,Ash,604 555 0111,ben.ash@college.example,2027
900112,Cleo,Elm,604 555 0112,cleo.elm@college.example,2028
900113,Dan,Fir,6.04555E+09,dan.fir@college.example,2028
,Eve,Yew,604 555 0114,eve.yew@college.example,2028
900115,Finn,Bay,604 555 0115,finn.bay@college.example,2029
`

const muster = await startMuster({ MUSTER_DEMO: '1' })
const browser = await openBrowser()
try {
  await mkdir(FOLDER, { recursive: true })
  const demo = /Change the demo files at (\S+)/.exec(muster.terminal())?.[1]
  const { body: sources } = await muster.api('GET', '/api/sources')
  const roster: string = sources.items.find(({ name }: { name: string }) => name.includes('roster')).id
  for (const { id } of sources.items) await imported(id)
  await fetch(`${demo}/version/2`, { method: 'POST' })
  const changed = await imported(roster)
  await fetch(`${demo}/version/3`, { method: 'POST' })
  const held = await imported(roster)
  await muster.api('POST', '/api/fields', { key: 'class', label: 'Class', type: 'text' })
  const { body: contacts } = await muster.api('GET', `/api/contacts?source=${roster}&smsStatus=unknown&limit=1`)
  const [contact] = contacts.items
  const reason = 'Asked at the spring training'
  await muster.api('POST', '/api/contacts/sms-status', { keys: [contact.key], status: 'opted_out', reason })

  const page = await openPage(browser, { viewport: { width: 1200, height: 760 }, colorScheme: 'light' })
  await signIn(page, muster.url, muster.admin)
  await take(page, 'overview', '/')
  await take(page, 'held-run', `/runs/${held.id}`)
  await take(page, 'problems', `/runs/${changed.id}?tab=problems`)
  await take(page, 'consent', `/contacts/${contact.key}`)
  await take(page, 'columns', '/sources/new', async () => {
    const file = { name: 'students.csv', mimeType: 'text/csv', buffer: Buffer.from(STUDENTS) }
    await page.getByLabel('The file with the contacts').setInputFiles(file)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('5 of 6 rows would come in').waitFor()
  })
} finally {
  await browser.close()
  await muster.stop()
}

async function imported(source: string) {
  const { body } = await muster.api('POST', `/api/sources/${source}/runs`, {})
  return finished(muster, body.id)
}

/** Takes a picture of a page, once everything in it is there. */
async function take(page: Page, name: string, path: string, before = async () => {}): Promise<void> {
  await page.goto(muster.url + path)
  await before()
  await page.waitForLoadState('networkidle')
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy="true"]'))
  await writeFile(join(FOLDER, `${name}.png`), smallPng(await page.screenshot({ animations: 'disabled' })))
}
