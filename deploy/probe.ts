import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { databaseNamed, makeDatabase, query, queueSchema, RIGHTS } from './found.ts'
import { placementFor } from './place.ts'
import type { State } from './plan.ts'
import { ASKED } from './probe/worker.ts'
import type { World } from './world.ts'

/** The name of the Worker, the queue and the database that a probe makes and takes away again. */
const NAME = 'muster-probe'
const answerSchema = z.object({ asked: z.enum(ASKED), text: z.string() })
export type Answer = z.infer<typeof answerSchema>

/**
 * Asks a real account what no documentation says: a Worker of its own with a database and a queue answers, and all three are taken
 * away again. Returns what came within two minutes, and prints it.
 */
export async function probe(state: State, world: World): Promise<Answer[]> {
  const { cloudflare } = world
  const { account } = state.found
  const path = `/accounts/${account.id}`
  await remove(state, world)
  const folder = mkdtempSync(join(tmpdir(), 'muster-probe-'))
  try {
    const database = await makeDatabase(cloudflare, state.found, NAME, state.answers)
    await query(cloudflare, path, database.id, 'CREATE TABLE answer (asked TEXT PRIMARY KEY, text TEXT)', z.unknown())
    const queue = await cloudflare.call('POST', `${path}/queues`, {
      right: RIGHTS.queues,
      body: { queue_name: NAME },
      result: queueSchema,
    })
    const config = join(folder, 'wrangler.json')
    writeFileSync(config, JSON.stringify(probeConfig(state, database)))
    await world.wrangler(account.id, ['deploy', '--config', config])
    for (const ask of ASKED) {
      await cloudflare.call('POST', `${path}/queues/${queue.queue_id}/messages`, {
        right: RIGHTS.queues,
        body: { body: { ask }, content_type: 'json' },
        result: z.unknown(),
      })
    }
    let answers: Answer[] = []
    for (let round = 0; round < 24 && answers.length < ASKED.length; round++) {
      await world.wait()
      answers = await query(
        cloudflare,
        path,
        database.id,
        'SELECT asked, text FROM answer ORDER BY asked',
        answerSchema,
      )
    }
    world.print(
      `database: in ${database.region ?? 'an unknown region'}, jurisdiction ${database.jurisdiction ?? 'none'}`,
    )
    for (const ask of ASKED) {
      world.print(`${ask}: ${answers.find(({ asked }) => asked === ask)?.text ?? 'no answer within two minutes'}`)
    }
    world.print('docs/first-account.md says what each answer means.')
    return answers
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await remove(state, world)
  }
}

function probeConfig({ wanted }: State, { id, region }: { id: string; region: string | null }): object {
  return {
    name: NAME,
    main: resolve(import.meta.dirname, 'probe/worker.ts'),
    compatibility_date: wanted.config.compatibility_date,
    ...{ workers_dev: false, preview_urls: false, placement: placementFor(region) },
    d1_databases: [{ binding: 'DB', database_name: NAME, database_id: id }],
    queues: {
      producers: [{ binding: 'QUEUE', queue: NAME }],
      consumers: [{ queue: NAME, max_batch_size: 1, max_batch_timeout: 0, max_retries: 0 }],
    },
  }
}

/** Takes away what a probe made, also one that was stopped. A queue can be deleted once no Worker consumes it. */
async function remove({ found }: State, { cloudflare }: World): Promise<void> {
  const path = `/accounts/${found.account.id}`
  const settings = { right: RIGHTS.worker, result: z.unknown() }
  if ((await cloudflare.find(`${path}/workers/scripts/${NAME}/settings`, [10007], settings)) !== null) {
    await cloudflare.call('DELETE', `${path}/workers/scripts/${NAME}`, { ...settings, query: { force: 'true' } })
  }
  const queues = await cloudflare.call('GET', `${path}/queues`, {
    right: RIGHTS.queues,
    query: { name: NAME },
    result: z.array(queueSchema),
  })
  for (const { queue_id: id, queue_name: name } of queues) {
    if (name !== NAME) continue
    await cloudflare.call('DELETE', `${path}/queues/${id}`, { right: RIGHTS.queues, result: z.unknown() })
  }
  const database = await databaseNamed(cloudflare, path, NAME)
  if (database === null) return
  await cloudflare.call('DELETE', `${path}/d1/database/${database.id}`, { right: RIGHTS.d1, result: z.unknown() })
}
