import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { startBridge } from './bridge.ts'
import { build } from './build.ts'
import { openDemo } from './demo/demo.ts'
import { signIn, waitUntilReady } from './front-door.ts'
import { openLog } from './log.ts'
import { openMailer } from './mail.ts'
import { openMemory } from './memory.ts'
import { isTaken } from './ports.ts'
import { makeFilesPrivate } from './private.ts'
import { readSettings, type Settings } from './settings.ts'

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
  await refuseTakenPorts(settings)
  const root = resolve(import.meta.dirname, '..')
  makeFilesPrivate()
  const memory = openMemory(state)
  const log = openLog(state)
  const demo = keep(openDemo(memory))
  // Without its servers, each demo source would fail.
  const hasDemo = settings.demo || memory.values.demoSources.length > 0
  const [bridge, { startRuntime }, built, demoUrl] = await Promise.all([
    startBridge(root, state, memory.values.bridgeSecret, env).then(keep),
    // The tools take some seconds to load, in which the bridge starts.
    import('./runtime.ts'),
    build(root, stopping),
    hasDemo ? demo.start() : null,
  ])

  // The servers that run by now were given any free ports. A runtime whose inspector gets no port would never begin.
  await refuseTakenPorts(settings)
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
      queueConsumers: settings.queueConsumers,
      sendMail: openMailer(settings.emailDir, settings.mail),
      askDemo: (json) => demo.answer(json),
      bindings: {
        ENCRYPTION_KEY: memory.values.encryptionKey,
        ENCRYPTION_KEYS: [memory.values.encryptionKey, ...memory.values.earlierKeys].join(','),
        PUBLIC_URL: url,
        ALLOW_LOOPBACK: '1',
        BRIDGE_URL: bridge.url,
        BRIDGE_SECRET: memory.values.bridgeSecret,
        ...(password === null ? {} : { ADMIN_EMAIL: settings.adminEmail, ADMIN_PASSWORD: password }),
      },
    }),
  )
  await waitUntilReady(url, log, stopping)
  keep(startCron(runtime.tick, settings.tickEvery))

  const api = password === null ? null : await signIn(url, settings.adminEmail, password)
  if (api !== null) {
    if (settings.adminPassword === null) {
      console.log(`Sign in as ${settings.adminEmail} with the password ${password} (shown this once)`)
    }
    memory.remember({ administratorMade: true })
    if (settings.demo && !memory.values.demoMade) {
      await api.post('/api/demo', {})
      memory.remember({ demoMade: true })
    }
    await api.signOut()
  }
  if (demoUrl !== null) console.log(`Change the demo files at ${demoUrl}`)
  console.log(`Ready on ${url}`)
}

/** Throws an `Error` that says which of the ports of the settings another program has. */
async function refuseTakenPorts({ port, inspectorPort }: Settings): Promise<void> {
  for (const [variable, wanted] of [
    ['PORT', port],
    ['MUSTER_INSPECTOR_PORT', inspectorPort],
  ] as const) {
    if (wanted === null || !(await isTaken(wanted))) continue
    throw new Error(
      `Port ${wanted} is already taken. Stop the program that uses it, or choose another: ${variable}=${wanted + 1} npm start`,
    )
  }
}

/**
 * Fires the tick at once, since a stop may have left work unfinished, and then at every whole interval of the clock, as
 * Cron Triggers do. If a tick takes longer than the interval, the next one waits for it.
 */
function startCron(tick: () => Promise<void>, interval: number): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  let stopped = false
  const fire = () => {
    running = tick().then(() => {
      if (!stopped) timer = setTimeout(fire, interval - (Date.now() % interval))
    })
  }
  fire()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
