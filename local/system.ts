import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { startBridge } from './bridge.ts'
import { build } from './build.ts'
import { startCron } from './cron.ts'
import { startDemo } from './demo/demo.ts'
import { signIn, waitUntilReady } from './front-door.ts'
import { openLog } from './log.ts'
import { writeMail } from './mail.ts'
import { openMemory } from './memory.ts'
import { migrate } from './migrate.ts'
import { isTaken } from './ports.ts'
import { startRuntime } from './runtime.ts'
import { readSettings } from './settings.ts'

/** Something that was started and has to be stopped. */
export interface Part {
  stop(): Promise<void>
}

/**
 * Starts the whole system on loopback, in the order in which the parts need each other, and reports on the terminal.
 * Calls `keep` with each part as soon as it runs. Throws an `Error` with a sentence for the terminal.
 */
export async function startSystem(
  env: NodeJS.ProcessEnv,
  keep: <T extends Part>(part: T) => T,
  stopping: AbortSignal,
): Promise<void> {
  const settings = readSettings(env)
  const { port, inspectorPort, state } = settings
  if (await isTaken(port)) {
    throw new Error(
      `Port ${port} is already taken. Stop the program that uses it, or choose another: PORT=${port + 1} npm start`,
    )
  }
  const root = resolve(import.meta.dirname, '..')
  const memory = openMemory(state)
  const log = openLog(state)
  const built = await build(root, stopping)
  const [demo, bridge] = await Promise.all([
    settings.demo ? startDemo(memory).then(keep) : null,
    startBridge(root, state, memory.values.bridgeSecret, env).then(keep),
  ])

  const url = `http://localhost:${port}`
  const password =
    settings.adminPassword ?? (memory.values.administratorMade ? null : randomBytes(12).toString('base64url'))
  const runtime = keep(
    await startRuntime({
      root,
      built,
      port,
      inspectorPort,
      state,
      log,
      sendMail: (json) => writeMail(settings.emailDir, json),
      bindings: {
        ENCRYPTION_KEY: memory.values.encryptionKey,
        PUBLIC_URL: url,
        ALLOW_LOOPBACK: '1',
        BRIDGE_URL: bridge.url,
        BRIDGE_SECRET: memory.values.bridgeSecret,
        ...(password === null ? {} : { ADMIN_EMAIL: settings.adminEmail, ADMIN_PASSWORD: password }),
      },
    }),
  )
  await migrate(runtime.db, join(root, 'migrations'))
  await waitUntilReady(url, log, stopping)
  keep(startCron(runtime.tick, settings.tickEvery))

  const api = password === null ? null : await signIn(url, settings.adminEmail, password)
  if (api !== null) {
    if (settings.adminPassword === null) {
      console.log(`Sign in as ${settings.adminEmail} with the password ${password} (shown this once)`)
    }
    memory.remember({ administratorMade: true })
    if (demo !== null && !memory.values.demoMade) {
      await demo.makeSources(api)
      memory.remember({ demoMade: true })
    }
  }
  if (demo !== null) console.log(`Change the demo files at ${demo.url}`)
  console.log(`Ready on ${url}`)
}
