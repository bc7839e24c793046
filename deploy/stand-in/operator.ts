import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openCloudflare } from '../api.ts'
import { type Command, readCommand } from '../command.ts'
import { run } from '../deploy.ts'
import type { World } from '../world.ts'
import type { StandIn } from './server.ts'
import { TOKEN } from './server.ts'
import { pretendWrangler } from './wrangler.ts'

/** An operator with a checkout, who deploys to the stand-in. */
export interface Operator {
  /** Runs `npm run deploy` with the arguments. Returns whether all is well. */
  deploy(...args: string[]): Promise<boolean>
  /** All that was printed. */
  printed: string[]
  /** The commands that wrangler was given. */
  commands: string[]
  /** Whether Docker answers. */
  docker: boolean
  env: NodeJS.ProcessEnv
  /** Commands of wrangler that begin so fail. */
  failing: string[]
  /** Reads a file that a deploy keeps. */
  kept(name: string): string
  folder: string
  /** Happens whenever the deploy waits. */
  onWait: () => void
  /** What the deployed pages answer. */
  health: { status: number; body: unknown } | Error
  remove(): void
}

export const root = resolve(import.meta.dirname, '../..')

/** The answers of an operator whose domain is example.org. */
export const ANSWERS = [
  ...['--domain', 'muster.example.org', '--sender', 'muster@example.org'],
  ...['--administrator', 'ada@example.org', '--data', 'eu', '--yes'],
]

/** Returns an operator with an empty folder. `wrangler` replaces the pretend one. */
export function newOperator(standIn: StandIn, wrangler?: World['wrangler']): Operator {
  const folder = mkdtempSync(join(tmpdir(), 'muster-operator-'))
  const failing: string[] = []
  const pretend = pretendWrangler(standIn, root, failing)
  const operator: Operator = {
    onWait: () => {},
    health: { status: 200, body: { ok: true, version: '1.0.0', checks: {} } },
    ...{ printed: [], commands: pretend.commands, docker: false, env: {}, failing, folder },
    async deploy(...args) {
      const command = readCommand(args) as Exclude<Command, { kind: 'help' }>
      const world: World = {
        ...{ root, folder, wrangler: wrangler ?? pretend.wrangler },
        cloudflare: openCloudflare({ CLOUDFLARE_API_BASE_URL: standIn.url, CLOUDFLARE_API_TOKEN: TOKEN }),
        buildPages: async () => {},
        reach: async () => {
          if (operator.health instanceof Error) throw operator.health
          return operator.health
        },
        print: (line) => operator.printed.push(line),
        wait: async () => operator.onWait(),
      }
      return run(command, world, { ask: null, env: operator.env, hasDocker: async () => operator.docker })
    },
    kept: (name) => readFileSync(join(folder, name), 'utf8'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
  return operator
}
