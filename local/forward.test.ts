import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

// It is deployed as it stands, without types.
const { default: worker } = await import(new URL('../web/public/_worker.js', import.meta.url).href)

/** Returns the binding that got a request for this path, and whether it got the request itself. */
async function forwarded(path: string): Promise<string> {
  const request = new Request(`https://muster.example.org${path}`, { method: 'PUT', body: 'a large file' })
  const binding = (name: string) => ({
    fetch: async (given: Request) => new Response(given === request ? name : `a copy, to ${name}`),
  })
  const answer = await worker.fetch(request, { WORKER: binding('the Worker'), ASSETS: binding('the files') })
  return answer.text()
}

// A clone of the request would keep the whole body in memory until it has arrived.
it.each(['/api', '/api/sources/1/file/a.csv', '/hooks/sms'])(
  'a request for %s goes to the Worker as it came',
  async (path) => {
    expect(await forwarded(path)).toBe('the Worker')
  },
)

it.each(['/', '/sources/1', '/apiary', '/assets/index.js'])(
  'a request for %s goes to the files of the pages',
  async (path) => {
    expect(await forwarded(path)).toBe('the files')
  },
)

/** Returns the status of an address, for which the files give the first page as Pages does. */
async function statusOf(path: string, type = 'text/html; charset=utf-8'): Promise<number> {
  const ASSETS = { fetch: async () => new Response('the first page', { headers: { 'Content-Type': type } }) }
  const response = await worker.fetch(new Request(`https://muster.example.org${path}`), { ASSETS })
  expect(response.headers.get('Content-Type')).toBe(type)
  expect(await response.text()).toBe('the first page')
  return response.status
}

const read = (name: string) => readFileSync(new URL(`../web/${name}`, import.meta.url), 'utf8')
/** The addresses of the pages, and those that links of e-mails lead to. */
const pages = [
  ...[...read('src/routes.tsx').matchAll(/\.at\('([^']*)'/g)].map(([, pattern = '']) => pattern || '/'),
  ...[...(/LINK_PATHS = (\[.*\])/.exec(read('src/pages/choose-password.tsx'))?.[1] ?? '').matchAll(/'([^']+)'/g)].map(
    ([, path = '']) => path,
  ),
]

it('each page is found, at Pages without the Worker of the project', async () => {
  expect(pages.length).toBeGreaterThan(20)
  const { exclude }: { exclude: string[] } = JSON.parse(read('public/_routes.json'))
  for (const page of pages) {
    expect([page, await statusOf(page.replace(/:\w+/g, 'a1%20b'))]).toEqual([page, 200])
    const excluded = exclude.some(
      (rule) => rule === page || (rule.endsWith('/*') && page.startsWith(rule.slice(0, -1))),
    )
    expect([page, excluded]).toEqual([page, true])
  }
})

it.each(['/nothing', '/admin.php', '/runs/1/2', '/sourcesx', '/settings/other', '/.env', '/wp-admin/'])(
  '%s is no page, and not found',
  async (path) => {
    expect(await statusOf(path)).toBe(404)
  },
)

it('a file of the pages is found', async () => {
  expect(await statusOf('/assets/index.js', 'text/javascript')).toBe(200)
})
