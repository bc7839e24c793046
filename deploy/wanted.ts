import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { experimental_readRawConfig as readRawConfig } from 'wrangler'
import * as z from 'zod'

const containerSchema = z.looseObject({ class_name: z.string(), image: z.string(), image_build_context: z.string() })
export type Container = z.infer<typeof containerSchema>

const workerSchema = z.looseObject({
  name: z.string(),
  main: z.string(),
  d1_databases: z.tuple([z.looseObject({ database_name: z.string(), migrations_dir: z.string() })]),
  r2_buckets: z.tuple([z.looseObject({ bucket_name: z.string() })]),
  queues: z.object({
    producers: z.array(z.looseObject({ queue: z.string() })),
    consumers: z.array(z.looseObject({ queue: z.string(), dead_letter_queue: z.string().optional() })),
  }),
  containers: z.tuple([containerSchema]),
  vars: z.record(z.string(), z.unknown()),
})
/** `wrangler.toml` as it is written, checked as far as a deploy needs it. */
type WorkerConfig = z.infer<typeof workerSchema>

const pagesSchema = z.looseObject({ name: z.string(), pages_build_output_dir: z.string() })

/** Everything that the account must have, by the names in `wrangler.toml` and `web/wrangler.toml`. */
export interface Wanted {
  config: WorkerConfig
  worker: string
  database: string
  bucket: string
  /** All queues, dead-letter queues included. */
  queues: string[]
  /** The file names of all migrations, in order. */
  migrations: string[]
  /** The name that wrangler gives to the application of the SFTP bridge's container. */
  container: string
  /** The Pages project. */
  project: string
}

/** Reads what a checkout wants. Throws a `ZodError` if a `wrangler.toml` has not the parts that a deploy needs. */
export function readWanted(root: string): Wanted {
  const config = workerSchema.parse(readRawConfig({ config: join(root, 'wrangler.toml') }).rawConfig)
  const pages = pagesSchema.parse(readRawConfig({ config: join(root, 'web/wrangler.toml') }).rawConfig)
  const [database] = config.d1_databases
  const { producers, consumers } = config.queues
  const queues = [
    ...producers.map(({ queue }) => queue),
    ...consumers.flatMap(({ queue, dead_letter_queue: dead }) => (dead === undefined ? [queue] : [queue, dead])),
  ]
  return {
    config,
    worker: config.name,
    database: database.database_name,
    bucket: config.r2_buckets[0].bucket_name,
    queues: [...new Set(queues)].sort(),
    migrations: readdirSync(join(root, database.migrations_dir))
      .filter((name) => name.endsWith('.sql'))
      .sort(),
    container: `${config.name}-${config.containers[0].class_name}`.toLowerCase(),
    project: pages.name,
  }
}
