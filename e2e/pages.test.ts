import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Letter } from '../worker/src/notify/letter.ts'
import { htmlOf } from '../worker/src/notify/letter-html.ts'
import { someOf } from '../worker/src/testing/sample.ts'
import { openBrowser, signIn } from './chromium.ts'
import { importNow } from './directory.ts'
import { faults, faultsIn, follow, idle, openWindow, WIDTHS, type Width } from './looking.ts'
import { type Muster, startMuster } from './muster.ts'
import { finished } from './run-end.ts'
import { type Ids, pages, sights } from './sights.ts'

/**
 * Walks the pages at three widths in both schemes: axe finds nothing, nothing is wider than the window, and nothing breaks the
 * content security policy. A push looks at a part of them, others each day. With MUSTER_SCREENSHOTS=FOLDER it also writes a
 * picture of each page into that folder.
 */
const VIEWER = { email: 'viewer@example.org', password: 'harbour cedar lamp nine' }

let muster: Muster
let browser: Browser
/** The cookies of the administrator, so that signing in is done once. */
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>
let ids: Ids

beforeAll(async () => {
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

/** Imports the demo so that there are a finished run, a preview and a run that waits for a decision. */
async function prepare(): Promise<Ids> {
  const demo = /^Change the demo files at (\S+)$/m.exec(muster.terminal())?.[1] ?? ''
  const { body: sources } = await muster.api('GET', '/api/sources')
  const source: string = sources.items.find(({ name }: { name: string }) => name.startsWith('Demo: team roster')).id
  const done = await importNow(muster, source)
  await fetch(`${demo}/version/3`, { method: 'POST', headers: { connection: 'close' } })
  const preview = await muster.api('POST', `/api/sources/${source}/runs`, { mode: 'preview' })
  const previewed = await finished(muster, preview.body.id)
  const held = await importNow(muster, source)
  await muster.api('POST', '/api/fields', { key: 'class', label: 'Class', type: 'number' })
  await muster.api('POST', '/api/users', { name: 'Vi Ewer', role: 'viewer', ...VIEWER })
  const { body: contacts } = await muster.api('GET', '/api/contacts')
  const { body: groups } = await muster.api('GET', '/api/groups')
  const { body: mails } = await muster.api('GET', '/api/notifications')
  return {
    source,
    held: held.id,
    done: done.id,
    previewed: previewed.id,
    contact: contacts.items[0].key,
    group: groups.items[0].id,
    mail: mails.items[0].id,
  }
}

describe.each([['desktop', 'laptop'], ['phone']] as Width[][])('On a %s', (...widths) => {
  let page: Page
  let at = ''
  let found: string[] = []
  beforeAll(async () => {
    page = await openWindow(browser, widths[0] ?? 'desktop', signedIn)
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('404')) found.push(`${at}: ${message.text()}`)
    })
    page.on('pageerror', (error) => found.push(`${at}: ${error.message}`))
    await page.goto(muster.url)
    await idle(page)
  })
  afterAll(() => page?.context().close())

  it.each(['work', 'settings', 'steps', 'opened'] as const)(
    'what is looked at for %s is as wide as the window, can be used by everybody, and breaks no policy, in both schemes',
    async (group) => {
      found = []
      const all = sights(ids)[group]
      // The steps of the wizard go on from each other.
      for (const sight of group === 'steps' ? all : someOf(all)) {
        const { name, path, before, part, only } = sight
        if (only !== undefined && !widths.includes(only)) continue
        at = name
        if (before === undefined || part !== undefined) await follow(page, path)
        await before?.(page)
        if (part === undefined) await idle(page)
        else await page.locator(part).first().waitFor()
        for (const width of widths) {
          const [w, height] = WIDTHS[width]
          if (widths.length > 1) await page.setViewportSize({ width: w, height })
          found.push(...(await faultsIn(page, sight, width)))
        }
        if (part !== undefined) await page.keyboard.press('Escape')
      }
      expect(found).toEqual([])
    },
  )
})

