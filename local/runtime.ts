import { join } from 'node:path'
import { Log, LogLevel, type V4WorkerOptions, type V4WorkerOptionsShape } from 'miniflare'
import * as z from 'zod'
import type { Built } from './build.ts'
import type { WorkerLog } from './log.ts'
import type { openMailer } from './mail.ts'
import { migrate } from './migrate.ts'
import { startMiniflare } from './miniflare.ts'
import { outcomeOf, producerBindings, startQueues } from './queues.ts'
import { sourcePlaces } from './stack.ts'
import { answering, databaseWorker, type OneModule, standIn, withFiles } from './stand-in.ts'
import { readConfig, serveAssets } from './wrangler.ts'

/**
 * Runs the deployed parts on this machine, all in one workerd: the Pages project in front, its Worker forwarding to
 * ours by service binding, D1 and the Worker's settings from wrangler.toml. Miniflare is used directly, because
 * `wrangler dev` and `wrangler pages dev` start it beneath two more proxies, and because without them Muster controls
 * the terminal, the ports and the way to stop. E-mail, queues and files are stand-ins; each gives its reason.
 */
export interface Runtime {
  /** Fires the Worker's scheduled handler once. Its errors are in the log. */
  tick(): Promise<void>
  stop(): Promise<void>
}

const rowsSchema = z.array(z.array(z.unknown()))

/** The local database's ID, by which its file in the state folder is named. It has always been this one. */
const DATABASE_ID = '00000000-0000-0000-0000-000000000000'

interface RuntimeOptions {
  root: string
  built: Built
  port: number
  /** The port of the inspector; null for no inspector. */
  inspectorPort: number | null
  /** The folder for D1, R2 and all other lasting data. */
  state: string
  /** Variables and secrets in addition to those in wrangler.toml. */
  bindings: Record<string, string>
  log: WorkerLog
  /** How many messages each queue delivers at once. */
  queueConsumers: number
  /** Takes an e-mail as JSON and returns its Message-ID, or how Email Service would refuse it. */
  sendMail: ReturnType<typeof openMailer>
  /** Answers the Worker's question about the demo. */
  askDemo: (json: unknown) => Promise<unknown>
}

/** Starts the runtime, and returns when it listens and its database has all migrations. */
export async function startRuntime({ root, built, log, ...options }: RuntimeOptions): Promise<Runtime> {
  const assets = new AbortController()
  const readable = sourcePlaces(built.worker, root)
  const { queueProducers, queueConsumers, r2Buckets, ...worker }: V4WorkerOptionsShape = readConfig(
    `${root}/wrangler.toml`,
  ).workerOptions
  const pagesProject: V4WorkerOptions = {
    ...readConfig(`${root}/web/wrangler.toml`).workerOptions,
    name: 'muster-web',
    rootPath: root,
    modules: [{ type: 'ESModule', path: built.forward }],
    serviceBindings: { WORKER: 'muster', ASSETS: await pagesFiles(built.pages, log, assets.signal) },
  }
  const muster: OneModule = {
    ...worker,
    name: 'muster',
    rootPath: root,
    modules: [{ type: 'ESModule', path: built.worker }],
    d1Databases: { DB: { id: DATABASE_ID } },
    bindings: { ...worker.bindings, ...options.bindings },
    email: {},
    serviceBindings: {
      EMAIL: 'mail',
      DEMO: answering(options.askDemo),
      ...producerBindings(queueProducers),
    },
  }
  const queues = startQueues(queueConsumers, options.queueConsumers, async (queue, message) => {
    try {
      return outcomeOf(await started.queue(queue, [message]))
    } catch (error) {
      log.write('error', `queue ${queue}: ${error}`)
      return { again: null }
    }
  })
  const miniflare = await startMiniflare({
    port: options.port,
    ...(options.inspectorPort === null ? {} : { inspectorPort: options.inspectorPort }),
    resourcePersistencePath: options.state,
    log: new FileLog(log),
    handleStructuredLogs: ({ level, message }) => log.write(level, readable(message)),
    workers: [
      pagesProject,
      withFiles(muster, join(options.state, 'files')),
      standIn('mail', 'stand-ins/mail.ts', { OUTBOX: answering(options.sendMail) }),
      databaseWorker('database', DATABASE_ID),
      standIn('queues', 'stand-ins/queue.ts', { QUEUES: answering(queues.accept) }),
    ],
  })
  const started = await miniflare.getWorker('muster')
  const database = await miniflare.getWorker('database')
  await migrate(
    async (statements) => {
      const response = await database.fetch('http://database/', { method: 'POST', body: JSON.stringify(statements) })
      if (!response.ok) throw new Error(await response.text())
      return rowsSchema.parse(await response.json())
    },
    join(root, 'migrations'),
  )
  return {
    async tick() {
      try {
        await started.scheduled({ cron: '* * * * *' })
      } catch (error) {
        log.write('error', `tick: ${error}`)
      }
    },
    async stop() {
      assets.abort()
      await queues.stop()
      await miniflare.dispose()
    },
  }
}

/**
 * Returns a function that serves the pages' files as Pages does, until `signal` ends it. It applies the rules for
 * `_headers` and for addresses that only the pages know.
 */
async function pagesFiles(directory: string, log: WorkerLog, signal: AbortSignal) {
  const to = (level: string) => (words: unknown) => log.write(level, String(words))
  const logger = { log: to('info'), warn: to('warn'), error: to('error') }
  // wrangler does not export the class of its logger. Only the methods of `logger` are called here.
  return await serveAssets({ directory, signal, log: logger as unknown as Parameters<typeof serveAssets>[0]['log'] })
}

/** Writes Miniflare's own messages to the log with the others. */
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
