import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, signIn } from './chromium.ts'
import { importNow } from './directory.ts'
import { type Muster, startMuster } from './muster.ts'
import { PATIENCE } from './patience.ts'

/**
 * Walks the pages at three widths in both schemes: axe finds nothing, nothing is wider than the window, and nothing breaks the
 * content security policy. With MUSTER_SCREENSHOTS=FOLDER it also writes a picture of each page into that folder.
 */
const WIDTHS = { desktop: [1440, 900], laptop: [1024, 768], phone: [360, 740] } as const
const SCHEMES = ['light', 'dark'] as const
const FOLDER = process.env.MUSTER_SCREENSHOTS ?? null
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const VIEWER = { email: 'viewer@example.org', password: 'harbour cedar lamp nine' }

type Width = keyof typeof WIDTHS
type Scheme = (typeof SCHEMES)[number]
/** A page to look at: its name, its address, and what is done there before it is looked at. */
interface Sight {
  name: string
  path: string
  before?: (page: Page) => Promise<void>
}

let muster: Muster
let browser: Browser
/** The cookies of the administrator, so that signing in is done once. */
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>
let ids: { source: string; held: string; done: string; contact: string; group: string }

beforeAll(async () => {
  if (FOLDER !== null) mkdirSync(FOLDER, { recursive: true })
  ;[browser, muster] = await Promise.all([openBrowser(), startMuster({ MUSTER_DEMO: '1' })])
  ids = await prepare()
  const context = await browser.newContext()
  await signIn(await context.newPage(), muster.url, muster.admin)
  signedIn = await context.storageState()
  await context.close()
})
afterAll(async () => {
  await browser?.close()
  await muster?.stop()
})

/** Imports the demo so that there is a finished run and a run that waits for a decision. */
async function prepare(): Promise<typeof ids> {
  const demo = /^Change the demo files at (\S+)$/m.exec(muster.terminal())?.[1] ?? ''
  const { body: sources } = await muster.api('GET', '/api/sources')
  const source: string = sources.items.find(({ name }: { name: string }) => name.startsWith('Demo: team roster')).id
  const done = await importNow(muster, source)
  await fetch(`${demo}/version/3`, { method: 'POST', headers: { connection: 'close' } })
  const held = await importNow(muster, source)
  await muster.api('POST', '/api/fields', { key: 'class', label: 'Class', type: 'number' })
  await muster.api('POST', '/api/users', { name: 'Vi Ewer', role: 'viewer', ...VIEWER })
  const { body: contacts } = await muster.api('GET', '/api/contacts')
  const { body: groups } = await muster.api('GET', '/api/groups')
  return { source, held: held.id, done: done.id, contact: contacts.items[0].key, group: groups.items[0].id }
}

const sights = (): Sight[] => [
  { name: 'overview', path: '/' },
  { name: 'sources', path: '/sources' },
  { name: 'source-new', path: '/sources/new' },
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
  { name: 'run-held', path: `/runs/${ids.held}` },
  { name: 'contacts', path: '/contacts' },
  { name: 'contact', path: `/contacts/${ids.contact}` },
  { name: 'groups', path: '/groups' },
  { name: 'group', path: `/groups/${ids.group}` },
  { name: 'settings', path: '/settings' },
  { name: 'fields', path: '/settings/fields' },
  { name: 'users', path: '/settings/users' },
  { name: 'tokens', path: '/settings/tokens' },
  { name: 'mail', path: '/settings/mail' },
  { name: 'audit', path: '/settings/audit' },
  { name: 'erasures', path: '/settings/erasures' },
  { name: 'account', path: '/account' },
  { name: 'not-found', path: '/nowhere' },
  { name: 'commands', path: '/runs', before: (page) => page.keyboard.press('Control+k') },
  { name: 'shortcuts', path: '/runs', before: (page) => page.keyboard.press('?') },
  {
    name: 'dialog',
    path: '/settings/fields',
    before: (page) => page.getByRole('button', { name: 'Add a field' }).click(),
  },
]

async function open(width: Width, scheme: Scheme, storageState?: typeof signedIn): Promise<Page> {
  const [w, height] = WIDTHS[width]
  const context = await browser.newContext({
    viewport: { width: w, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    hasTouch: width === 'phone',
    ...(storageState === undefined ? {} : { storageState }),
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE)
  return page
}

/** Goes to a page as a link within the pages does, and waits until it is there. */
async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((href) => {
    const link = Object.assign(document.createElement('a'), { href })
    document.body.appendChild(link)
    link.click()
    link.remove()
  }, path)
  await page.waitForFunction(
    (href) => location.pathname + location.search === href && document.querySelector('main[inert]') === null,
    path,
  )
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  await idle(page)
}

/** Waits until everything that the page reads has arrived. */
async function idle(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('main h1') !== null && !document.querySelector('.skeleton, [aria-busy="true"]'),
  )
}

/** Returns what is wrong with the page on the screen: one line for each fault. In the dark scheme only colours can differ. */
async function faults(page: Page, name: string, width: Width, scheme: Scheme): Promise<string[]> {
  const found: string[] = []
  const [wide = 0, room = 0] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return [scrollWidth, clientWidth]
  })
  if (wide > room) found.push(`is ${wide} px wide in ${room} px`)
  if (scheme === 'light' && width !== 'laptop') found.push(...(await violations(page, null)))
  if (scheme === 'dark' && width === 'phone') found.push(...(await violations(page, ['color-contrast'])))
  if (FOLDER !== null) await page.screenshot({ path: join(FOLDER, `${name}-${width}-${scheme}.png`) })
  return found.map((fault) => `${name}, ${width}, ${scheme}: ${fault}`)
}

