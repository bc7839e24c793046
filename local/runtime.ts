import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  type Request,
  Response,
  type V4WorkerOptions,
  type V4WorkerOptionsShape,
} from 'miniflare'
import {
  unstable_getMiniflareWorkerOptions as readConfig,
  unstable_generateASSETSBinding as serveAssets,
} from 'wrangler'
import type { Built } from './build.ts'
import type { WorkerLog } from './log.ts'
import { MAIL_WORKER } from './mail.ts'
import { LOOPBACK } from './ports.ts'

/**
 * Runs the deployed shape on this machine: the Pages project in front, its Function forwarding to the Worker by
 * service binding, and D1, R2 and Queues from wrangler.toml, all in one workerd. Miniflare is used directly because
 * that is what `wrangler dev` and `wrangler pages dev` start beneath two more proxies: measured side by side, a request takes
 * a third of the time, and the terminal, the ports and the way to stop are ours.
 */
export interface Runtime {
  db: D1Database
  /** Fires the Worker's scheduled handler once; what goes wrong in it is in the log. */
  tick(): Promise<void>
  stop(): Promise<void>
}

/** Starts the runtime and returns when it listens. `state` is the folder for D1, R2 and all else that lasts. */
export async function startRuntime(options: {
  root: string
  built: Built
  port: number
  state: string
  /** Variables and secrets on top of those in wrangler.toml. */
  bindings: Record<string, string>
  log: WorkerLog
  /** Takes an e-mail as JSON and gives its Message-ID; throws where Email Service would refuse it. */
  sendMail: (json: unknown) => { messageId: string }
}): Promise<Runtime> {
  const { root, built, log } = options
  const assets = new AbortController()
  const worker: V4WorkerOptionsShape = readConfig(`${root}/wrangler.toml`).workerOptions
  const outbox = async (request: Request) => {
    try {
      return Response.json(options.sendMail(await request.json()))
    } catch (error) {
      return new Response(error instanceof Error ? error.message : String(error), { status: 400 })
    }
  }
  const pagesProject: V4WorkerOptions = {
    ...readConfig(`${root}/web/wrangler.toml`).workerOptions,
    name: 'muster-web',
    rootPath: root,
    modules: [{ type: 'ESModule', path: built.functions }],
    serviceBindings: { WORKER: 'muster', ASSETS: await pagesFiles(built.pages, log, assets.signal) },
  }
  const muster: V4WorkerOptions = {
    ...worker,
    name: 'muster',
    rootPath: root,
    modules: [{ type: 'ESModule', path: built.worker }],
    bindings: { ...worker.bindings, ...options.bindings },
    email: {},
    serviceBindings: { EMAIL: 'mail' },
  }
  const mail: V4WorkerOptions = {
    name: 'mail',
    compatibilityDate: '2026-11-01',
    compatibilityFlags: ['nodejs_compat'],
    modules: true,
    script: MAIL_WORKER,
    serviceBindings: { OUTBOX: outbox },
  }
  const listening = signalListeners()
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: LOOPBACK,
      port: options.port,
      resourcePersistencePath: options.state,
      // Otherwise a start tells the vendor of itself and asks it for the caller's place, which fails offline.
      telemetry: { enabled: false },
      cf: false,
      logRequests: false,
      log: new FileLog(log),
      handleStructuredLogs: ({ level, message }) => log.write(level, message),
      workers: [pagesProject, muster, mail],
    }),
  )
  await miniflare.ready
  // Miniflare ends the process on a signal before anything else can be stopped; stopping is the caller's.
  for (const [signal, listener] of signalListeners()) {
    if (!listening.some(([, known]) => known === listener)) process.off(signal, listener)
  }
  const started = await miniflare.getWorker('muster')
  return {
    db: await miniflare.getD1Database('DB', 'muster'),
    async tick() {
      try {
        await started.scheduled({ cron: '* * * * *' })
      } catch (error) {
        log.write('error', `tick: ${error}`)
      }
    },
    async stop() {
      assets.abort()
      await miniflare.dispose()
    },
  }
}

function signalListeners(): [NodeJS.Signals, NodeJS.SignalsListener][] {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  return signals.flatMap((signal) =>
    process.listeners(signal).map((listener): [NodeJS.Signals, NodeJS.SignalsListener] => [signal, listener]),
  )
}

/** The pages' files served as Pages does, with its rules for `_headers` and for addresses that only the pages know. */
async function pagesFiles(directory: string, log: WorkerLog, signal: AbortSignal) {
  const to = (level: string) => (words: unknown) => log.write(level, String(words))
  const logger = { log: to('info'), warn: to('warn'), error: to('error') }
  // wrangler does not export the class of its logger, of which only these methods are called here.
  return await serveAssets({ directory, signal, log: logger as unknown as Parameters<typeof serveAssets>[0]['log'] })
}

/** What Miniflare itself has to say, in the log like the rest. */
class FileLog extends Log {
  readonly #log: WorkerLog

  constructor(log: WorkerLog) {
    super(LogLevel.WARN)
    this.#log = log
  }

  override log(message: string) {
    this.#log.write('runtime', message)
  }
}
