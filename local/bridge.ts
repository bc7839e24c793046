import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { openLogFile } from './log.ts'
import { LOOPBACK } from './ports.ts'

/**
 * How long to wait before the bridge is started again, in milliseconds, so that a bridge that cannot run does not
 * restart in a tight loop.
 */
const REST = 500
/**
 * How long a stop may take, in milliseconds. At a stop nobody reads the bridge's streams any more, so it has little to
 * finish.
 */
const STOP_WITHIN = 3000

/** The SFTP bridge beside the Worker. */
export interface Bridge {
  url: string
  stop(): Promise<void>
}

/**
 * Starts the SFTP bridge as its own process and keeps it running, at one address, until it is stopped. Its output goes
 * to `log/bridge.log`. Variables of `env` that begin with BRIDGE_ are passed on. Throws an `Error` if the bridge does
 * not start.
 */
export async function startBridge(
  root: string,
  state: string,
  secret: string,
  env: NodeJS.ProcessEnv,
): Promise<Bridge> {
  const log = openLogFile(state, 'bridge.log')
  const note = (line: object) => log.write(JSON.stringify({ at: new Date().toISOString(), ...line }))
  const ours = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('BRIDGE_')))
  const start = (port: number) => {
    // A key pressed in the terminal must not stop the bridge before the Worker has stopped using it. `leash.ts` ends it
    // together with Muster.
    const child = spawn(
      process.execPath,
      ['--import', import.meta.resolve('./leash.ts'), join(root, 'sftp-bridge/server.ts')],
      {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: { ...ours, HOST: LOOPBACK, PORT: String(port), BRIDGE_SECRET: secret, BRIDGE_ALLOW_LOOPBACK: '1' },
      },
    )
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface(stream).on('line', log.write)
    }
    child.once('spawn', () => note({ event: 'started', pid: child.pid }))
    child.once('exit', (code, signal) => note({ event: 'ended', code, signal }))
    return child
  }

  let child = start(0)
  const port = await listeningPort(child).catch((error: unknown) => {
    throw new Error(`The SFTP bridge did not start: ${error instanceof Error ? error.message : error}. See ${log.path}`)
  })
  const stopping = new AbortController()
  const keepRunning = async () => {
    for (;;) {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      await wait(REST, undefined, { signal: stopping.signal })
      child = start(port)
    }
  }
  const kept = keepRunning().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error
  })

  return {
    url: `http://${LOOPBACK}:${port}`,
    async stop() {
      stopping.abort()
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN)
      await kept
      clearTimeout(late)
    },
  }
}

/** Returns the port that the first line of the log names. */
function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`it ended with ${code ?? signal}`)))
    if (child.stdout === null) return
    createInterface(child.stdout).once('line', (line) => {
      const { port } = JSON.parse(line)
      resolve(port)
    })
  })
}