/** Returns what axe finds: with all of its rules, or only with some. */
async function violations(page: Page, only: string[] | null): Promise<string[]> {
  // Not a script tag, which the content security policy refuses.
  await page.evaluate(`window.axe ?? (() => { ${AXE} })()`)
  return page.evaluate(async (rules) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    const { violations } = await axe.run({ resultTypes: ['violations'], ...(rules === null ? {} : { runOnly: rules }) })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(' ')}`))
  }, only)
}

describe.each([['desktop', 'laptop'], ['phone']] as Width[][])('Every page on a %s', (...widths) => {
  it('every page is as wide as the window, can be used by everybody, and breaks no policy, in both schemes', async () => {
    const page = await open(widths[0] ?? 'desktop', 'light', signedIn)
    const found: string[] = []
    let at = ''
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('404')) found.push(`${at}: ${message.text()}`)
    })
    page.on('pageerror', (error) => found.push(`${at}: ${error.message}`))
    await page.goto(muster.url)
    await idle(page)
    for (const { name, path, before } of sights()) {
      at = name
      await follow(page, path)
      await before?.(page)
      if (before !== undefined) await page.getByRole('dialog').waitFor()
      for (const width of widths) {
        const [w, height] = WIDTHS[width]
        if (widths.length > 1) await page.setViewportSize({ width: w, height })
        for (const scheme of SCHEMES) {
          await page.emulateMedia({ colorScheme: scheme })
          found.push(...(await faults(page, name, width, scheme)))
        }
      }
      if (before !== undefined) await page.keyboard.press('Escape')
    }
    await page.context().close()
    expect(found).toEqual([])
  })
})

describe('The states of a page', () => {
  /** Pages of lists, and what they read. */
  const LISTS = [
    ['overview', '/', '/api/overview'],
    ['sources', '/sources', '/api/overview'],
    ['runs', '/runs', '/api/runs'],
    ['contacts', '/contacts', '/api/contacts'],
    ['groups', '/groups', '/api/groups'],
    ['users', '/settings/users', '/api/users'],
    ['mail', '/settings/mail', '/api/notifications'],
    ['audit', '/settings/audit', '/api/audit'],
  ] as const
  const nothing = { items: [], next: null, total: { count: 0, more: false }, sources: [], groups: [], countedAt: null }

  it.each([
    ['loading', null, '.skeleton'],
    ['empty', { json: nothing }, 'main h1'],
    ['failed', { status: 500, json: { code: 'internal', detail: 'Something went wrong.' } }, '.notice.bad'],
  ] as const)('a list that is %s has no fault', async (state, answer, shown) => {
    const page = await open('phone', 'light', signedIn)
    const found: string[] = []
    for (const [name, path, api] of LISTS) {
      const is = (url: URL) => url.pathname === api
      // Without an answer, the page stays as it is while it loads.
      await page.route(is, (route) => (answer === null ? undefined : route.fulfill(answer)))
      await page.goto(muster.url + path)
      await page.locator(shown).first().waitFor()
      found.push(...(await faults(page, `${name}-${state}`, 'phone', 'light')))
      await page.unrouteAll({ behavior: 'ignoreErrors' })
    }
    await page.context().close()
    expect(found).toEqual([])
  })

  it('a viewer reads every page, and the sign-in page has no fault', async () => {
    const page = await open('phone', 'light')
    await page.goto(muster.url)
    await page.getByLabel('Password').waitFor()
    const found = await faults(page, 'sign-in', 'phone', 'light')
    await signIn(page, muster.url, VIEWER)
    for (const { name, path, before } of sights()) {
      if (before !== undefined) continue
      await follow(page, path)
      found.push(...(await faults(page, `viewer-${name}`, 'phone', 'light')))
    }
    await page.context().close()
    expect(found).toEqual([])
  })
})

describe('The keyboard alone', () => {
  it('reaches pages with Ctrl-K and with g and a letter, and the shortcuts of one key can be switched off', async () => {
    const page = await open('desktop', 'light', signedIn)
    const shown = (title: string) => page.getByRole('heading', { level: 1, name: title }).waitFor()
    await page.goto(`${muster.url}/runs`)
    await idle(page)
    await page.keyboard.press('Control+k')
    const places = page.getByRole('dialog', { name: 'Go to a page' })
    await places.waitFor()
    await page.keyboard.type('team ros')
    // The names of sources are fetched when the dialog opens.
    await places.getByRole('option', { name: 'Demo: team roster' }).waitFor()
    await page.keyboard.press('Enter')
    await shown('Demo: team roster')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    await page.keyboard.press('g')
    await page.keyboard.press('c')
    await shown('Contacts')
    await page.keyboard.press('/')
    await page.keyboard.type('gc?')
    expect(await page.getByLabel('Search').inputValue()).toBe('gc?')
    await page.goto(`${muster.url}/account`)
    await page.getByLabel('Use shortcuts of one key').uncheck()
    await page.locator('main').focus()
    await page.keyboard.press('?')
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Go to a page' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(1)
    await page.context().close()
  })

  it('goes back to where a list was left, with as many items as were shown', async () => {
    const page = await open('desktop', 'light', signedIn)
    await page.goto(`${muster.url}/contacts`)
    const rows = page.getByRole('table', { name: 'Contacts' }).locator('tbody tr')
    await rows.nth(49).waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await rows.nth(99).waitFor()
    const link = rows.nth(80).getByRole('link').first()
    await link.scrollIntoViewIfNeeded()
    const before = await page.evaluate(() => scrollY)
    expect(before).toBeGreaterThan(500)
    await link.click()
    await page.waitForURL(/\/contacts\/.+/)
    await idle(page)
    expect(await page.evaluate(() => scrollY)).toBe(0)
    await page.goBack()
    await rows.nth(99).waitFor()
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(before)
    await page.context().close()
  })
})
