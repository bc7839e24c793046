import type { Page } from 'playwright-core'
import type { Width } from './looking.ts'

/** Something to look at: a page, or what opens on it. */
export interface Sight {
  name: string
  path: string
  /** What is done on the page first. It waits until what is to be looked at is there. */
  before?: (page: Page) => Promise<void>
  /** The part that opened. The rest of its page is a sight of its own. */
  part?: string
  /** The only width at which there is such a thing. */
  only?: Width
}

/** Objects that the pages are about. */
export interface Ids {
  source: string
  held: string
  done: string
  previewed: string
  contact: string
  group: string
  mail: string
}

/** Everything to look at, in groups that take about as long as each other. */
export function sights(ids: Ids): Record<'work' | 'settings' | 'steps' | 'opened', Sight[]> {
  return { work: work(ids), settings: settings(ids), steps: STEPS, opened: opened(ids) }
}

/** All pages. */
export function pages(ids: Ids): Sight[] {
  return [...work(ids), ...settings(ids)]
}

function work(ids: Ids): Sight[] {
  return [
    { name: 'overview', path: '/' },
    { name: 'sources', path: '/sources' },
    { name: 'source', path: `/sources/${ids.source}` },
    { name: 'source-settings', path: `/sources/${ids.source}?tab=settings` },
    { name: 'source-edit', path: `/sources/${ids.source}?tab=settings&edit=settings` },
    { name: 'source-schedule', path: `/sources/${ids.source}?tab=settings&edit=schedule` },
    { name: 'source-webhook', path: `/sources/${ids.source}?tab=webhook` },
    { name: 'source-danger', path: `/sources/${ids.source}?tab=danger` },
    { name: 'check', path: '/check' },
    { name: 'runs', path: '/runs' },
    { name: 'run-done', path: `/runs/${ids.done}` },
    { name: 'run-problems', path: `/runs/${ids.done}?tab=problems` },
    { name: 'run-details', path: `/runs/${ids.done}?tab=details` },
    { name: 'run-previewed', path: `/runs/${ids.previewed}` },
    { name: 'run-held', path: `/runs/${ids.held}` },
    { name: 'run-changed', path: `/runs/${ids.held}?part=all&op=update` },
    { name: 'contacts', path: '/contacts' },
    { name: 'contact', path: `/contacts/${ids.contact}` },
    { name: 'groups', path: '/groups' },
    { name: 'group', path: `/groups/${ids.group}` },
  ]
}

function settings(ids: Ids): Sight[] {
  return [
    { name: 'settings', path: '/settings' },
    { name: 'fields', path: '/settings/fields' },
    { name: 'users', path: '/settings/users' },
    { name: 'tokens', path: '/settings/tokens' },
    { name: 'mail', path: '/settings/mail' },
    { name: 'message', path: `/settings/mail/${ids.mail}` },
    { name: 'audit', path: '/settings/audit' },
    { name: 'erasures', path: '/settings/erasures' },
    { name: 'account', path: '/account' },
    { name: 'not-found', path: '/nowhere' },
  ]
}

/** The file that the wizard begins with, and a column of it that no field fits. */
const FILE = 'Student ID,First,Last,Cell Phone,Class\n900110,Ana,Oak,604 555 0110,2027\n,Ben,Ash,604 555 0111,2028\n'

/** The steps of adding a source, in order: each goes on from the one before. */
const STEPS: Sight[] = [
  { name: 'source-new', path: '/sources/new' },
  {
    name: 'source-new-file',
    path: '/sources/new',
    before: async (page) => {
      const buffer = Buffer.from(FILE)
      await page
        .getByLabel('The file with the contacts')
        .setInputFiles({ name: 'students.csv', mimeType: 'text/csv', buffer })
      await page.getByLabel('Name of this source').waitFor()
    },
  },
  { name: 'source-new-columns', path: '/sources/new?step=columns', before: columns },
  { name: 'source-new-when', path: '/sources/new?step=when', before: (page) => goOn(page, 'when') },
]

async function columns(page: Page): Promise<void> {
  await goOn(page, 'columns')
  await page.getByText('1 of 2 rows would come in').waitFor()
}

async function goOn(page: Page, step: string): Promise<void> {
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL(`**/sources/new?step=${step}`)
}

/** What opens over a page: dialogs, menus and lists of choices. */
function opened(ids: Ids): Sight[] {
  const source = `/sources/${ids.source}`
  const held = `/runs/${ids.held}`
  const contact = `/contacts/${ids.contact}`
  return [
    { name: 'commands', path: '/runs', before: (page) => page.keyboard.press('Control+k'), part: DIALOG },
    { name: 'shortcuts', path: '/runs', before: (page) => page.keyboard.press('?'), part: DIALOG },
    { name: 'dialog-field', path: '/settings/fields', before: press('Add a field'), part: DIALOG },
    { name: 'dialog-user', path: '/settings/users', before: press('Add a user'), part: DIALOG },
    { name: 'dialog-token', path: '/settings/tokens', before: press('Make a token'), part: DIALOG },
    { name: 'dialog-approve', path: held, before: press(/^Remove \d+ contacts$/), part: DIALOG },
    { name: 'dialog-reject', path: held, before: press('Keep them'), part: DIALOG },
    { name: 'dialog-undo', path: `/runs/${ids.done}`, before: press('Undo…'), part: DIALOG },
    { name: 'dialog-rename', path: source, before: press('More', 'Rename…'), part: DIALOG },
    { name: 'dialog-disable', path: source, before: press('More', 'Disable…'), part: DIALOG },
    { name: 'dialog-delete', path: `${source}?tab=danger`, before: press('Delete…'), part: DIALOG },
    { name: 'dialog-opt-out', path: contact, before: press('Opt out…'), part: DIALOG },
    { name: 'dialog-erase', path: contact, before: press('Erase this person…'), part: DIALOG },
    { name: 'dialog-bulk', path: '/contacts', before: chooseTwo, part: DIALOG },
    { name: 'menu-source', path: source, before: press('More'), part: MENU },
    { name: 'menu-downloads', path: `/runs/${ids.done}`, before: press('Downloads'), part: MENU },
    { name: 'menu-export', path: '/contacts', before: press('Export contacts'), part: MENU },
    { name: 'menu', path: '/runs', before: press('Menu'), part: MENU, only: 'phone' },
    { name: 'choices', path: '/settings', before: (page) => page.getByRole('combobox').first().click(), part: MENU },
  ]
}

const DIALOG = 'dialog[open]'
const MENU = ':popover-open'

/** Returns a function that presses buttons, one after the other. */
function press(...names: (string | RegExp)[]): (page: Page) => Promise<void> {
  return async (page) => {
    for (const name of names) {
      const exact = typeof name === 'string' ? { exact: true } : {}
      await page
        .getByRole('button', { name, ...exact })
        .first()
        .click()
    }
  }
}

async function chooseTwo(page: Page): Promise<void> {
  const boxes = page.getByRole('table', { name: 'Contacts' }).locator('tbody input')
  for (const at of [0, 1]) await boxes.nth(at).check()
  await page.getByRole('button', { name: 'Opt 2 contacts out…' }).click()
}
