import type { RunView } from '../api/views/run.ts'
import type { Muster, Remote } from './muster.ts'

/** What happens to the message whose delivery killed the Worker. */
export type Recovery = 'lost' | 'redelivered'

const OVER = ['succeeded', 'unchanged', 'previewed', 'held', 'rejected', 'failed']

/**
 * Imports while the Worker dies once, after the given call to storage or queue has taken effect. The queue and the
 * sweeper then finish the run. Returns null if the whole run needs fewer calls.
 */
export async function importDyingAt(
  world: Muster,
  source: string,
  remote: Remote,
  call: number,
  recovery: Recovery,
): Promise<RunView | null> {
  world.remote = remote
  const calls = world.faults.calls
  world.faults.crashAt(call, 'after')
  const id = await start(world, source)
  await recover(world, id, recovery)
  const died = world.faults.calls - calls >= call
  world.faults.restart()
  return died ? world.run(id) : null
}

/** Starts a run. Tries once more if the first attempt got no answer. */
async function start(world: Muster, source: string): Promise<string> {
  for (let attempt = 0; attempt < 2; attempt++) {
    const response = await world.request('POST', `/api/sources/${source}/runs`, {})
    if (!world.faults.dead) {
      const { id }: { id: string } = await response.json()
      return id
    }
    world.faults.restart()
  }
  throw new Error('The run could not be started')
}

/** Delivers messages, and runs the cron's tick when none are left, until the run has ended and its e-mails are sent. */
export async function recover(world: Muster, run: string, recovery: Recovery): Promise<void> {
  for (let round = 0; round < 5; round++) {
    for (let next = world.messages.shift(); next !== undefined; next = world.messages.shift()) {
      await world.deliver(next.step)
      if (!world.faults.dead) continue
      world.faults.restart()
      if (recovery === 'redelivered') world.messages.unshift(next)
    }
    const { status } = await world.run(run)
    const { items } = await world.api<{ items: { status: string }[] }>('GET', '/api/notifications?limit=500')
    if (OVER.includes(status) && items.every((item) => item.status !== 'pending')) return
    await world.tick(15)
  }
  throw new Error('The run did not come to its end')
}
