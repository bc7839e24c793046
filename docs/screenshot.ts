import { join } from 'node:path'
import { openBrowser, openPage, signIn } from '../e2e/chromium.ts'
import { startMuster } from '../e2e/muster.ts'

/**
 * Takes the picture in README.md from a fresh demo (`npm run screenshot`). It imports the roster's first and then its second
 * version, so that the picture shows additions, changes, removals and problems.
 */
const muster = await startMuster({ MUSTER_DEMO: '1' })
const browser = await openBrowser()
try {
  const demo = /Change the demo files at (\S+)/.exec(muster.terminal())?.[1]
  const sources = await muster.api('GET', '/api/sources')
  const roster = sources.body.items[0].id
  await imported(roster)
  await fetch(`${demo}/version/2`, { method: 'POST' })
  const run = await imported(roster)

  const page = await openPage(browser, { viewport: { width: 1200, height: 800 }, deviceScaleFactor: 1 })
  await signIn(page, muster.url, muster.admin)
  await page.goto(`${muster.url}/runs/${run}`)
  await page.locator('table.diff').waitFor()
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: join(import.meta.dirname, 'run.png') })
} finally {
  await browser.close()
  await muster.stop()
}

async function imported(source: string): Promise<string> {
  const { body } = await muster.api('POST', `/api/sources/${source}/runs`, {})
  for (;;) {
    const run = await muster.api('GET', `/api/runs/${body.id}`)
    if (run.body.finishedAt !== null) return body.id
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
