import type { Env } from '../env.ts'
import { ACTIVE_STATUSES, findRun, type RunRow } from '../store/runs.ts'
import { runView } from './run-view.ts'
import type { RunView } from './views/run.ts'

/** How often the stream looks at the run, in milliseconds. */
const EVERY = 1000
/**
 * After how many looks the stream ends; the client then opens it again. A stream is one invocation, for which D1 allows
 * 1,000 queries, and a look takes up to three.
 */
const LOOKS = 300
/** After how many looks at the run the stream also looks whether its reader is still signed in. */
const SIGNED_IN_EVERY = 5

/**
 * Streams a run's progress as server-sent events: `progress` while it works, `status` when its status changes. The
 * stream ends with the run, after five minutes, or when `mayRead` says that its reader is no longer signed in. `shown`
 * returns what the reader may see of the run.
 */
export function runEvents(
  env: Env,
  first: RunRow,
  signal: AbortSignal,
  mayRead: () => Promise<boolean>,
  shown: (run: RunView) => RunView = (run) => run,
): Response {
  const encoder = new TextEncoder()
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const write = (text: string) => writer.write(encoder.encode(text))
  const send = (event: string, data: unknown) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  const follow = async () => {
    await write(`retry: ${EVERY}\n\n`)
    let before = ''
    let status = ''
    let looks = 0
    for (let run: RunRow | null = first; run !== null; run = await findRun(env, first.id)) {
      const view = shown(await runView(env, run))
      const state = JSON.stringify([view.status, view.progress])
      if (state !== before) await send('progress', view.progress)
      if (view.status !== status) await send('status', view)
      before = state
      status = view.status
      const active = (ACTIVE_STATUSES as readonly string[]).includes(view.status)
      if (!active || signal.aborted || ++looks === LOOKS) break
      await new Promise((resolve) => setTimeout(resolve, EVERY))
      if (looks % SIGNED_IN_EVERY === 0 && !(await mayRead())) break
    }
  }
  // A reader that disconnects is the ordinary end of a stream.
  follow().then(
    () => writer.close().catch(() => undefined),
    () => writer.abort().catch(() => undefined),
  )
  return new Response(readable, { headers: { 'Content-Type': 'text/event-stream' } })
}
