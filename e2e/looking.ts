import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { PATIENCE } from './patience.ts'

/** The widths and heights at which pages are looked at. */
export const WIDTHS = { desktop: [1440, 900], laptop: [1024, 768], phone: [360, 740] } as const
const SCHEMES = ['light', 'dark'] as const
export type Width = keyof typeof WIDTHS
type Scheme = (typeof SCHEMES)[number]

/** Where pictures of the pages are written; null for nowhere. */
const FOLDER = process.env.MUSTER_SCREENSHOTS ?? null
if (FOLDER !== null) mkdirSync(FOLDER, { recursive: true })
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** What can differ in another width or scheme of the same page, where all rules have been tried in one. */
const LOOKS = ['color-contrast', 'scrollable-region-focusable', 'target-size']

/** Opens a window of a width. `signedIn`: the cookies of a person. */
export async function openWindow(
  browser: Browser,
  width: Width,
  signedIn?: Awaited<ReturnType<BrowserContext['storageState']>>,
): Promise<Page> {
  const [w, height] = WIDTHS[width]
  const context = await browser.newContext({
    viewport: { width: w, height },
    reducedMotion: 'reduce',
    hasTouch: width === 'phone',
    ...(signedIn === undefined ? {} : { storageState: signedIn }),
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE)
  return page
}

/** Goes to a page as a link within the pages does, and waits until it is there. */
export async function follow(page: Page, path: string): Promise<void> {
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
export async function idle(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('main h1') !== null && !document.querySelector('.skeleton, [aria-busy="true"]'),
  )
}

/** What is on the screen: its name in faults and pictures, and the part that is looked at; all of it if left out. */
interface Seen {
  name: string
  part?: string | undefined
}

/** Returns what is wrong with what is on the screen in both schemes, one line for each fault. All of axe's rules are tried once. */
export async function faultsIn(page: Page, seen: Seen, width: Width): Promise<string[]> {
  const found: string[] = []
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme })
    found.push(...(await faults(page, seen, width, scheme)))
  }
  await page.emulateMedia({ colorScheme: 'light' })
  return found
}

/** Returns what is wrong with what is on the screen in one scheme. */
export async function faults(page: Page, { name, part }: Seen, width: Width, scheme: Scheme): Promise<string[]> {
  const found: string[] = []
  const [wide = 0, room = 0, high = 0] = await page.evaluate(() => {
    const { scrollWidth, clientWidth, scrollHeight } = document.documentElement
    const stays = document.querySelector('.action-bar') !== null
    return [scrollWidth, clientWidth, stays ? scrollHeight : 0]
  })
  if (wide > room) found.push(`is ${wide} px wide in ${room} px`)
  found.push(...(await page.evaluate(placed)))
  const rules = rulesFor(width, scheme)
  if (rules !== 'none') {
    const [w, height] = WIDTHS[width]
    // Buttons that stay in view cover a part of the page, which a person scrolls into view, as Tab does (wizard.test.ts).
    const grows = width !== 'phone' && high > height
    if (grows) await page.setViewportSize({ width: w, height: high })
    found.push(...(await violations(page, part, rules)))
    if (grows) await page.setViewportSize({ width: w, height })
  }
  if (FOLDER !== null) await page.screenshot({ path: join(FOLDER, `${name}-${width}-${scheme}.png`) })
  return found.map((fault) => `${name}, ${width}, ${scheme}: ${fault}`)
}

/** Returns what is not where it should be of dialogs, menus, and the buttons of rows. Runs in the page. */
function placed(): string[] {
  const buttons = document.querySelector('dialog[open] .actions.end')?.getBoundingClientRect()
  const menu = document.querySelector(':popover-open:not(.toasts)')
  return [
    ...(buttons !== undefined && buttons.bottom > innerHeight ? ['has its buttons below the window'] : []),
    ...([...document.querySelectorAll('td .menu-place')].some(isOverText) ? ['has a menu over a text'] : []),
    ...(menu !== null && getComputedStyle(menu).boxShadow === 'none' ? ['has the plain frame of the browser'] : []),
  ]

  function isOverText(place: Element): boolean {
    const button = place.getBoundingClientRect()
    const text = document.createRange()
    text.selectNodeContents(place.closest('tr')?.cells[0] ?? place)
    return [...text.getClientRects()].some(
      ({ left, right, top, bottom }) =>
        left < button.right && right > button.left && top < button.bottom && bottom > button.top,
    )
  }
}

/**
 * Returns the rules that are tried: all of them once for each layout of touch and mouse, and elsewhere what can differ there.
 * The colours of a scheme are the same at every width.
 */
function rulesFor(width: Width, scheme: Scheme): readonly string[] | 'all' | 'none' {
  if (scheme === 'dark') return width === 'desktop' ? ['color-contrast'] : 'none'
  return width === 'laptop' ? LOOKS : 'all'
}

/** Rows of a table after the first few: they are like these, and to look at each takes most of the time. */
const FURTHER_ROWS = 'tbody > tr:nth-child(n + 6)'

/** Returns what axe finds in a part of the page. */
async function violations(page: Page, part = 'html', rules: readonly string[] | 'all' = 'all'): Promise<string[]> {
  // Not a script tag, which the content security policy refuses. It stays until the page is left.
  await page.evaluate(`window.axe ?? (() => { ${AXE} })()`)
  return page.evaluate(
    async ([include, exclude, only]) => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') }
      const { violations } = await axe.run(
        { include: [include], exclude: [exclude] },
        {
          resultTypes: ['violations'],
          // No rule that is tried needs the style sheets fetched.
          preload: false,
          ...(only === 'all' ? {} : { runOnly: [...only] }),
        },
      )
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(' ')}`))
    },
    [part, FURTHER_ROWS, rules] as const,
  )
}