describe('The keyboard alone', () => {
  it('reaches pages with Ctrl-K and with g and a letter, and the shortcuts of one key can be switched off', async () => {
    const page = await openWindow(browser, 'desktop', signedIn)
    const shown = (title: string) => page.getByRole('heading', { level: 1, name: title }).waitFor()
    await page.goto(`${muster.url}/runs`)
    await idle(page)
    await page.keyboard.press('Control+k')
    const places = page.getByRole('dialog', { name: 'Go to a page' })
    // What is typed before its code is loaded is not lost.
    await page.keyboard.type('team ros')
    await places.waitFor()
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
    const page = await openWindow(browser, 'desktop', signedIn)
    await page.goto(`${muster.url}/contacts`)
    const rows = page.getByRole('table', { name: 'Contacts' }).locator('tbody tr')
    await rows.nth(49).waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByText(/^1–100 of /).waitFor()
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    // A blank is the last row until it comes near the view.
    const link = rows.last().getByRole('link').first()
    await link.scrollIntoViewIfNeeded()
    const before = await page.evaluate(() => scrollY)
    expect(before).toBeGreaterThan(500)
    await link.click()
    await page.waitForURL(/\/contacts\/.+/)
    await idle(page)
    expect(await page.evaluate(() => scrollY)).toBe(0)
    await page.goBack()
    await page.getByText(/^1–100 of /).waitFor()
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(before)
    await page.context().close()
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
  /** Pages on which a viewer sees something else. */
  const LESS = ['overview', 'source', 'source-settings', 'run-held', 'contacts', 'contact', 'settings', 'users']
  const nothing = { items: [], next: null, total: { count: 0, more: false }, sources: [], groups: [], countedAt: null }

  it.each([
    ['loading', null, '.skeleton'],
    ['empty', { json: nothing }, 'main h1'],
    ['failed', { status: 500, json: { code: 'internal', detail: 'Something went wrong.' } }, '.notice.bad'],
  ] as const)('a list that is %s has no fault', async (state, answer, shown) => {
    const page = await openWindow(browser, 'phone', signedIn)
    const found: string[] = []
    for (const [name, path, api] of someOf(LISTS)) {
      const is = (url: URL) => url.pathname === api
      // Without an answer, the page stays as it is while it loads.
      await page.route(is, (route) => (answer === null ? undefined : route.fulfill(answer)))
      await page.goto(muster.url + path)
      await page.locator(shown).first().waitFor()
      found.push(...(await faults(page, { name: `${name}-${state}`, part: 'main' }, 'phone', 'light')))
      await page.unrouteAll({ behavior: 'ignoreErrors' })
    }
    await page.context().close()
    expect(found).toEqual([])
  })

  it('the pages before sign-in have no fault, and a viewer reads every page', async () => {
    const page = await openWindow(browser, 'phone')
    const found: string[] = []
    const look = async (name: string) => found.push(...(await faultsIn(page, { name }, 'phone')))
    for (const name of ['invitation', 'new-password']) {
      await page.goto(`${muster.url}/${name}#token`)
      await page.getByLabel('Password').waitFor()
      await look(name)
    }
    await page.goto(muster.url)
    await page.getByLabel('Password').waitFor()
    await look('sign-in')
    const ticket = { status: 401, json: { code: 'second_factor', detail: 'A code is needed.', ticket: 'ticket' } }
    await page.route('**/api/session', (route) =>
      route.request().method() === 'POST' ? route.fulfill(ticket) : route.fallback(),
    )
    await page.getByLabel('E-mail address').fill(VIEWER.email)
    await page.getByLabel('Password').fill(VIEWER.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Code').waitFor()
    await look('second-factor')
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await signIn(page, muster.url, VIEWER)
    for (const { name, path } of someOf(pages(ids))) {
      await follow(page, path)
      // The others lack buttons, and are the same otherwise.
      if (!LESS.includes(name)) continue
      found.push(...(await faults(page, { name: `viewer-${name}`, part: 'main' }, 'phone', 'light')))
    }
    await page.context().close()
    expect(found).toEqual([])
  })

  it('the set-up of a second factor has no fault, and neither has what somebody else has decided meanwhile', async () => {
    const page = await openWindow(browser, 'phone', signedIn)
    const found: string[] = []
    await page.goto(`${muster.url}/account`)
    await page.getByRole('button', { name: 'Set up' }).click()
    const confirm = page.getByRole('dialog', { name: /password/i })
    const code = page.getByLabel('Code that the app shows')
    await confirm.or(code).first().waitFor()
    if (await confirm.isVisible()) {
      found.push(...(await faultsIn(page, { name: 'dialog-identity', part: 'dialog[open]' }, 'phone')))
      await confirm.getByLabel('Password').fill(muster.admin.password)
      await confirm.getByRole('button').last().click()
    }
    await code.waitFor()
    found.push(...(await faultsIn(page, { name: 'account-second-factor' }, 'phone')))

    await follow(page, `/runs/${ids.held}`)
    await page.getByRole('button', { name: 'Keep them' }).click()
    await muster.api('POST', `/api/runs/${ids.held}/reject`)
    await page.getByRole('dialog').getByRole('button', { name: 'Keep them' }).click()
    await page.getByText('somebody has decided already').first().waitFor()
    found.push(...(await faultsIn(page, { name: 'decided' }, 'phone')))
    await page.context().close()
    expect(found).toEqual([])
  })

  it('every e-mail and the description of the API have no fault in both schemes', async () => {
    const page = await openWindow(browser, 'phone')
    const found: string[] = []
    for (const tone of ['done', 'problems', 'waits', 'late', 'failed'] as const) {
      await page.setContent(htmlOf(letter(tone)))
      // A mail program puts it into a page of its own.
      found.push(...(await faultsIn(page, { name: `mail-${tone}`, part: 'body > *' }, 'phone')))
    }
    await page.goto(`${muster.url}/api/docs`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    found.push(...(await faultsIn(page, { name: 'api-docs' }, 'phone')))
    await page.context().close()
    expect(found).toEqual([])
  })
})

/** An e-mail with every kind of block: the kinds of e-mails are made of these. */
function letter(tone: Letter['tone']): Letter {
  const cause = {
    words: '2 numbers have no area code',
    column: 'Cell',
    message: 'This number has no area code. Write the whole number.',
    rows: ['Row 5: Ana Oak, ID E0031', 'Row 9: Ben Ash, ID E0044'],
    more: 0,
  }
  return {
    tone,
    about: 'Team roster',
    headline: '52 added, 31 removals wait',
    blocks: [
      { kind: 'sentences', sentences: ['52 contacts were added.', '31 contacts wait for your decision.'] },
      {
        kind: 'reasons',
        title: 'Why it waits',
        reasons: [{ sentence: '31 are missing.', examples: ['Ana Oak, ID E0031'] }],
      },
      { kind: 'items', items: ['Ana Oak, ID E0031: opted out here'] },
      {
        kind: 'figures',
        groups: [
          [
            { label: 'Added', count: 52 },
            { label: 'Imported', count: 283, note: 'added 52' },
          ],
        ],
      },
      { kind: 'causes', title: 'New problems', causes: [{ ...cause, isError: true }], more: 'And 2 more rows.' },
      { kind: 'causes', title: 'Known problems', causes: [{ ...cause, isError: false, more: 3 }], more: null },
    ],
    button: { label: 'Review 31 removals', url: 'https://muster.example.org/runs/1' },
    attachment: 'The rows with problems are in the attached spreadsheet.',
    footer: 'You get this e-mail because you are a recipient of the e-mails about Team roster.',
    settings: { label: 'Change who gets these e-mails', url: 'https://muster.example.org/sources/1' },
  }
}
