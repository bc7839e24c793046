import { rm } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { openBrowser, openPage, signIn } from '../e2e/chromium.ts'
import { makeFolder } from '../e2e/muster.ts'
import { finished } from '../e2e/run-end.ts'
import { describeMachine } from './figures.ts'
import { csvBytes } from './files.ts'
import { type Measured, openMuster } from './muster.ts'
import { rosterRows } from './roster.ts'
import { type Act, contactsActs, runActs } from './stalls/acts.ts'

/*
 * Measures how long the pages stall with a directory of 100,000 contacts and a held plan that changes each of them:
 * `npm run bench:stalls -- [--rows N] [--rounds N] [--state FOLDER]`. A stall is a task of the page that takes longer than
 * 50 ms, while nobody can scroll or type. Fails if one takes longer than 100 ms. The folder is filled if it is new, and kept;
 * without it, a new one is used and removed. The machine must be quiet: a busy one stalls by itself.
 */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    state: { type: 'string' },
  },
})
const SOURCE = 'Benchmark'
const MOST = 100
const rows = Number(values.rows)
const state = values.state ?? (await makeFolder())
const system = await openMuster(state)
const browser = await openBrowser()
try {
  console.log(`${describeMachine()}; Chromium ${browser.version()}`)
  const run = (await heldRun(system)) ?? (await prepare(system))
  let worst = 0
  for (const [at, viewport] of [
    ['1440 × 900', { width: 1440, height: 900 }],
    ['360 × 740', { width: 360, height: 740 }],
  ] as const) {
    const page = await openPage(browser, { viewport })
    await page.addInitScript(watchTasks)
    await signIn(page, system.system.url, system.system.admin)
    for (const act of [...contactsActs(system.system.url), ...runActs(system.system.url, run)]) {
      const { stalls, longest } = await measured(page, act)
      worst = Math.max(worst, longest)
      const words = longest === 0 ? 'none' : `${stalls}, the longest ${longest.toFixed(0)} ms`
      console.log(`${`${act.name}, ${at}`.padEnd(60)} ${words}`)
    }
    await page.context().close()
  }
  if (worst > MOST) process.exitCode = 1
} finally {
  await browser.close()
  await system.close()
  if (values.state === undefined) await rm(state, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
}

/** Runs in the page: notes each task that takes longer than 50 ms. */
function watchTasks(): void {
  const lengths: number[] = []
  Object.assign(window, { lengths })
  new PerformanceObserver((list) => lengths.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: 'longtask',
    buffered: true,
  })
}

/** Does an act in a few rounds. Returns how many stalls a round had at most, and how long the longest of all was. */
async function measured(page: Page, { open, act }: Act): Promise<{ stalls: number; longest: number }> {
  let stalls = 0
  let longest = 0
  for (let round = 0; round < Number(values.rounds); round++) {
    await open(page)
    await becomesIdle(page)
    await page.evaluate(() => (window as unknown as { lengths: number[] }).lengths.splice(0))
    await act(page)
    await becomesIdle(page)
    const lengths = await page.evaluate(() => (window as unknown as { lengths: number[] }).lengths)
    stalls = Math.max(stalls, lengths.length)
    longest = Math.max(longest, ...lengths)
  }
  return { stalls, longest }
}

/** Waits until the page has nothing to do, and has said so. */
async function becomesIdle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(300)
}

/** Returns the run that waits, of a folder that was filled before. */
async function heldRun({ system: { api } }: Measured): Promise<string | null> {
  const { body } = await api('GET', '/api/runs?limit=1')
  return body.items[0]?.status === 'held' ? body.items[0].id : null
}

/** Fills the directory, and plans another title for everybody, which waits for a person. */
async function prepare({ system: muster, serve, source, import: load }: Measured): Promise<string> {
  const id = await source(SOURCE)
  serve(SOURCE, csvBytes(rosterRows(rows, 1, 'first')))
  await load(id)
  const { body: saved } = await muster.api('GET', `/api/sources/${id}`)
  const limits = { ...saved.limits, changed: {} }
  const changed = await muster.api('PATCH', `/api/sources/${id}`, { limits })
  if (changed.status >= 300) throw new Error(JSON.stringify(changed.body))
  serve(SOURCE, csvBytes(withOtherTitles()))
  const started = await muster.api('POST', `/api/sources/${id}/runs`, { mode: 'apply' })
  const run = await finished(muster, started.body.id)
  if (run.status !== 'held') throw new Error(`The run did not wait: ${JSON.stringify(run)}`)
  return run.id
}

function* withOtherTitles(): Generator<string[]> {
  for (const [index, cells] of [...rosterRows(rows, 1, 'first')].entries()) {
    yield index === 0 ? cells : cells.with(3, `Rank ${index % 40}`)
  }
}
