import type { Muster } from './muster.ts'
import { PATIENCE } from './patience.ts'

const FINAL = ['held', 'succeeded', 'unchanged', 'previewed', 'failed', 'rejected', 'replaced', 'cancelled']
const POLL_EVERY = 50

/** Returns a run once it has ended or waits for a person. */
// biome-ignore lint/suspicious/noExplicitAny: the run as the API describes it; a wrong shape fails the test that reads it.
export async function finished(muster: Pick<Muster, 'api'>, id: string): Promise<any> {
  const until = Date.now() + PATIENCE
  for (;;) {
    const { body } = await muster.api('GET', `/api/runs/${id}`)
    if (FINAL.includes(body.status)) return body
    if (Date.now() > until) throw new Error(`The run has not ended: ${JSON.stringify(body)}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_EVERY))
  }
}
