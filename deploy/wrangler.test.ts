import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runTool } from '../local/tool.ts'
import { isTurnOf } from '../worker/src/testing/sample.ts'
import { dnsComes, emptyAccount } from './stand-in/account.ts'
import { ANSWERS, newOperator, root } from './stand-in/operator.ts'
import { startStandIn, TOKEN } from './stand-in/server.ts'

/* The real wrangler deploys to the stand-in, so that what the other tests pretend of it is what it does. */
const standIn = await startStandIn(emptyAccount())
const operator = newOperator(standIn, async (account, args, folder = '.') => {
  await runTool('wrangler', args[0] === 'pages' ? ['pages', 'deploy', site(), ...args.slice(2)] : args, {
    cwd: join(root, folder),
    env: { CLOUDFLARE_ACCOUNT_ID: account, CLOUDFLARE_API_BASE_URL: standIn.url, CLOUDFLARE_API_TOKEN: TOKEN },
  })
})

/** Returns a folder with files as a build has them, since wrangler only sends them. */
function site(): string {
  const folder = join(operator.folder, 'site')
  mkdirSync(folder, { recursive: true })
  for (const file of ['_worker.js', '_routes.json']) cpSync(join(root, 'web/public', file), join(folder, file))
  writeFileSync(join(folder, 'index.html'), '<!doctype html>')
  return folder
}

afterAll(async () => {
  await standIn.stop()
  operator.remove()
})

/** The calls that change something. wrangler asks for the triggers of a Worker all at once, in an order that varies. */
function changes(calls: readonly string[]): string {
  const written = calls.filter((call) => !/^GET |\/query\n|\/pages\/assets\//.test(call))
  const isTrigger = (call: string) => /\/(?:consumers(?:\/\w+)?|schedules|subdomain)\n/.test(call)
  const first = written.findIndex(isTrigger)
  const triggers = written.filter(isTrigger).sort()
  const others = written.filter((call) => !isTrigger(call))
  return `${[...others.slice(0, first), ...triggers, ...others.slice(first)].join('\n')}\n`
}

test.runIf(isTurnOf(0))(
  'wrangler takes the configuration of an empty account, and again that of the running one',
  async () => {
    expect(await operator.deploy(...ANSWERS)).toBe(true)
    const worker = standIn.account.workers.get('muster')
    expect(worker?.schedules).toEqual(['* * * * *'])
    expect(worker?.subdomain).toEqual({ enabled: false, previews_enabled: false })
    expect(standIn.account.queues.filter(({ consumers }) => consumers.length !== 1)).toEqual([])
    await expect(changes(standIn.calls)).toMatchFileSnapshot('golden/wrangler-first.txt')

    standIn.calls.length = 0
    dnsComes(standIn.account)
    expect(await operator.deploy('--yes')).toBe(true)
    await expect(changes(standIn.calls)).toMatchFileSnapshot('golden/wrangler-second.txt')
  },
)
