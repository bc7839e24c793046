import { parseArgs } from 'node:util'
import { underLoad } from './load/loading.ts'

/*
 * Puts load on a whole local system: sources that are due in one minute, a shower of webhooks, and readers meanwhile:
 * `npm run load`. It prints counts, in which nothing may be missing, and how long answers took on this machine.
 */
const USAGE = `npm run load -- [--sources 200] [--contacts 200] [--webhooks 50] [--seconds 20] [--readers 10]
  --sources   how many sources are due in one minute
  --contacts  how many contacts each of them has
  --webhooks  how many webhooks are called a second
  --seconds   for how long
  --readers   how many readers ask once a second meanwhile`

const { values } = parseArgs({
  options: {
    sources: { type: 'string', default: '200' },
    contacts: { type: 'string', default: '200' },
    webhooks: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '20' },
    readers: { type: 'string', default: '10' },
  },
})

function whole(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new Error(`\n${USAGE}\n`)
}

const { sources, contacts, webhooks, seconds, readers } = values
const load = underLoad({
  ...{ sources: whole(sources), contacts: whole(contacts), webhooks: whole(webhooks) },
  ...{ seconds: whole(seconds), readers: whole(readers) },
})
for await (const { what, is, ought } of load) {
  const isRight = ought === undefined || is === ought
  console.log(`${isRight ? '  ' : '! '}${what}: ${is}${isRight ? '' : ` and not ${ought}`}`)
  if (!isRight) process.exitCode = 1
}
