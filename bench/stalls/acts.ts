import type { Page } from 'playwright-core'

/** Something that a viewer does on a page: where it begins, and what is measured. */
export interface Act {
  name: string
  open: (page: Page) => Promise<void>
  act: (page: Page) => Promise<void>
}

/** How often "Show more" is pressed, and how far a scroll goes, in pages of the window. */
const PRESSES = 20
const SCREENS = 40

/** What is done with a large directory. `url` is the address of the pages. */
export function contactsActs(url: string): Act[] {
  const open = async (page: Page) => {
    await page.goto(`${url}/contacts`)
    await contacts(page).nth(20).waitFor()
  }
  const long = async (page: Page) => {
    await open(page)
    await showMore(page)
  }
  return [
    { name: 'contacts: load', open: (page) => page.goto('about:blank').then(() => undefined), act: open },
    { name: 'contacts: “Show more” 20 times', open, act: showMore },
    { name: 'contacts: scroll 1,050 down and up', open: long, act: scroll },
    { name: 'contacts: jump to the end and back', open: long, act: jump },
    {
      name: 'contacts: select all shown',
      open: long,
      act: async (page) => {
        // A telephone has no heads of columns.
        const all = page.getByLabel(/^Select all/)
        if (await all.isVisible()) await all.check()
      },
    },
    {
      name: 'contacts: search while typing',
      open: long,
      act: async (page) => {
        await page.getByLabel('Search').pressSequentially('ana obrien', { delay: 120 })
        await page.waitForTimeout(400)
        await page.getByLabel('Search').clear()
      },
    },
    {
      name: 'contacts: group and reach',
      open: async (page) => {
        await open(page)
        const fold = page.locator('details.filter-fold')
        if ((await fold.getAttribute('open')) === null) await fold.locator('summary').click()
      },
      act: async (page) => {
        await page.getByRole('combobox', { name: 'Group' }).pressSequentially('group 1', { delay: 100 })
        await page.keyboard.press('Enter')
        await page.getByLabel('Reached').selectOption({ index: 2 })
        await page.getByLabel('Sort by').selectOption({ index: 1 })
      },
    },
    {
      name: 'contacts: a contact, and Back',
      open: long,
      act: async (page) => {
        await contacts(page).last().getByRole('link').click()
        await page.waitForURL(/\/contacts\/.+/)
        await page.goBack()
        await contacts(page).first().waitFor()
      },
    },
    ...['/', '/groups', '/runs', '/settings/audit'].map((path): Act => {
      const load = (page: Page) => page.goto(url + path).then(() => page.locator('main h1').waitFor())
      return { name: `load ${path}`, open: (page) => page.goto('about:blank').then(() => undefined), act: load }
    }),
  ]
}

/** What is done with a plan of as many changes. `id` is its run. */
export function runActs(url: string, id: string): Act[] {
  const changes = (page: Page) => page.getByRole('table', { name: 'Changes' }).locator('tr.change')
  const open = async (page: Page) => {
    await page.goto(`${url}/runs/${id}`)
    await changes(page).nth(20).waitFor()
  }
  return [
    { name: 'changes: load', open: (page) => page.goto('about:blank').then(() => undefined), act: open },
    { name: 'changes: scroll on', open, act: scroll },
    {
      name: 'changes: jump to the end 10 times',
      open,
      act: async (page) => {
        for (let press = 0; press < 10; press++) await jump(page)
      },
    },
    {
      name: 'changes: unfold ten',
      open,
      act: async (page) => {
        for (let row = 0; row < 10; row++) await changes(page).nth(row).getByRole('button').click()
      },
    },
    {
      name: 'changes: search while typing',
      open,
      act: async (page) => {
        await page.getByLabel('Search').pressSequentially('ana obrien', { delay: 120 })
        await page.waitForTimeout(400)
        await page.getByLabel('Search').clear()
      },
    },
    {
      name: 'changes: kind, attribute and group',
      open,
      act: async (page) => {
        await page.getByLabel('Kind').selectOption({ index: 2 })
        await page.getByLabel('Attribute').selectOption({ index: 1 })
        await page.getByLabel('Part').selectOption({ index: 0 })
      },
    },
    {
      name: 'changes: switch tabs',
      open,
      act: async (page) => {
        for (const tab of [/^Problems/, /^Details/, /^Changes/, /^Problems/, /^Changes/]) {
          await page.getByRole('tab', { name: tab }).click()
          await page.waitForTimeout(150)
        }
      },
    },
  ]
}

function contacts(page: Page) {
  return page.getByRole('table', { name: 'Contacts' }).locator('tbody tr:has(a)')
}

async function showMore(page: Page): Promise<void> {
  for (let press = 1; press <= PRESSES; press++) {
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByText(`1–${(50 * (press + 1)).toLocaleString('en')} of`).waitFor()
  }
}

async function scroll(page: Page): Promise<void> {
  const step = page.viewportSize()?.height ?? 800
  for (const way of [1, -1]) {
    for (let screen = 0; screen < SCREENS; screen++) {
      await page.mouse.wheel(0, way * step)
      await page.waitForTimeout(30)
    }
  }
}

async function jump(page: Page): Promise<void> {
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
  await page.waitForTimeout(300)
  await page.evaluate(() => scrollTo(0, 0))
  await page.waitForTimeout(200)
}
