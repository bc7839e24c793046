import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { setTimeout } from 'node:timers/promises'
import { runTool } from '../local/tool.ts'
import { openCloudflare } from './api.ts'
import { HELP, readCommand } from './command.ts'
import { run, type Terminal } from './deploy.ts'
import type { World } from './world.ts'

/* Deploys Muster to a Cloudflare account (`npm run deploy`). docs/deploy.md is its guide. */
const root = resolve(import.meta.dirname, '..')

try {
  const command = readCommand(process.argv.slice(2))
  if (command.kind === 'help') console.log(HELP)
  else process.exitCode = (await run(command, openWorld(), terminal())) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

function openWorld(): World {
  return {
    root,
    folder: root,
    cloudflare: openCloudflare(process.env),
    wrangler: (account, args, folder = '.') =>
      runTool('wrangler', args, { cwd: join(root, folder), env: { CLOUDFLARE_ACCOUNT_ID: account } }),
    buildPages: () => runTool('vite', ['build', 'web', '--logLevel', 'warn'], { cwd: root }),
    async reach(url) {
      const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(30_000) })
      return { status: answer.status, body: await answer.json().catch(() => null) }
    },
    print: (line) => console.log(line),
    wait: () => setTimeout(5000),
  }
}

function terminal(): Terminal {
  return { ask: process.stdin.isTTY && process.stdout.isTTY ? askOnce : null, env: process.env, hasDocker }
}

async function askOnce(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return await lines.question(question)
  } finally {
    lines.close()
  }
}

/** Returns whether Docker answers. wrangler knows the same variable. */
function hasDocker(): Promise<boolean> {
  return new Promise((resolve) => {
    const docker = spawn(process.env.WRANGLER_DOCKER_BIN ?? 'docker', ['info'], { stdio: 'ignore' })
    docker.on('error', () => resolve(false))
    docker.on('close', (code) => resolve(code === 0))
  })
}
