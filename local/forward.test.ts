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
