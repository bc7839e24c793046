import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'
import { heapUsage, openDevTools } from '../dev-tools.ts'

const targetsSchema = z.array(z.object({ id: z.string() }))
/** How long an isolate that rests is waited for, in milliseconds. */
const RESTS = 2000

/**
 * Lets every isolate of a runtime collect its garbage, and returns what is left in all of them together, in bytes: the
 * Worker's, and those of the stand-ins for D1, R2, queues and mail. An isolate collects only when it next has something to
 * do, so `work` must reach those that matter. What it leaves behind counts.
 */
export async function liveMemoryOfAll(port: number, work: () => Promise<void>): Promise<number> {
  const targets = targetsSchema.parse(await (await fetch(`http://127.0.0.1:${port}/json`)).json())
  // A service of Node has an entry too, and no isolate. Its name has a sign that no address may have.
  const isolates = targets.filter(({ id }) => !id.includes('#'))
  const all = await Promise.all(isolates.map(({ id }) => openDevTools(`ws://127.0.0.1:${port}/${id}`)))
  const collected = Promise.all(all.map(({ send }) => send('HeapProfiler.collectGarbage')))
  await work()
  await Promise.race([collected, wait(RESTS)])
  let live = 0
  for (const tools of all) {
    live += await heapUsage(tools)
    tools.close()
  }
  return live
}
